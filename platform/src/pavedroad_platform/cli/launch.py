"""``pavedroad launch``: launch a product."""

from collections.abc import Mapping
from pathlib import Path

import click

from pavedroad_platform.cli import launching
from pavedroad_platform.errors import PlatformError
from pavedroad_platform.launching import operations, prompts, values
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.form import Form, read_form
from pavedroad_platform.launching.offers import find_offer
from pavedroad_platform.launching.standing import find_standing


@click.command()
@click.argument("product")
@click.argument("name")
@click.option("--version", help="The version. Left out: the newest that is not deprecated.")
@launching.settings
@launching.tags
@launching.values_file
@launching.portfolio
@launching.yes
@launching.as_json
@launching.team_command
def command(
    clients: Clients,
    *,
    product: str,
    name: str,
    version: str | None,
    settings: tuple[str, ...],
    tags: tuple[str, ...],
    file: Path | None,
    portfolio: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Launch PRODUCT under NAME, which you choose.

    What is not given is asked on a terminal, or takes the form's default. A repeated command launches nothing twice.
    """
    given, chosen_tags = launching.gathered(settings, tags, file)
    offer = find_offer(clients.catalog, product)
    chosen = offer.version(version)
    path = offer.path(portfolio)
    standing = find_standing(clients, name)
    operations.refuse_name_in_use(standing, offer, chosen)
    if standing is None:
        offer.refuse_deprecated(chosen)
    form = read_form(clients, offer, chosen, path)
    if launching.is_interactive() and not yes:
        prompts.ask(form, given, chosen_tags)
    problems = values.name_problems(name) + values.problems_of(form, given, chosen_tags)
    if problems:
        raise PlatformError(*problems)
    _print_plan(form, given, chosen_tags, f"Launch {product} {chosen.name} as {name}: {launching.where(clients)}")
    launching.confirm("Launch it?", yes=yes)
    order = operations.Order(offer=offer, version=chosen, path=path, name=name, values=given, tags=chosen_tags)
    with launching.shown_events(name) as show:
        outcome = operations.launch(clients, order, show)
    launching.print_outcome(outcome, as_json=as_json)


def _print_plan(form: Form, given: Mapping[str, str], tags: Mapping[str, str], title: str) -> None:
    out = launching.console()
    out.print(title, soft_wrap=True)
    rows = [
        (field.label, name, "***" if field.is_secret else given.get(name, field.default or ""), _source(name, given))
        for name, field in form.fields.items()
    ]
    rows += [("Tag", key, value, "given") for key, value in tags.items()]
    launching.print_rows(("", "Name", "Value", "From"), rows, out=out)


def _source(name: str, given: Mapping[str, str]) -> str:
    return "given" if name in given else "default"
