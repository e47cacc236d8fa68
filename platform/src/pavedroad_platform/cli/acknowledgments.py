"""``pavedroad acknowledgments``: the findings that were acknowledged, with reasons, counted."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pavedroad_platform.errors import PlatformError, Problem

if TYPE_CHECKING:
    from pavedroad_platform.checks.acknowledged import AcknowledgedFinding


@click.command(name="acknowledgments")
@click.option("--assembly", type=click.Path(path_type=Path), default=Path("cdk.out"), help="The synthesised app.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the list to this Markdown file.")
@click.option("--check", is_flag=True, help="Write nothing; fail when the file is not what would be written.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(assembly: Path, output: Path | None, check: bool, as_json: bool) -> None:  # noqa: FBT001 - click's keywords
    """List the acknowledged findings of the synthesised app and of the products, with their reasons."""
    from pavedroad_platform.checks.acknowledged import acknowledged_findings, markdown, places
    from pavedroad_platform.checks.templates import all_templates

    rows = acknowledged_findings(all_templates(assembly))
    if output:
        _write(output, markdown(rows), check=check)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=2))
        return
    if not output:
        _print_table(rows)
    click.echo(f"{len(rows)} reasons, acknowledged in {places(rows)} places")


def _write(output: Path, page: str, *, check: bool) -> None:
    if check and (not output.exists() or output.read_text() != page):
        fix = f"run: pavedroad acknowledgments --output {output}"
        raise PlatformError(Problem(file=output, cause="it does not list what is acknowledged now", fix=fix))
    if not check:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page)


def _print_table(rows: "list[AcknowledgedFinding]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(show_lines=True)
    for heading in ("Findings", "Reason", "Where"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row("\n".join(row.finding), row.reason, "\n".join(row.paths))
    Console().print(table)
