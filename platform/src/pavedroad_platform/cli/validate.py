"""``pavedroad validate``: every problem of the configuration at once, without credentials and network."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.table import Table

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.guardrails.service_control import service_control_policy
from pavedroad_platform.organization import Organization, load_organization
from pavedroad_platform.organization.suggestions import listed

DIRECTORY: Final = Path("platform/organization")
"""Where the configuration is, from the root of the repository."""


@click.command(name="validate")
@click.option("--directory", type=click.Path(path_type=Path), default=DIRECTORY, show_default=True, help="The files.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def command(*, directory: Path, as_json: bool) -> None:
    """Check the organisation's configuration; needs no credentials and no network."""
    organization = load_organization(directory)
    if problems := _policies_beyond_quota(organization):
        raise PlatformError(*problems)
    contents = _contents(organization)
    if as_json:
        summary = {name: list(keys) for name, keys in contents.items()}
        click.echo(json.dumps({"problems": [], "organization": organization.name, **summary}, indent=2))
    else:
        Console().print(_table(organization.name, contents))


def _policies_beyond_quota(organization: Organization) -> list[Problem]:
    problems: list[Problem] = []
    for name in organization.service_control_policies:
        try:
            service_control_policy(name, organization)
        except PlatformError as error:
            problems += error.problems
    return problems


def _contents(organization: Organization) -> dict[str, Collection[str]]:
    return {
        "accounts": organization.accounts.keys(),
        "organizational units": organization.organizational_units.keys(),
        "teams": organization.teams.keys(),
        "roles": organization.access.roles.keys(),
        "networks": organization.networks.keys(),
        "portfolios": organization.catalog.portfolios.keys(),
        "products": organization.catalog.products.keys(),
        "budgets": organization.budgets.keys(),
    }


def _table(name: str, contents: dict[str, Collection[str]]) -> Table:
    table = Table(title=f"The organisation {name} is valid", title_justify="left")
    table.add_column("what")
    table.add_column("how many", justify="right")
    table.add_column("keys")
    for what, keys in contents.items():
        table.add_row(what, str(len(keys)), listed(list(keys)))
    return table
