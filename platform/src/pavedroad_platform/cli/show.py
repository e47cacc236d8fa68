"""``pavedroad show``: the form of a product."""

import click

from pavedroad_platform.cli.launching import as_json, portfolio, print_json, team_command
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.form import Field, Form, read_form
from pavedroad_platform.launching.offers import find_offer


@click.command()
@click.argument("product")
@click.option("--version", help="The version. Left out: the newest that is not deprecated.")
@portfolio
@as_json
@team_command
def command(clients: Clients, *, product: str, version: str | None, portfolio: str | None, as_json: bool) -> None:
    """Show the form of PRODUCT: what it asks for, what it checks, and what it hands out."""
    offer = find_offer(clients.catalog, product)
    chosen = offer.version(version)
    form = read_form(clients, offer, chosen, offer.path(portfolio))
    if as_json:
        print_json({"product": offer.name, "version": chosen.name} | _as_json(form))
        return
    click.echo(f"{offer.name} {chosen.name}{' (deprecated)' if chosen.deprecated else ''}: {offer.summary}")
    for group, names in form.groups.items():
        click.echo(f"\n{group}")
        for name in names:
            _print_field(form.fields[name])
    _print_list("Rules", [description for rule in form.rules for description in rule.descriptions])
    _print_list("Tags to choose", [f"{key}: {', '.join(values)}" for key, values in form.tags.items()])
    _print_list("Outputs", [f"{name}: {purpose}" for name, purpose in form.outputs.items()])


def _print_field(field: Field) -> None:
    default = "needs a value" if field.default is None else f"default {field.default or repr('')}"
    click.echo(f"  {field.name} ({field.label}; {field.type}; {default})\n      {field.help}")
    if field.allowed_values:
        click.echo(f"      One of {', '.join(field.allowed_values)}.")
    if field.limits:
        click.echo(f"      {', '.join(f'{name} {value}' for name, value in field.limits.items())}")


def _print_list(heading: str, lines: list[str]) -> None:
    if lines:
        click.echo("\n  ".join([f"\n{heading}", *lines]))


def _as_json(form: Form) -> dict[str, object]:
    return {
        "groups": form.groups,
        "parameters": {
            name: {
                "label": field.label,
                "help": field.help,
                "type": field.type,
                "default": field.default,
                "allowed_values": list(field.allowed_values),
                "limits": dict(field.limits),
            }
            for name, field in form.fields.items()
        },
        "rules": [description for rule in form.rules for description in rule.descriptions],
        "tags": form.tags,
        "outputs": form.outputs,
    }
