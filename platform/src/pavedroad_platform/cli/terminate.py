"""``pavedroad terminate``: end a launch."""

import click

from pavedroad_platform.cli import launching
from pavedroad_platform.launching import operations
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.standing import require_standing


@click.command()
@click.argument("name")
@launching.yes
@launching.as_json
@launching.team_command
def command(clients: Clients, *, name: str, yes: bool, as_json: bool) -> None:
    """End NAME: its resources are deleted, except for what its product retains."""
    standing = require_standing(clients, name)
    out = launching.console()
    out.print(f"End {name}, {standing.product} {standing.version}: {launching.where(clients)}", soft_wrap=True)
    launching.confirm("End it?", yes=yes)
    with launching.shown_events(name) as show:
        outcome = operations.terminate(clients, standing, show)
    launching.print_outcome(outcome, as_json=as_json)
