"""What a rehearsal did, as a table and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pavedroad_platform.rehearsal.run import Ran

_NOTE_LENGTH = 200


def passed(ran: Sequence[Ran]) -> bool:
    """Whether every action succeeded; a rollback does not make a failure good."""
    return all(each.outcome.passed for each in ran)


def as_json(ran: Sequence[Ran], commit: str) -> dict[str, Any]:
    """The rehearsal for machines."""
    return {"commit": commit, "passed": passed(ran), "actions": [asdict(each) for each in ran]}


def print_report(console: Console, ran: Sequence[Ran], commit: str) -> None:
    """Print the table, and whether the commit would have come to production."""
    table = Table(title=f"The pipeline, rehearsed on commit {commit[:12]}", title_justify="left")
    for heading in ("Stage", "Action", "By"):
        table.add_column(heading)
    table.add_column("Time", justify="right")
    table.add_column("What it did", overflow="fold")
    for each in ran:
        mark = "[green]✔[/]" if each.outcome.passed else "[red]✘[/]"
        back = f"rolled back to {each.rolled_back_to[:12]}: " if each.rolled_back_to else ""
        table.add_row(
            each.stage,
            f"{mark} {each.action}",
            each.kind,
            f"{each.seconds:.1f} s",
            escape(f"{back}{each.outcome.note}"[:_NOTE_LENGTH]),
        )
    table.add_section()
    table.add_row("all", "", "", f"{sum(each.seconds for each in ran):.1f} s", "")
    console.print(table)
