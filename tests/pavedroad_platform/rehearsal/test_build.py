"""Build specifications, as CodeBuild runs them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.rehearsal.build import Built, collect, run_build
from pavedroad_platform.rehearsal.build_specification import Output, parse


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., tuple[Built, list[str]]]:
    """Runs a specification; how it ended, and what it printed besides the commands themselves."""

    def run(phases: Mapping[str, Any], **env: Any) -> tuple[Built, list[str]]:
        text = json.dumps({"version": "0.2", "env": {"shell": "bash", **env}, "phases": phases})
        lines: list[str] = []
        folder = tmp_path / "source"
        folder.mkdir()
        built = run_build(
            parse(text, place="Build/Make"),
            folder=folder,
            environment={"PATH": "/usr/bin:/bin"},
            log=tmp_path / "build.log",
            on_line=lines.append,
        )
        return built, [line for line in lines if not line.startswith("$ ")]

    return run


def test_what_a_phase_exports_and_where_it_ends_is_there_in_the_next(build: Callable[..., Any]) -> None:
    built, said = build(
        {
            "install": {"commands": ["export WORD='two  words'", "mkdir there && cd there"]},
            "build": {"commands": ['echo "$WORD in $(basename "$PWD")"', "export COUNT=$((40 + 2))"]},
        },
        **{"variables": {"PLAIN": 1}, "exported-variables": ["COUNT", "PLAIN", "NEVER"]},
    )
    assert said == ["two  words in there"]
    assert built == Built(failed="", exported={"COUNT": "42", "PLAIN": "1", "NEVER": ""})


def test_a_failed_command_ends_its_phase_and_the_post_build_phase_is_told(build: Callable[..., Any]) -> None:
    built, said = build(
        {
            "build": {"commands": ["false", "echo never"], "finally": ["echo finally"]},
            "post_build": {"commands": ["echo succeeding: $CODEBUILD_BUILD_SUCCEEDING"]},
        }
    )
    assert said == ["The command ended with exit code 1.", "finally", "succeeding: 0"]
    assert built.failed == "build"


def test_an_exit_in_a_command_ends_its_phase_with_that_code(build: Callable[..., Any]) -> None:
    built, said = build({"build": {"commands": ["{ echo refused; exit 3; }", "echo never"]}})
    assert said == ["refused"]
    assert built.failed == "build"


@pytest.mark.parametrize(("on_failure", "said"), [("ABORT", []), ("CONTINUE", ["built"])])
def test_nothing_comes_after_a_failed_install_unless_it_may(
    build: Callable[..., Any], on_failure: str, said: list[str]
) -> None:
    phases = {"install": {"commands": ["(exit 1)"], "on-failure": on_failure}, "build": {"commands": ["echo built"]}}
    built, printed = build(phases)
    assert printed == ["The command ended with exit code 1.", *said]
    assert built.failed == "install"


def test_an_artefact_is_the_files_that_the_patterns_name(tmp_path: Path) -> None:
    for name in ("out/a.json", "out/deep/b.json", "out/deep/c.lock", "other"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    assert collect(Output(base="out", files=["**/*"], excluded=["**/*.lock"]), tmp_path, tmp_path / "artifact") == 2
    assert {str(file.relative_to(tmp_path / "artifact")) for file in (tmp_path / "artifact").rglob("*.json")} == {
        "a.json",
        "deep/b.json",
    }


def test_what_a_rehearsal_does_not_know_is_refused_all_at_once() -> None:
    text = "version: 0.1\nenv: {secrets-manager: {}}\nphases: {build: {run-as: me}, deploy: {}}\nbatch: {}\n"
    with pytest.raises(PlatformError) as error:
        parse(text, place="Build/Make")
    assert [problem.cause for problem in error.value.problems] == [
        f"the build specification has {name}, which a rehearsal does not know"
        for name in ("phases.deploy", "batch", "env.secrets-manager", "phases.build.run-as", "version 0.1")
    ]


def test_a_specification_that_is_no_yaml_is_told() -> None:
    with pytest.raises(PlatformError, match="Build/Make: the build specification is no YAML"):
        parse("phases: [", place="Build/Make")
