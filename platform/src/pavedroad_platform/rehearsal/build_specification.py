"""A build specification of CodeBuild, as far as builds of a pipeline use it; what is not known is refused.

Source: https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pavedroad_platform.errors import PlatformError, Problem

PHASES: Final = ("install", "pre_build", "build", "post_build")
_KNOWN: Final[Mapping[str, set[str]]] = {
    "": {"version", "env", "phases", "artifacts", "cache"},
    "env": {"shell", "variables", "exported-variables"},
    "phase": {"commands", "finally", "on-failure", "runtime-versions"},
    "artifacts": {"base-directory", "files", "exclude-paths", "secondary-artifacts"},
}


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A phase.

    Attributes:
        commands: What it runs; the first that fails ends it.
        finally_commands: What it runs afterwards in any case.
        goes_on: Whether the build goes on when it fails.
    """

    commands: Sequence[str] = ()
    finally_commands: Sequence[str] = ()
    goes_on: bool = False


@dataclass(frozen=True, kw_only=True)
class Output:
    """Which files make an artefact.

    Attributes:
        base: The folder that they are in.
        files: Patterns that name them.
        excluded: Patterns that name those among them which are left out.
    """

    base: str
    files: Sequence[str]
    excluded: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class BuildSpecification:
    """What a build does.

    Attributes:
        shell: ``sh`` or ``bash``.
        variables: Plain variables.
        exported: The variables that other actions get.
        phases: The phases by name.
        runtimes: The versions of languages that it asks for.
        output: The files of the only artefact; ``None`` where it makes none.
        outputs: The files of each artefact by name, where it makes several.
    """

    shell: str
    variables: Mapping[str, str]
    exported: Sequence[str]
    phases: Mapping[str, Phase]
    runtimes: Mapping[str, str] = field(default_factory=dict)
    output: Output | None = None
    outputs: Mapping[str, Output] = field(default_factory=dict)


def parse(text: str, *, place: str) -> BuildSpecification:
    """Read a build specification.

    Args:
        text: YAML or JSON.
        place: Whose it is, for the error.

    Raises:
        PlatformError: It is no YAML, or uses what a rehearsal does not know; all of that is named.
    """
    try:
        document = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        cause = f"the build specification is no YAML: {str(error).splitlines()[0]}"
        raise PlatformError(Problem(path=place, cause=cause, fix="Mend it where the pipeline is made.")) from None
    phases, env = document.get("phases", {}), document.get("env", {})
    unknown = _unknown(document, place)
    if unknown:
        raise PlatformError(*unknown)
    artifacts = document.get("artifacts", {})
    return BuildSpecification(
        shell=env.get("shell", "sh"),
        variables={name: str(value) for name, value in env.get("variables", {}).items()},
        exported=env.get("exported-variables", []),
        phases={name: _phase(phases[name]) for name in PHASES if name in phases},
        runtimes={name: str(version) for name, version in _runtimes(phases).items()},
        output=_output(artifacts) if "files" in artifacts else None,
        outputs={name: _output(part) for name, part in artifacts.get("secondary-artifacts", {}).items()},
    )


def _unknown(document: Mapping[str, Any], place: str) -> list[Problem]:
    parts = [("", document, ""), ("env", document.get("env", {}), "env."), *_artifact_parts(document)]
    phases = document.get("phases", {})
    parts += [("phase", phases[name], f"phases.{name}.") for name in phases if name in PHASES]
    found = [f"phases.{name}" for name in phases if name not in PHASES]
    found += [f"{where}{name}" for kind, part, where in parts for name in part if name not in _KNOWN[kind]]
    if str(document.get("version")) != "0.2":
        found.append(f"version {document.get('version')}")
    return [
        Problem(
            path=place,
            cause=f"the build specification has {name}, which a rehearsal does not know",
            fix="Do without it, or teach pavedroad_platform.rehearsal what CodeBuild does with it.",
        )
        for name in found
    ]


def _artifact_parts(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any], str]]:
    artifacts = document.get("artifacts", {})
    secondary = artifacts.get("secondary-artifacts", {})
    return [
        ("artifacts", artifacts, "artifacts."),
        *(("artifacts", part, f"artifacts.secondary-artifacts.{name}.") for name, part in secondary.items()),
    ]


def _phase(phase: Mapping[str, Any]) -> Phase:
    return Phase(
        commands=phase.get("commands", []),
        finally_commands=phase.get("finally", []),
        goes_on=phase.get("on-failure") == "CONTINUE",
    )


def _runtimes(phases: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = phases.get("install", {}).get("runtime-versions", {})
    return found


def _output(part: Mapping[str, Any]) -> Output:
    files, excluded = part.get("files", []), part.get("exclude-paths", [])
    return Output(
        base=part.get("base-directory", "."),
        files=[files] if isinstance(files, str) else files,
        excluded=[excluded] if isinstance(excluded, str) else excluded,
    )
