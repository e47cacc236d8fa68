"""A rehearsal: the actions of the deployed pipeline, in their order, until one fails."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.organization.suggestions import instead_of
from pavedroad_platform.rehearsal.actions import Outcome, Surroundings, run_action
from pavedroad_platform.rehearsal.definition import Action, Stage, structure
from pavedroad_platform.rehearsal.directory import Execution


@dataclass(frozen=True, kw_only=True)
class Ran:
    """An action that ran.

    Attributes:
        stage: Its stage.
        action: Its name.
        kind: Who does it at AWS: ``CodeBuild``, ``Manual``, ...
        outcome: How it ended.
        seconds: How long it took.
        rolled_back_to: The commit whose artefacts it got, where the stage was rolled back; else empty.
    """

    stage: str
    action: str
    kind: str
    outcome: Outcome
    seconds: float
    rolled_back_to: str = ""


@dataclass(frozen=True, kw_only=True)
class Show:
    """Where the progress goes.

    Attributes:
        began: Called with the stage and action that begins.
        line: Called with each line that a build prints.
        ended: Called with each action that ended.
        said: Called with what else a person has to know.
    """

    began: Callable[[str, str], None]
    line: Callable[[str], None]
    ended: Callable[[Ran], None]
    said: Callable[[str], None]


Pipeline = Callable[[], tuple[Sequence[Stage], Surroundings]]
"""Reads the stages as they are deployed now, and what actions work with."""

Chosen = Sequence[tuple[str, Sequence[str]]]
"""The names of stages, and of the actions of each."""


def rehearse(
    pipeline: Pipeline, *, commit: str, show: Show, begin_at: str | None = None, only: str | None = None
) -> list[Ran]:
    """Run the pipeline on a commit.

    Args:
        pipeline: Read again after every stage, for the pipeline changes itself.
        commit: What is delivered.
        show: Where the progress goes.
        begin_at: The stage, or ``stage/action``, to begin with, on the artefacts of the last execution. Left out: all.
        only: The stage, or ``stage/action``, that alone runs, likewise. Left out: all.

    Returns:
        What ran. Where one failed, it is the last, or what was rolled back comes after it.

    Raises:
        PlatformError: There is no such stage or action, or an action cannot be begun.
    """
    stages, around = pipeline()
    if not begin_at and not only:
        execution = around.directory.begin(commit, structure(stages))
        return _run(pipeline, _every(stages), execution, show)
    chosen = _only(stages, only) if only else _from(stages, str(begin_at))
    execution = _last(around)
    execution.structure = structure(stages)
    return _run(pipeline, chosen, execution, show)


def roll_back(pipeline: Pipeline, *, name: str, show: Show) -> list[Ran]:
    """Run a stage on the artefacts of the execution before the last, as ``aws codepipeline rollback-stage`` does.

    Raises:
        PlatformError: There is no such stage, or no execution to go back to.
    """
    stages, around = pipeline()
    [(stage_name, _)] = _only(stages, name)
    stage = _named(stages, stage_name)
    target = _target(stage, _last(around), around)
    if target is None:
        cause = f"no execution before the last one succeeded in {name} with the pipeline as it is"
        raise PlatformError(Problem(path="--roll-back", cause=cause, fix="rehearse the commit that you want instead"))
    return _redeploy(stage, target, around, show)


def _run(pipeline: Pipeline, chosen: Chosen, execution: Execution, show: Show) -> list[Ran]:
    ran: list[Ran] = []
    for stage_name, action_names in chosen:
        stages, around = pipeline()
        if structure(stages) != execution.structure:
            show.said("The pipeline changed itself; AWS starts over with what it is now, and so does this.")
            execution.structure, execution.succeeded = structure(stages), []
            return ran + _run(pipeline, _every(stages), execution, show)
        stage = _named(stages, stage_name)
        actions = [action for action in stage.actions if action.name in action_names]
        ran += _run_stage(replace(stage, actions=actions), execution, around, show)
        if not ran[-1].outcome.passed:
            return ran + (_roll_back_after_failure(stage, execution, around, show) if stage.rolls_back else [])
        execution.succeeded = [*execution.succeeded, stage_name]
        execution.save()
    return ran


def _run_stage(stage: Stage, execution: Execution, around: Surroundings, show: Show) -> list[Ran]:
    ran: list[Ran] = []
    for action in stage.actions:
        show.began(stage.name, action.name)
        began = time.monotonic()
        outcome = run_action(action, stage.name, execution, around, show.line)
        execution.save()
        seconds = time.monotonic() - began
        ran.append(_told(stage, action, outcome, seconds, show))
        if not outcome.passed:
            break
    return ran


def _told(stage: Stage, action: Action, outcome: Outcome, seconds: float, show: Show) -> Ran:
    ran = Ran(stage=stage.name, action=action.name, kind=action.provider, outcome=outcome, seconds=seconds)
    show.ended(ran)
    return ran


def _roll_back_after_failure(stage: Stage, execution: Execution, around: Surroundings, show: Show) -> list[Ran]:
    target = _target(stage, execution, around)
    if target is None:
        show.said(f"{stage.name} is not rolled back: no earlier execution succeeded in it with the pipeline as it is.")
        return []
    return _redeploy(stage, target, around, show)


def _redeploy(stage: Stage, target: Execution, around: Surroundings, show: Show) -> list[Ran]:
    show.said(f"{stage.name} is rolled back to commit {target.commit[:12]}.")
    return [replace(ran, rolled_back_to=target.commit) for ran in _run_stage(stage, target, around, show)]


def _target(stage: Stage, execution: Execution, around: Surroundings) -> Execution | None:
    """What CodePipeline would roll back to: it refuses executions of a pipeline of another structure."""
    earlier = [
        each
        for each in around.directory.executions()
        if each.folder != execution.folder and stage.name in each.succeeded and each.structure == execution.structure
    ]
    return earlier[-1] if earlier else None


def _last(around: Surroundings) -> Execution:
    executions = around.directory.executions()
    if not executions:
        cause, fix = "there is no execution to go on with", "rehearse from the beginning first"
        raise PlatformError(Problem(path="rehearsal", cause=cause, fix=fix))
    return executions[-1]


def _every(stages: Sequence[Stage]) -> Chosen:
    return [(stage.name, [action.name for action in stage.actions]) for stage in stages]


def _named(stages: Sequence[Stage], name: str) -> Stage:
    return next(stage for stage in stages if stage.name == name)


def _from(stages: Sequence[Stage], wanted: str) -> Chosen:
    """From a stage on, or from one of its actions on."""
    stage_name, action_name = _known(stages, wanted, "--from")
    every = _every(stages)
    position = [name for name, _ in every].index(stage_name)
    actions = every[position][1]
    begin = actions.index(action_name) if action_name else 0
    return [(stage_name, actions[begin:]), *every[position + 1 :]]


def _only(stages: Sequence[Stage], wanted: str) -> Chosen:
    """One stage, or one of its actions."""
    stage_name, action_name = _known(stages, wanted, "--only")
    return [(stage_name, [action_name] if action_name else dict(_every(stages))[stage_name])]


def _known(stages: Sequence[Stage], wanted: str, option: str) -> tuple[str, str]:
    known = [
        name for stage in stages for name in (stage.name, *(f"{stage.name}/{each.name}" for each in stage.actions))
    ]
    if wanted not in known:
        cause = f"the pipeline has no {wanted}"
        raise PlatformError(Problem(path=option, cause=cause, fix=instead_of(wanted, known)))
    stage_name, _, action_name = wanted.partition("/")
    return stage_name, action_name
