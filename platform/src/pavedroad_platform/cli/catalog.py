"""``pavedroad catalog``: list products, freeze releases, and explain launch roles."""

import json
from collections.abc import Iterable
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table

from pavedroad_platform.errors import PlatformError, Problem

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


@click.group()
def command() -> None:
    """Freeze, check and list the releases of products."""


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
            "versions": Releases(product.key).lifecycle,
            "parameters": len(product.parameters),
        }
        for product in map(products.load, products.KEYS)
    ]
    if as_json:
        _print_json(rows)
        return
    table = Table("Product", "What a team gets", "Versions", "Fields")
    for row in rows:
        versions = "\n".join(f"{version} {status}" for version, status in row["versions"].items())
        table.add_row(row["product"], row["summary"], versions, str(row["parameters"]))
    Console().print(table)


@command.command()
@click.option("--check", is_flag=True, help="Write nothing; fail where a product and its releases do not agree.")
@_as_json
def freeze(*, check: bool, as_json: bool) -> None:
    """Freeze the version of every product that is not frozen yet."""
    from pavedroad_platform.catalog import freezing, products
    from pavedroad_platform.catalog.releases import Releases

    problems: list[Problem] = []
    rows: list[dict[str, str]] = []
    for product in map(products.load, products.KEYS):
        found = freezing.check(product, Releases(product.key)) if check else []
        state = "unchanged"
        if not check:
            try:
                state = "frozen" if freezing.freeze(product, Releases(product.key)) else "unchanged"
            except PlatformError as error:
                found = list(error.problems)
        problems += found
        rows.append({"product": product.key, "version": product.version, "state": "refused" if found else state})
    if problems:
        raise PlatformError(*problems)
    if as_json:
        _print_json(rows)
        return
    _print_table(("Product", "Version", "State"), (tuple(row.values()) for row in rows))


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


def _print_table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    table = Table(*(Column(heading, overflow="fold") for heading in headings))
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _print_json(content: Any) -> None:
    click.echo(json.dumps(content, indent=2))
