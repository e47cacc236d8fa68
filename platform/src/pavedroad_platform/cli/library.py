"""``pavedroad library``: record releases of the construct library, and hold its version to what changed."""

import json

import click

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


@click.group()
def command() -> None:
    """Record and compare the releases of the construct library."""


@command.command()
@_as_json
def freeze(*, as_json: bool) -> None:
    """Record the library as it is now, under the version in constructs/pyproject.toml."""
    from pavedroad_platform.library.changes import current_version
    from pavedroad_platform.library.releases import LibraryRelease

    version = current_version()
    written = LibraryRelease(version).write()
    if as_json:
        click.echo(json.dumps({"version": version, "state": "frozen" if written else "unchanged"}))
    else:
        click.echo(f"Version {version} of the library is {'frozen' if written else 'unchanged'}.")


@command.command()
@click.option("--check", is_flag=True, help="Fail where the version promises more than the changes keep.")
@_as_json
def changes(*, check: bool, as_json: bool) -> None:
    """Tell what changed since the last release, and the lowest version that may hold it."""
    from rich.console import Console
    from rich.table import Table

    from pavedroad_platform.library.changes import changes_since, check_version, current_version
    from pavedroad_platform.library.releases import last_release
    from pavedroad_platform.versions import lowest_version

    release, version = last_release(), current_version()
    found = changes_since(release)
    if check:
        check_version(release, version, found)
    lowest = lowest_version(release.version, found)
    if as_json:
        rows = [{"raises": change.step.name.lower(), "what": change.what} for change in found]
        click.echo(
            json.dumps({"since": release.version, "version": version, "lowest": lowest, "changes": rows}, indent=2)
        )
        return
    table = Table("Raises", "What changed")
    for change in found:
        table.add_row(change.step.name.lower(), change.what)
    if found:
        Console().print(table)
    click.echo(
        f"{len(found)} changes since {release.version}; this is {lowest} or later, and the version is {version}."
    )
