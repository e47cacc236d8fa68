"""``pavedroad acknowledgments``: the findings that were acknowledged, with reasons, counted."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from pavedroad_platform.checks.acknowledged import AcknowledgedFinding, acknowledged_findings
from pavedroad_platform.checks.templates import all_templates


@click.command(name="acknowledgments")
@click.option("--assembly", type=click.Path(path_type=Path), default=Path("cdk.out"), help="The synthesised app.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(assembly: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes options by keyword
    """List the acknowledged findings of the synthesised app and of the products, with their reasons."""
    rows = acknowledged_findings(all_templates(assembly))
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=2))
    else:
        _print_table(rows)


def _print_table(rows: list[AcknowledgedFinding]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Acknowledged findings", show_lines=True)
    for heading in ("Findings", "Reason", "Where"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row("\n".join(row.finding), row.reason, "\n".join(row.paths))
    Console().print(table)
    places = sum(len(row.paths) for row in rows)
    click.echo(f"{len(rows)} reasons, acknowledged in {places} places")
