"""``pavedroad status``: what is launched in the account."""

import click

from pavedroad_platform.cli.launching import as_json, print_json, print_rows, team_command
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.operations import outputs_of
from pavedroad_platform.launching.standing import everything_standing, require_standing


@click.command()
@click.argument("name", required=False)
@as_json
@team_command
def command(clients: Clients, *, name: str | None, as_json: bool) -> None:
    """Show what is launched in the account, or how NAME stands and what it hands out."""
    if name is None:
        standing = everything_standing(clients)
        if as_json:
            print_json([each.as_json() for each in standing])
        else:
            rows = [(each.name, each.product, each.version, each.status, each.message) for each in standing]
            print_rows(("Name", "Product", "Version", "Status", "Why"), rows)
        return
    found = require_standing(clients, name)
    outputs = outputs_of(clients, found) if found.status in {"AVAILABLE", "TAINTED", "PLAN_IN_PROGRESS"} else []
    if as_json:
        print_json({**found.as_json(), "outputs": [vars(output) for output in outputs]})
        return
    click.echo(f"{found.name}: {found.product} {found.version}, {found.status}")
    if found.message:
        click.echo(f"  {found.message}")
    for output in outputs:
        click.echo(f"  {output.name} = {output.value}\n      {output.purpose}".rstrip())
