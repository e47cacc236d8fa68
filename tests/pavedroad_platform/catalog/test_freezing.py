from pathlib import Path

import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.freezing import Candidate, State, freeze_all
from pavedroad_platform.catalog.product import Output
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.errors import PlatformError


def written(releases: Releases) -> dict[Path, str]:
    """Every file of the catalogue with its content."""
    return {path: path.read_text() for path in releases.directory.rglob("*") if path.is_file()}


@pytest.fixture
def releases(tmp_path) -> Releases:
    return Releases("topic", tmp_path)


@pytest.fixture
def check(releases):
    """What a check of the product tells, as causes."""
    return lambda product: [problem.cause for problem in Candidate(product, releases).check()]


@pytest.fixture
def freeze(releases):
    """Freeze the product; what was done with it."""

    def frozen(product) -> State:
        [state] = freeze_all([Candidate(product, releases)])
        return state

    return frozen


@pytest.fixture
def reworded(topic_product):
    """The product with another description of its output: a patch."""
    return lambda **attributes: topic_product(
        outputs=(Output(name="TopicArn", purpose="Something else."),), **attributes
    )


@pytest.fixture
def formless(topic_product):
    """The product without its parameter: a major version."""

    def build(stack, _parameters):
        from aws_cdk import CfnParameter

        return topic_product().build(stack, {"DisplayName": CfnParameter(stack, "Hidden", default="Orders")})

    return lambda **attributes: topic_product(parameters=(), build=build, **attributes)


def test_a_version_is_frozen_once(check, freeze, topic_product) -> None:
    assert check(topic_product()) == ["Version 1.0.0 of topic is not frozen."]
    assert freeze(topic_product()) is State.FROZEN
    assert freeze(topic_product()) is State.UNCHANGED
    assert check(topic_product()) == []


def test_a_product_that_changed_keeps_no_version(releases, check, freeze, topic_product, reworded) -> None:
    freeze(topic_product())
    before = written(releases)
    expected = "The product topic changed since 1.0.0 was frozen: output TopicArn has another description."
    assert check(reworded()) == [expected]
    with pytest.raises(PlatformError) as refused:
        freeze(reworded())
    [problem] = refused.value.problems
    assert problem.cause == expected
    assert problem.fix == "Raise its version to 1.0.1 and run 'pavedroad catalog freeze', or take the change back."
    assert written(releases) == before


def test_a_changed_product_is_frozen_under_a_new_version(releases, check, freeze, topic_product, reworded) -> None:
    freeze(topic_product())
    assert freeze(reworded(version="1.0.1")) is State.FROZEN
    assert releases.offered == ["1.0.0", "1.0.1"]
    assert check(reworded(version="1.0.1")) == []


@pytest.mark.parametrize("version", ["1.0.1", "1.7.0"])
def test_a_version_that_promises_too_much_is_refused_and_leaves_no_trace(
    version, releases, freeze, topic_product, formless
) -> None:
    freeze(topic_product())
    before = written(releases)
    with pytest.raises(PlatformError) as refused:
        freeze(formless(version=version))
    [problem] = refused.value.problems
    expected = f"topic: parameter DisplayName is gone: this is 2.0.0; {version} is not enough after 1.0.0."
    assert problem.cause == expected
    assert problem.fix == "Give the product the version 2.0.0, or take the change back."
    checked = Candidate(formless(version=version), releases).check()
    assert [it.cause for it in checked] == [f"Version {version} of topic is not frozen.", expected]
    assert written(releases) == before


def test_a_version_that_is_high_enough_is_frozen_and_told(releases, check, freeze, topic_product, formless) -> None:
    freeze(topic_product())
    assert freeze(formless(version="2.0.0")) is State.FROZEN
    assert check(formless(version="2.0.0")) == []
    told = releases.changelog.read_text()
    assert told.index("## 2.0.0") < told.index("## 1.0.0")
    assert "- Parameter DisplayName is gone. Leave DisplayName out when you upgrade." in told


def test_a_release_that_was_frozen_too_low_by_hand_is_noticed(releases, topic_product, freeze, formless) -> None:
    freeze(topic_product())
    low = Candidate(formless(version="1.0.1"), releases)
    releases.add("1.0.1", low.text)
    [problem] = low.check()
    assert problem.cause.startswith("topic: parameter DisplayName is gone: this is 2.0.0; 1.0.1 is not enough")
    assert problem.fix == "Give the product the version 2.0.0 and set 1.0.1 to deprecated in lifecycle.yaml."


def test_of_several_products_all_are_frozen_or_none(releases, freeze, topic_product, reworded) -> None:
    freeze(topic_product())
    before = written(releases)
    new = Candidate(topic_product(key="another"), Releases("another", releases.directory))
    with pytest.raises(PlatformError, match="changed since"):
        freeze_all([new, Candidate(reworded(), releases)])
    assert written(releases) == before
    assert freeze_all([new, Candidate(topic_product(), releases)]) == [State.FROZEN, State.UNCHANGED]


def test_a_changelog_that_is_not_current_is_noticed_and_written_again(releases, check, freeze, topic_product) -> None:
    freeze(topic_product())
    told = releases.changelog.read_text()
    for spoil in (lambda: releases.changelog.write_text(told + "By hand.\n"), releases.changelog.unlink):
        spoil()
        assert check(topic_product()) == ["The changelog of topic does not tell what its releases changed."]
        assert freeze(topic_product()) is State.CHANGELOG
        assert releases.changelog.read_text() == told


def test_a_version_does_not_go_back(releases, freeze, topic_product) -> None:
    freeze(topic_product(version="1.10.0"))
    (problem,) = (p for p in Candidate(topic_product(version="1.9.0"), releases).check() if "released after" in p.cause)
    assert problem.cause == "The product topic says version 1.9.0, but 1.10.0 was released after it."
    assert problem.fix == "Give it a version above 1.10.0."


def test_an_edited_release_is_told_as_such_and_not_as_a_change(releases, check, freeze, topic_product) -> None:
    freeze(topic_product())
    releases.path("1.0.0").write_text(releases.text("1.0.0").replace("Orders", "Others"))
    assert check(topic_product()) == ["The frozen template of topic 1.0.0 was edited; teams run what it was before."]
    with pytest.raises(PlatformError, match="was edited"):
        freeze(topic_product(version="1.0.1"))


def test_many_changes_are_counted(check, freeze, topic_product) -> None:
    freeze(topic_product())
    outputs = tuple(Output(name=f"Arn{number}", purpose="The topic.") for number in range(6))

    def build(stack, parameters):
        built = topic_product().build(stack, parameters)
        return {output.name: built["TopicArn"] for output in outputs}

    [cause] = check(topic_product(outputs=outputs, build=build))
    assert "output TopicArn is gone; output Arn0 is new; " in cause
    assert cause.endswith("; and 2 more.")


@pytest.mark.parametrize("key", products.KEYS)
def test_every_product_renders_as_it_was_released_and_its_changelog_says_so(key) -> None:
    assert Candidate(products.load(key), Releases(key)).check() == []
