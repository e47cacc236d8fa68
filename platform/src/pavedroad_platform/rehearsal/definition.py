"""The pipeline as its template has it: stages, actions in their order, and what each CodeBuild project runs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pavedroad_platform.errors import PlatformError, Problem


@dataclass(frozen=True, kw_only=True)
class Project:
    """A CodeBuild project.

    Attributes:
        build_spec: Its build specification, as the template has it.
        environment: Its plain variables, as the template has them.
        role: The role of its builds, as the template has it.
    """

    build_spec: Any
    environment: Mapping[str, Any]
    role: Any


@dataclass(frozen=True, kw_only=True)
class Action:
    """An action of a stage.

    Attributes:
        name: Its name.
        category: ``Source``, ``Build``, ``Test``, ``Approval``, ...
        provider: ``CodeBuild``, ``Manual``, ...
        configuration: Its settings, as the template has them.
        inputs: The artefacts that it gets, the one that it runs in first.
        outputs: The artefacts that it makes.
        namespace: What others call its variables by; empty where it has none.
        project: What a CodeBuild action runs; ``None`` for any other.
    """

    name: str
    category: str
    provider: str
    configuration: Mapping[str, Any]
    inputs: Sequence[str]
    outputs: Sequence[str]
    namespace: str
    project: Project | None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stage.

    Attributes:
        name: Its name.
        actions: Its actions, in the order in which they run.
        rolls_back: Whether a failure brings back what the last successful execution had.
    """

    name: str
    actions: Sequence[Action]
    rolls_back: bool


def stages_in(template: Mapping[str, Any]) -> list[Stage]:
    """The stages of the one pipeline in a template.

    Raises:
        PlatformError: It has none, or several.
    """
    resources = template["Resources"]
    found = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::CodePipeline::Pipeline"]
    if len(found) != 1:
        cause = f"the template has {len(found) or 'no'} pipelines, and one can be rehearsed"
        raise PlatformError(Problem(cause=cause, fix="Rehearse a stack that has one pipeline."))
    return [
        Stage(
            name=stage["Name"],
            actions=[_action(each, resources) for each in sorted(stage["Actions"], key=_run_order)],
            rolls_back=stage.get("OnFailure", {}).get("Result") == "ROLLBACK",
        )
        for stage in found[0]["Stages"]
    ]


def _run_order(action: Mapping[str, Any]) -> int:
    return int(action.get("RunOrder", 1))


def _action(action: Mapping[str, Any], resources: Mapping[str, Any]) -> Action:
    configuration, kind = action.get("Configuration", {}), action["ActionTypeId"]
    inputs = [each["Name"] for each in action.get("InputArtifacts", ())]
    primary = configuration.get("PrimarySource")
    return Action(
        name=action["Name"],
        category=kind["Category"],
        provider=kind["Provider"],
        configuration=configuration,
        inputs=sorted(inputs, key=lambda name: name != primary),
        outputs=[each["Name"] for each in action.get("OutputArtifacts", ())],
        namespace=action.get("Namespace", ""),
        project=_project(resources[configuration["ProjectName"]["Ref"]]) if kind["Provider"] == "CodeBuild" else None,
    )


def _project(resource: Mapping[str, Any]) -> Project:
    properties = resource["Properties"]
    variables = properties["Environment"].get("EnvironmentVariables", ())
    secret = [each["Name"] for each in variables if each.get("Type", "PLAINTEXT") != "PLAINTEXT"]
    if secret:
        cause = f"the variables {', '.join(secret)} come from a store of secrets, which a rehearsal does not read"
        raise PlatformError(Problem(cause=cause, fix="Let the build read the secret itself, with its role."))
    return Project(
        build_spec=properties["Source"]["BuildSpec"],
        environment={each["Name"]: each["Value"] for each in variables},
        role=properties["ServiceRole"],
    )


def structure(stages: Sequence[Stage]) -> str:
    """A text that is another when the pipeline itself is: its stages, actions and their settings, not the projects."""
    plain = [replace(stage, actions=[replace(each, project=None) for each in stage.actions]) for stage in stages]
    return json.dumps(plain, default=vars, sort_keys=True)
