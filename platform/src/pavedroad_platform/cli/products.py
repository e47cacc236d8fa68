"""``pavedroad products``: what the caller may launch."""

import click

from pavedroad_platform.cli.launching import as_json, print_json, print_rows, team_command
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.offers import offers


@click.command()
@as_json
@team_command
def command(clients: Clients, *, as_json: bool) -> None:
    """List the products that you may launch, with their versions."""
    found = offers(clients.catalog)
    if as_json:
        print_json(
            [
                {
                    "product": offer.name,
                    "summary": offer.summary,
                    "owner": offer.owner,
                    "portfolios": list(offer.paths),
                    "versions": {each.name: "deprecated" if each.deprecated else "active" for each in offer.versions},
                }
                for offer in found
            ]
        )
        return
    rows = [
        (
            offer.name,
            offer.summary,
            "\n".join(f"{each.name} {'deprecated' if each.deprecated else 'active'}" for each in offer.versions),
        )
        for offer in found
    ]
    print_rows(("Product", "What you get", "Versions"), rows)
