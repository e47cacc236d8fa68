"""A whole rehearsal of a small pipeline."""

from collections.abc import Sequence
from typing import Any

import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.rehearsal.report import as_json, passed
from pavedroad_platform.rehearsal.run import Ran, rehearse, roll_back

EVERY = ["Source/Get", "Build/Make", "Approve/Ask", "Production/Deploy"]


def actions(ran: Sequence[Ran]) -> list[str]:
    return [f"{each.stage}/{each.action}{'' if each.outcome.passed else ' failed'}" for each in ran]


def deployed(lines: Sequence[str]) -> list[str]:
    return [line.rpartition(": ")[2] for line in lines if line.startswith("made-Topic")]


def test_every_action_runs_in_its_order_on_the_commit_and_hands_its_work_on(words) -> None:
    ran = rehearse(words.pipeline(), commit=words.head, show=words.show)
    assert actions(ran) == EVERY
    assert "asked: Change 2 words?" in ran[2].outcome.note
    # Nothing of the working tree is in it; the topic and the role are those that were deployed.
    [said] = [line for line in words.lines if line.endswith(": ONE")]
    assert said.startswith("made-Topic")
    assert " arn:aws:iam::555555555555:role/made-DeployProjectRole" in said
    assert "as AWSCodeBuild-Deploy" in said
    assert as_json(ran, words.head)["passed"] is True


def test_a_failure_stops_it_and_what_was_printed_is_shown(words) -> None:
    ran = rehearse(words.pipeline(), commit=words.commit(words="two", broken="yes"), show=words.show)
    assert actions(ran) == [*EVERY[:3], "Production/Deploy failed"]
    assert "the phase build failed" in ran[-1].outcome.note
    assert "The command ended with exit code 1.\n$ echo finally\nfinally\n" in ran[-1].outcome.said
    assert ran[-1].outcome.said.endswith("\ntold")
    assert not passed(ran)
    assert words.told == [
        "Production is not rolled back: no earlier execution succeeded in it with the pipeline as it is."
    ]


def test_a_failed_production_gets_back_what_the_execution_before_it_deployed(words) -> None:
    rehearse(words.pipeline(), commit=(good := words.head), show=words.show)
    ran = rehearse(words.pipeline(), commit=words.commit(words="two", broken="yes"), show=words.show)
    assert actions(ran) == [*EVERY[:3], "Production/Deploy failed", "Production/Deploy"]
    assert ran[-1].rolled_back_to == good
    assert deployed(words.lines) == ["ONE", "TWO", "ONE"]
    assert not passed(ran)


def test_a_stage_is_rolled_back_when_somebody_asks(words) -> None:
    rehearse(words.pipeline(), commit=(first := words.head), show=words.show)
    rehearse(words.pipeline(), commit=words.commit(words="two"), show=words.show)
    ran = roll_back(words.pipeline(), name="Production", show=words.show)
    assert actions(ran) == ["Production/Deploy"]
    assert ran[0].rolled_back_to == first
    assert deployed(words.lines) == ["ONE", "TWO", "ONE"]


def test_nothing_is_rolled_back_to_a_pipeline_of_another_structure(words, changed) -> None:
    rehearse(words.pipeline(), commit=words.head, show=words.show)
    rehearse(words.pipeline(changed), commit=words.head, show=words.show)
    with pytest.raises(PlatformError, match="no execution before the last one succeeded in Production"):
        roll_back(words.pipeline(changed), name="Production", show=words.show)


def test_it_goes_on_from_where_it_failed_with_what_was_made(words) -> None:
    rehearse(words.pipeline(), commit=words.head, show=words.show)
    assert actions(rehearse(words.pipeline(), commit="", show=words.show, begin_at="Approve/Ask")) == EVERY[2:]
    assert actions(rehearse(words.pipeline(), commit="", show=words.show, only="Build")) == EVERY[1:2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"begin_at": "Producton"}, "--from: the pipeline has no Producton\n    Did you mean Production?"),
        ({"only": "Build/Mkae"}, "--only: the pipeline has no Build/Mkae\n    Did you mean Build/Make?"),
        ({"only": "Build"}, "there is no execution to go on with"),
    ],
)
def test_what_there_is_not_is_told(words, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(PlatformError) as error:
        rehearse(words.pipeline(), commit="", show=words.show, **arguments)
    assert message in str(error.value)


def test_a_pipeline_that_changes_itself_starts_over_with_what_it_is_then(words, changed) -> None:
    # Read once at the beginning and once before each stage: it has changed when Approve is to begin.
    reading = words.pipeline(*[words.template] * 3, changed)
    ran = rehearse(reading, commit=words.head, show=words.show)
    again = ["Source/Get", "Build/Make", "Approve/AskAgain", "Production/Deploy"]
    assert actions(ran) == [*EVERY[:2], *again]
    assert words.told == ["The pipeline changed itself; AWS starts over with what it is now, and so does this."]
