"""``pavedroad check``: every static check, each told as it ends."""

import json
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from pavedroad_platform.checks.commands import COMMANDS, Ran, run_command
from pavedroad_platform.checks.gate import Outcome, run_checks

_ASSEMBLY = Path("cdk.out")


@click.command(name="check")
@click.option("--templates-only", is_flag=True, help="Only the checks of finished templates, on cdk.out as it is.")
@click.option("--only", multiple=True, help="With --templates-only: this template, such as library-SecureBucket.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(context: click.Context, *, templates_only: bool, only: tuple[str, ...], as_json: bool) -> None:
    """Run every static check: source, types, imports, configuration, releases, synthesis and finished templates."""
    if only and not templates_only:
        raise click.UsageError("--only chooses among templates: give it with --templates-only.")
    console = Console(stderr=as_json)
    ran: list[Ran] = []
    outcomes: list[Outcome] = []
    with ThreadPoolExecutor(2) as pool:
        futures = {} if templates_only else {pool.submit(run_command, name, Path.cwd()): name for name in COMMANDS}
        synthesis = next(iter(futures), None)
        if synthesis is None or synthesis.result().passed:
            outcomes = _check_templates(console, only)
        for future in as_completed(futures):
            ran.append(future.result())
            _tell_command(console, future.result())
    if as_json:
        click.echo(json.dumps(_as_json(ran, outcomes), indent=2))
    failed = [each.name for each in ran if not each.passed] + [each.check for each in outcomes if each.unanswered]
    if failed:
        console.print(f"\n[bold red]{len(failed)} of {len(ran) + len(outcomes)} checks failed:[/] {', '.join(failed)}")
        context.exit(1)
    acknowledged = sum(len(outcome.answered) for outcome in outcomes)
    console.print(
        f"\n[bold green]All {len(ran) + len(outcomes)} checks passed[/]; {acknowledged} findings are acknowledged"
        " (pavedroad acknowledgments lists them)"
    )


def _check_templates(console: Console, only: tuple[str, ...]) -> list[Outcome]:
    from pavedroad_platform.checks.suite import template_checks
    from pavedroad_platform.checks.templates import chosen_templates

    templates = chosen_templates(_ASSEMBLY, only)
    return run_checks(template_checks(), templates, lambda outcome: _tell_outcome(console, outcome))


def _tell_command(console: Console, ran: Ran) -> None:
    console.print(f"{_mark(ran.passed)} {ran.name:<26} {'':<34} {ran.seconds:6.1f} s")
    if not ran.passed:
        console.print(ran.said, markup=False, highlight=False, soft_wrap=True)


def _tell_outcome(console: Console, outcome: Outcome) -> None:
    counts = f"{len(outcome.unanswered)} findings, {len(outcome.answered)} acknowledged"
    console.print(f"{_mark(not outcome.unanswered)} {outcome.check:<26} {counts:<34} {outcome.seconds:6.1f} s")
    for finding in outcome.unanswered:
        place = f"{finding.template}/{finding.resource or ''}"
        console.print(f"    {finding.rule} {place}: {finding.message}", markup=False, highlight=False, soft_wrap=True)


def _mark(passed: bool) -> str:  # noqa: FBT001
    return "[green]✔[/]" if passed else "[red]✘[/]"


def _as_json(ran: list[Ran], outcomes: list[Outcome]) -> dict[str, Any]:
    return {
        "commands": [vars(each) for each in ran],
        "templates": [
            {
                "check": outcome.check,
                "seconds": outcome.seconds,
                "findings": [vars(finding) for finding in outcome.unanswered],
                "acknowledged": [
                    vars(finding) | {"reason": acknowledgment.reason, "path": acknowledgment.path}
                    for finding, acknowledgment in outcome.answered
                ],
            }
            for outcome in outcomes
        ],
    }
