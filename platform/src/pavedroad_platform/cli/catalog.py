"""``pavedroad catalog``: new products; list, compare, check and freeze their releases; explain launch roles."""

import json
from collections.abc import Iterable
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from pavedroad_platform.cli import announce, prove, reconcile
from pavedroad_platform.errors import PlatformError, Problem

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


@click.group()
def command() -> None:
    """Make products; list, compare, check and freeze their releases; prove them and bring them to their states."""


@command.command("list")
@_as_json
def list_products(*, as_json: bool) -> None:
    """List the products with their versions and what may be done with each."""
    from pavedroad_platform.catalog import products
    from pavedroad_platform.catalog.releases import Releases

    rows: list[dict[str, Any]] = [
        {
            "product": product.key,
            "summary": product.summary,
            "newest": releases.newest,
            "versions": releases.lifecycle,
            "parameters": len(product.parameters),
        }
        for product, releases in ((product, Releases(product.key)) for product in map(products.load, products.KEYS))
    ]
    if as_json:
        _print_json(rows)
        return
    table = Table("Product", "What a team gets", "Newest", "Versions", "Fields")
    for row in rows:
        versions = "\n".join(f"{version} {status}" for version, status in reversed(row["versions"].items()))
        table.add_row(row["product"], row["summary"], row["newest"] or "none", versions, str(row["parameters"]))
    Console().print(table)


@command.command()
@click.option("--check", is_flag=True, help="Write nothing; fail where a product and its releases do not agree.")
@_as_json
def freeze(*, check: bool, as_json: bool) -> None:
    """Freeze the version of every product that is not frozen yet, and write its changelog; or none of them."""
    from pavedroad_platform.catalog import products
    from pavedroad_platform.catalog.freezing import Candidate, State, freeze_all
    from pavedroad_platform.catalog.releases import Releases

    candidates = [Candidate(product, Releases(product.key)) for product in map(products.load, products.KEYS)]
    if check:
        problems = [problem for candidate in candidates for problem in candidate.check()]
        if problems:
            raise PlatformError(*problems)
        states = [State.UNCHANGED for _ in candidates]
    else:
        states = freeze_all(candidates)
    _warn(warning for candidate in candidates for warning in candidate.releases.warnings())
    rows = [
        {"product": candidate.product.key, "version": candidate.product.version, "state": str(state)}
        for candidate, state in zip(candidates, states, strict=True)
    ]
    if as_json:
        _print_json(rows)
        return
    _print_table(("Product", "Version", "State"), (tuple(row.values()) for row in rows))


@command.command("new")
@click.argument("key")
@click.option("--construct", required=True, help="What it is made of, such as SecureBucket.")
@click.option("--title", help="Its name as people say it. Left out: the words of the key.")
@click.option("--portfolio", help="The key of the portfolio that offers it. Left out: none does yet.")
@_as_json
def new(*, key: str, construct: str, title: str | None, portfolio: str | None, as_json: bool) -> None:
    """Write the product KEY, made of one construct: module, test and place in catalog.yaml; or nothing of it.

    It works as it is: a field of its form is each argument of the construct that a value at launch can decide.
    """
    from pavedroad_platform.catalog.scaffolding.new_product import new_product, next_steps

    made = new_product(key, construct, title=title, portfolio=portfolio)
    steps = next_steps(key, made, portfolio)
    if as_json:
        files = [str(file) for file in made.files]
        _print_json({"files": files, "fields": made.fields, "left_out": made.left_out, "next": steps})
        return
    rows = [(name, "a field of the form") for name in made.fields]
    rows += [(name, f"decided in the module: {why}") for name, why in made.left_out.items()]
    _print_table(("Field or argument", "What becomes of it"), rows)
    for file in made.files:
        click.echo(f"written: {file}")
    click.echo("\nNext:")
    for number, step in enumerate(steps, start=1):
        click.echo(f"{number}. {step}")


@command.command()
@click.argument("product")
@click.option("--from", "before", metavar="VERSION", help="The version to compare with. Left out: the one before.")
@click.option("--to", "after", metavar="VERSION", help="The version to compare. Left out: the product as it is now.")
@_as_json
def diff(*, product: str, before: str | None, after: str | None, as_json: bool) -> None:
    """Tell what changed in PRODUCT, what a team has to do about it, and the lowest version that may hold it."""
    from pavedroad_platform.catalog import products
    from pavedroad_platform.catalog.comparison.difference import difference
    from pavedroad_platform.catalog.releases import Releases

    found = difference(products.load(product), Releases(product), before, after)
    rows = [
        {"raises": change.step.name.lower(), "what": change.what, "advice": change.advice} for change in found.changes
    ]
    if as_json:
        _print_json(
            {
                "product": product,
                "from": found.before,
                "to": found.after,
                "version": found.version,
                "lowest": found.lowest,
                "changes": rows,
            }
        )
        return
    if rows:
        _print_table(("Raises", "What changed", "What a team has to do"), (tuple(row.values()) for row in rows))
    click.echo(found.summary)


@command.command()
@_as_json
def check(*, as_json: bool) -> None:
    """Check the files of all releases; tell every problem of every product. Renders nothing."""
    from pavedroad_platform.catalog import products
    from pavedroad_platform.catalog.checking import catalog_problems
    from pavedroad_platform.catalog.releases import Releases

    catalog = [(product, Releases(product.key)) for product in map(products.load, products.KEYS)]
    problems = catalog_problems(catalog)
    if problems:
        raise PlatformError(*problems)
    warnings = [warning for _, releases in catalog for warning in releases.warnings()]
    versions = sum(len(releases.digests) for _, releases in catalog)
    if as_json:
        _print_json({"problems": [], "warnings": [warning.as_json() for warning in warnings], "versions": versions})
        return
    _warn(warnings)
    click.echo(f"{versions} releases of {len(catalog)} products are in order.")


@command.command()
@click.argument("product")
@_as_json
def permissions(*, product: str, as_json: bool) -> None:
    """Explain the launch role of PRODUCT: every action, and which resource needs it for what."""
    from pavedroad_platform.catalog import permissions as computed
    from pavedroad_platform.catalog import products
    from pavedroad_platform.catalog.releases import Releases

    found = computed.permissions(Releases(products.load(product).key).offered_templates())
    why: dict[str, dict[str, list[str]]] = {}
    for permission in found:
        why.setdefault(permission.action, {}).setdefault(permission.resource_type, []).append(permission.operation)
    if as_json:
        _print_json(why)
        return
    rows = (
        (action, resource_type, ", ".join(operations))
        for action, types in why.items()
        for resource_type, operations in types.items()
    )
    _print_table(("Action", "Needed by", "To"), rows)


command.add_command(prove.command, "prove")
command.add_command(reconcile.command, "reconcile")
command.add_command(announce.command, "announce")


def _warn(warnings: Iterable[Problem]) -> None:
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)


def _print_table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    table = Table(*(Column(heading, overflow="fold") for heading in headings))
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)


def _print_json(content: Any) -> None:
    click.echo(json.dumps(content, indent=2))
