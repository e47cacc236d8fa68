"""``pavedroad deployment``: what the steps of the platform's pipeline do besides deploying."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import click

from pavedroad_platform.deployment.plan import Plan, StackPlan

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(name="deployment")
def command() -> None:
    """Tell what a deployment will change, and why a step of the pipeline failed."""


@command.command()
@click.option("--app", type=_FOLDER, default=Path("cdk.out"), show_default=True, help="The synthesised app.")
@click.option("--summary", type=_FILE, help="Where to write the plan in a line. Left out: nowhere.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan(app: Path, summary: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by keyword
    """Compare every stack of the app with what is deployed: creations, replacements, deletions, widened access."""
    import boto3

    from pavedroad_platform.deployment.assembly import deployed_template, stacks_in
    from pavedroad_platform.deployment.plan import make_plan
    from pavedroad_platform.organization import load_organization

    organization = load_organization(Path("platform") / "organization")
    keys = {account.id: key for key, account in organization.accounts.items()}
    made = make_plan(stacks_in(app), lambda stack: deployed_template(stack, boto3.client), keys)
    if summary:
        summary.write_text(made.summary)
    click.echo(json.dumps(made.as_json(), indent=2) if as_json else "\n".join(_lines(made)))


@command.command()
@click.argument("step")
@click.option("--log", type=_FILE, required=True, help="What the step printed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def failure(step: str, log: Path, as_json: bool) -> None:  # noqa: FBT001
    """Send the end of the log of STEP to the pipeline's topic, which NOTIFICATION_TOPIC names."""
    import boto3

    from pavedroad_platform.deployment.failure import tell_failure

    message = tell_failure(step, log, os.environ, boto3.client("sns"))
    click.echo(json.dumps({"told": message}) if as_json else "Told the pipeline's topic why.")


def _lines(made: Plan) -> Iterator[str]:
    for stack in made.stacks:
        yield f"{stack.account}: {stack.name}"
        yield from _stack_lines(stack)
    yield made.summary


def _stack_lines(stack: StackPlan) -> Iterator[str]:
    for change in stack.changes:
        causes = f": {', '.join(change.causes)}" if change.causes else ""
        yield f"  {change.what} {change.type} {change.resource}{causes}{' - LOSES DATA' if change.loses_data else ''}"
    for widening in stack.widenings:
        yield f"  allows {widening.what} ({widening.resource})"
