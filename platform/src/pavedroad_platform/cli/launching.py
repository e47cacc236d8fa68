"""What the commands of a product team share: whose credentials, and how things are shown."""

import functools
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching.client import Clients, connect, refusals_told
from pavedroad_platform.launching.operations import Outcome
from pavedroad_platform.launching.progress import Event, Show

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON; the progress goes to standard error.")
yes = click.option("--yes", is_flag=True, help="Ask nothing.")
settings = click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter; repeatable.")
tags = click.option("--tag", "tags", multiple=True, metavar="KEY=VALUE", help="A tag; repeatable.")
portfolio = click.option("--portfolio", help="The portfolio to launch through, where several have the product.")
values_file = click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A YAML file with parameters: and tags:; --set and --tag come before it.",
)


def team_command(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the clients of the caller as its first argument, and tell refusals as problems."""

    @click.option("--profile", help="The AWS profile. Left out: AWS_PROFILE, as for the AWS CLI.")
    @click.option("--region", help="The region. Left out: the profile's.")
    @functools.wraps(function)
    def wrapped(*, profile: str | None, region: str | None, **arguments: Any) -> None:
        with refusals_told():
            function(connect(profile=profile, region=region), **arguments)

    return wrapped


def console() -> Console:
    """Where progress and questions go: standard output is for the answer."""
    made = Console(stderr=True, highlight=False)
    if not made.is_terminal:
        made.width = 160  # a log has no edge
    return made


def is_interactive() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, *, yes: bool) -> None:
    """Ask before acting.

    Raises:
        PlatformError: Nobody can be asked and nobody said --yes.
    """
    if yes:
        return
    if not is_interactive():
        cause = "nobody can be asked: this is no terminal"
        raise PlatformError(Problem(path="--yes", cause=cause, fix="Read the plan, then repeat it with --yes."))
    click.confirm(question, abort=True, err=True)


@contextmanager
def shown_events(name: str) -> Iterator[Show]:
    """Shows the events of a stack as they come; an interruption is told with what to do."""
    out = console()
    try:
        with out.status(f"{name} ..."):
            yield lambda event: _print_event(out, event)
    except KeyboardInterrupt:
        out.print(f"\nInterrupted; it goes on in AWS. Repeat the command to follow it, or: pavedroad status {name}")
        raise SystemExit(130) from None


@contextmanager
def shown_progress(what: str) -> Iterator[Callable[[str, Event], None]]:
    """Shows the events of many stacks as they come, each with the name of what it is an event of."""
    out = console()
    try:
        with out.status(f"{what} ..."):
            yield lambda name, event: _print_event(out, event, f"{name:<28} ")
    except KeyboardInterrupt:
        out.print("\nInterrupted; what runs goes on in AWS. Repeat the command: it takes up what it finds.")
        raise SystemExit(130) from None


def _print_event(out: Console, event: Event, name: str = "") -> None:
    colour = "red" if event.is_failure else "green" if event.status.endswith("_COMPLETE") else "dim"
    reason = f"  {escape(event.reason)}" if event.is_failure else ""
    moment = event.time.astimezone().strftime("%H:%M:%S")
    out.print(f"{moment} {name}[{colour}]{event.status:<28}[/] {event.type} {event.resource}{reason}", soft_wrap=True)


def print_outcome(outcome: Outcome, *, as_json: bool) -> None:
    """Print what came of an operation."""
    if as_json:
        click.echo(json.dumps(outcome.as_json(), indent=2))
        return
    click.echo(f"{outcome.name}: {outcome.product} {outcome.version}, {outcome.status}")
    for output in outcome.outputs:
        click.echo(f"  {output.name} = {output.value}\n      {output.purpose}".rstrip())


def print_rows(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, out: Console | None = None) -> None:
    """Print a table."""
    table = Table(*(Column(heading, overflow="fold") for heading in headings))
    for row in rows:
        table.add_row(*map(escape, row))
    (out or Console()).print(table)


def print_json(content: Any) -> None:
    """Print for machines."""
    click.echo(json.dumps(content, indent=2))


def where(clients: Clients) -> str:
    """The account and region, for plans and questions."""
    return f"account {clients.account}, {clients.region}"


def gathered(
    settings: tuple[str, ...], tags: tuple[str, ...], file: Path | None
) -> tuple[dict[str, str], dict[str, str]]:
    """The values and tags of the options; the options come before the file."""
    from pavedroad_platform.launching import values

    from_file: tuple[Mapping[str, str], Mapping[str, str]] = values.from_file(file) if file else ({}, {})
    parameters = {**from_file[0], **values.from_settings("--set", settings)}
    return parameters, {**from_file[1], **values.from_settings("--tag", tags)}
