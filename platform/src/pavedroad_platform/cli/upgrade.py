"""``pavedroad upgrade``: give a launch another version or other values."""

from collections.abc import Sequence
from pathlib import Path

import click

from pavedroad_platform.cli import launching
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching import operations, plan, values
from pavedroad_platform.launching.changes import Change
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.form import read_form
from pavedroad_platform.launching.offers import find_offer
from pavedroad_platform.launching.standing import Standing, require_standing


@click.command()
@click.argument("name")
@click.option("--version", help="The version. Left out: the newest that is not deprecated.")
@launching.settings
@launching.values_file
@launching.portfolio
@click.option("--allow-replacement", is_flag=True, help="Replace or delete what holds data, too.")
@launching.yes
@launching.as_json
@launching.team_command
def command(
    clients: Clients,
    *,
    name: str,
    version: str | None,
    settings: tuple[str, ...],
    file: Path | None,
    portfolio: str | None,
    allow_replacement: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Give NAME another version or other values; what is not given keeps its value.

    What would be created, changed, replaced and deleted is shown first.
    """
    given, _ = launching.gathered(settings, (), file)
    standing = _upgradable(require_standing(clients, name))
    offer = find_offer(clients.catalog, standing.product)
    chosen, path = offer.version(version), offer.path(portfolio)
    running = operations.followed_instead(standing, clients, "UPDATE_PROVISIONED_PRODUCT", chosen.id)
    if running is not None:
        with launching.shown_events(name) as show:
            outcome = operations.followed_upgrade(clients, running, standing, chosen, show)
        launching.print_outcome(outcome, as_json=as_json)
        return
    form = read_form(clients, offer, chosen, path)
    kept = operations.kept_parameters(clients, standing)
    problems = values.problems_of(form, given, None, kept=kept)
    if problems:
        raise PlatformError(*problems)
    parameters = operations.upgrade_parameters(form, given, kept)
    changes = plan.plan_upgrade(clients, standing, chosen.id, path, parameters)
    _print_changes(changes, f"Upgrade {name}, {standing.product} {standing.version} to {chosen.name}: ", clients)
    if not allow_replacement:
        plan.refuse_loss(changes)
    if not changes and chosen.id == standing.version_id:
        outcome = operations.unchanged(clients, standing)
    else:
        launching.confirm("Upgrade it?", yes=yes)
        with launching.shown_events(name) as show:
            outcome = operations.upgrade(clients, standing, version=chosen, path=path, parameters=parameters, show=show)
    launching.print_outcome(outcome, as_json=as_json)


def _upgradable(standing: Standing) -> Standing:
    if standing.status != "ERROR":
        return standing
    cause = f"it does not run: {standing.message}"
    fix = f"End it with pavedroad terminate {standing.name}, then launch it again."
    raise PlatformError(Problem(path=standing.name, cause=cause, fix=fix))


def _print_changes(changes: Sequence[Change], title: str, clients: Clients) -> None:
    out = launching.console()
    out.print(f"{title}{launching.where(clients)}", soft_wrap=True)
    if not changes:
        out.print("No resource changes.")
        return
    rows = [(change.what, change.type, change.resource, ", ".join(change.causes)) for change in changes]
    launching.print_rows(("", "Type", "Resource", "Because of"), rows, out=out)
