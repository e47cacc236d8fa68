"""``pavedroad mutations``: weakens each hardened property, one at a time, and tells which check noticed."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pavedroad_platform.checks.mutations.campaign import Verdict


@click.command(name="mutations")
@click.option("--assembly", type=click.Path(path_type=Path), default=Path("cdk.out"), help="The synthesised app.")
@click.option("--thorough", is_flag=True, help="Ask every check about every mutant, not only the first that notices.")
@click.option("--only", multiple=True, help="Only this template, such as library-SecureBucket.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the table to this Markdown file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(
    context: click.Context,
    *,
    assembly: Path,
    thorough: bool,
    only: tuple[str, ...],
    output: Path | None,
    as_json: bool,
) -> None:
    """Weaken each hardened property of the templates, one at a time; fail where no check notices."""
    from rich.console import Console

    from pavedroad_platform.checks.mutations.campaign import judge, mutants
    from pavedroad_platform.checks.mutations.report import markdown, summary
    from pavedroad_platform.checks.suite import template_checks
    from pavedroad_platform.checks.templates import chosen_templates

    console = Console(stderr=True)
    found = mutants(chosen_templates(assembly, only))
    verdicts = judge(
        found,
        template_checks(),
        thorough=thorough,
        on_check=lambda name, count: console.print(f"{name}: {count} mutants"),
    )
    if output:
        output.write_text(markdown(verdicts))
    if as_json:
        click.echo(json.dumps([_row(verdict) for verdict in verdicts], indent=2))
    survivors = [verdict for verdict in verdicts if verdict.survived]
    for verdict in survivors:
        mutant = verdict.mutant
        console.print(
            f"[red]✘[/] {mutant.origin}/{mutant.resource} ({mutant.resource_type}) {mutant.place}: {mutant.change}"
        )
    console.print(summary(verdicts).replace("**", ""))
    if survivors:
        context.exit(1)


def _row(verdict: "Verdict") -> dict[str, object]:
    mutant = verdict.mutant
    return {
        "template": mutant.origin,
        "resource": mutant.resource,
        "type": mutant.resource_type,
        "place": mutant.place,
        "change": mutant.change,
        "caught_by": list(verdict.caught_by),
        "harmless": verdict.harmless,
    }
