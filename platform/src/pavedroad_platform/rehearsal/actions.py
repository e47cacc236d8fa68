"""What each kind of action does in a rehearsal."""

import json
import re
import shutil
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.rehearsal.build import collect, run_build
from pavedroad_platform.rehearsal.build_specification import BuildSpecification, Output, parse
from pavedroad_platform.rehearsal.definition import Action
from pavedroad_platform.rehearsal.directory import Execution, RehearsalDirectory
from pavedroad_platform.rehearsal.image import build_variables
from pavedroad_platform.rehearsal.references import Deployed
from pavedroad_platform.rehearsal.source import take_source

_VARIABLE = re.compile(r"#\{([^}]+)\}")
_LAST_LINES = 30


class Account(Protocol):
    """The account that the pipeline works in."""

    def variables(self, role_arn: str, session: str) -> Mapping[str, str]:
        """The variables with which a build calls AWS as the role."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an action ended.

    Attributes:
        passed: Whether it succeeded.
        note: What it did, or what failed.
        said: The end of what a failed build printed.
    """

    passed: bool
    note: str
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What actions work with.

    Attributes:
        checkout: Where the commits are.
        directory: Where rehearsals are kept.
        pipeline: The pipeline's name.
        deployed: What the pipeline's stack made.
        account: The account that it works in.
    """

    checkout: Path
    directory: RehearsalDirectory
    pipeline: str
    deployed: Deployed
    account: Account


def run_action(
    action: Action, stage: str, execution: Execution, around: Surroundings, on_line: Callable[[str], None]
) -> Outcome:
    """Do what an action does.

    Args:
        action: The action.
        stage: Its stage.
        execution: Whose artefacts and variables it gets, and adds to.
        around: What it works with.
        on_line: Called with each line that a build prints.

    Raises:
        PlatformError: It is of a kind that a rehearsal cannot do, or cannot be begun.
    """
    match action.category, action.provider:
        case "Source", _:
            [output] = action.outputs
            shutil.rmtree(execution.artifact(output), ignore_errors=True)
            files = take_source(around.checkout, execution.commit, execution.artifact(output))
            return Outcome(passed=True, note=f"{files} files of commit {execution.commit[:12]}")
        case "Approval", _:
            asked = _filled(around.deployed.value(action.configuration.get("CustomData", "")), execution)
            return Outcome(passed=True, note=f"approved by the rehearsal, which was asked: {asked}")
        case _, "CodeBuild":
            return _run_build(action, stage, execution, around, on_line)
    raise PlatformError(
        Problem(
            path=f"{stage}/{action.name}",
            cause=f"a rehearsal cannot do what {action.category} by {action.provider} does",
            fix="Let a CodeBuild action do it, or teach pavedroad_platform.rehearsal.",
        )
    )


def _run_build(
    action: Action, stage: str, execution: Execution, around: Surroundings, on_line: Callable[[str], None]
) -> Outcome:
    place = f"{stage}/{action.name}"
    assert action.project is not None
    specification = parse(around.deployed.value(action.project.build_spec), place=place)
    scratch = execution.build(stage, action.name)
    sources = _inputs(action, execution, scratch, place)
    log = scratch / "build.log"
    environment = {
        **build_variables(around.directory, scratch),
        **around.account.variables(around.deployed.value(action.project.role), f"AWSCodeBuild-{action.name}"),
        **_codebuild_variables(action, execution, around, sources, log),
        **{name: around.deployed.value(value) for name, value in action.project.environment.items()},
        **_action_variables(action, execution, around),
    }
    built = run_build(specification, folder=sources[0], environment=environment, log=log, on_line=on_line)
    if built.failed:
        said = "\n".join(log.read_text(errors="replace").splitlines()[-_LAST_LINES:])
        return Outcome(passed=False, note=f"the phase {built.failed} failed: {log}", said=said)
    execution.variables |= {f"{action.namespace}.{name}": value for name, value in built.exported.items()}
    made = _outputs(action, specification, execution, sources[0], place)
    # What a build leaves is large, and nothing reads it any more.
    shutil.rmtree(scratch / "src")
    shutil.rmtree(scratch / "npm", ignore_errors=True)
    return Outcome(passed=True, note=", ".join(made) or _what_it_did(log))


def _inputs(action: Action, execution: Execution, scratch: Path, place: str) -> list[Path]:
    missing = [name for name in action.inputs if not execution.artifact(name).is_dir()]
    if missing:
        cause = f"the artefacts {', '.join(missing)} are not there: an earlier action has to make them"
        raise PlatformError(Problem(path=place, cause=cause, fix="rehearse from the beginning: leave --from out"))
    folders = [scratch / "src" / name for name in action.inputs]
    for name, folder in zip(action.inputs, folders, strict=True):
        shutil.copytree(execution.artifact(name), folder)
    return folders


def _codebuild_variables(
    action: Action, execution: Execution, around: Surroundings, sources: list[Path], log: Path
) -> dict[str, str]:
    build = f"{action.name}:{uuid.uuid4()}"
    place = f"{around.deployed.region}:{around.deployed.account}"
    return {
        "CODEBUILD_SRC_DIR": str(sources[0]),
        **{f"CODEBUILD_SRC_DIR_{name}": str(folder) for name, folder in zip(action.inputs, sources, strict=True)},
        "CODEBUILD_BUILD_ID": build,
        "CODEBUILD_BUILD_ARN": f"arn:aws:codebuild:{place}:build/{build}",
        "CODEBUILD_BUILD_URL": log.as_uri(),
        "CODEBUILD_INITIATOR": f"codepipeline/{around.pipeline}",
        "CODEBUILD_RESOLVED_SOURCE_VERSION": execution.commit,
    }


def _action_variables(action: Action, execution: Execution, around: Surroundings) -> dict[str, str]:
    text = around.deployed.value(action.configuration.get("EnvironmentVariables", "[]"))
    return {each["name"]: _filled(each["value"], execution) for each in json.loads(text)}


def _filled(text: str, execution: Execution) -> str:
    """The text with the variables of earlier actions; one that was never set is a mistake of the pipeline."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in execution.variables:
            cause = f"no action has set the variable {found[1]}"
            raise PlatformError(Problem(cause=cause, fix="rehearse the action that exports it first"))
        return execution.variables[found[1]]

    return _VARIABLE.sub(value, text)


def _outputs(
    action: Action, specification: BuildSpecification, execution: Execution, folder: Path, place: str
) -> list[str]:
    chosen: Mapping[str, Output] = specification.outputs
    if specification.output and len(action.outputs) == 1:
        chosen = {action.outputs[0]: specification.output}
    lacking = [name for name in action.outputs if name not in chosen]
    if lacking:
        cause = f"the build specification says nothing of the artefacts {', '.join(lacking)}"
        raise PlatformError(Problem(path=place, cause=cause, fix="Name their files under artifacts."))
    made = []
    for name in action.outputs:
        shutil.rmtree(execution.artifact(name), ignore_errors=True)
        made.append(f"{name}: {collect(chosen[name], folder, execution.artifact(name))} files")
    return made


def _what_it_did(log: Path) -> str:
    """The last line with words in it that a command printed."""
    printed = [line for line in log.read_text(errors="replace").splitlines() if line[:2] != "$ "]
    lines = [line for line in printed if any(map(str.isalnum, line))]
    return lines[-1].strip() if lines else ""
