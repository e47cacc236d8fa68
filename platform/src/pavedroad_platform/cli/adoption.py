"""``pavedroad adoption``: which team runs which product at which version, and who is behind."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pavedroad_platform.cli.launching import as_json as json_option
from pavedroad_platform.cli.launching import console, print_json, print_rows

if TYPE_CHECKING:
    from pavedroad_platform.adoption.report import Adoption, Report

_DIRECTORY: Final = Path("platform/organization")
_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_SOURCES: Final = ("auto", "config", "service-catalog")
_PRODUCTS: Final = ("Team", "Account", "Name", "Product", "Version", "Newest", "Behind", "Lifecycle", "Status")
_LIBRARY: Final = ("Team", "Account", "Resource", "Construct", "Version", "Newest", "Behind")
_BEHIND: Final = 2
"""The exit code of ``--fail-when-behind``, another than that of a failure."""


@click.command(name="adoption")
@click.option("--directory", type=click.Path(path_type=Path), default=_DIRECTORY, show_default=True, help="The files.")
@click.option("--profile", help="The AWS profile: of the account that has the catalogue. Left out: AWS_PROFILE.")
@click.option(
    "--source",
    type=click.Choice(_SOURCES),
    default="auto",
    show_default=True,
    help="Where to ask: the aggregator of AWS Config, Service Catalog in every account, or the first that answers.",
)
@click.option("--csv", "csv_file", type=_FILE, help="Write a table for spreadsheets to this file.")
@click.option("--html", "html_file", type=_FILE, help="Write a page with charts to this file.")
@click.option("--store", is_flag=True, help="Store JSON, CSV and the page by date in the log archive's account.")
@click.option("--metrics", is_flag=True, help="Write the numbers to CloudWatch, namespace PavedRoad/Adoption.")
@click.option("--fail-when-behind", is_flag=True, help="End with exit code 2 when anything is behind or fails.")
@json_option
def command(
    *,
    directory: Path,
    profile: str | None,
    source: str,
    csv_file: Path | None,
    html_file: Path | None,
    store: bool,
    metrics: bool,
    fail_when_behind: bool,
    as_json: bool,
) -> None:
    """Show which team runs which product at which version, who is behind and by how much."""
    from pavedroad_platform.adoption.account_clients import account_clients
    from pavedroad_platform.adoption.collection import Source
    from pavedroad_platform.adoption.csv_table import csv_table
    from pavedroad_platform.adoption.html.page import page
    from pavedroad_platform.adoption.making import ReportMaker
    from pavedroad_platform.adoption.scope import scope_of
    from pavedroad_platform.launching.client import refusals_told
    from pavedroad_platform.organization import load_organization

    scope = scope_of(load_organization(directory))
    with refusals_told():
        client = account_clients(role=scope.role, region=scope.region, profile=profile)
        maker = ReportMaker(client=client, scope=scope)
        report = maker.make(None if source == "auto" else Source(source))
        done = [f"stored in {maker.store(report)}"] if store else []
        done += [f"{maker.put_metrics(report)} metrics written"] if metrics else []
    # Spreadsheets take a file without the mark for one in the letters of another country.
    for file, text, encoding in ((csv_file, csv_table, "utf-8-sig"), (html_file, page, "utf-8")):
        if file:
            file.write_text(text(report), encoding=encoding, newline="")
            done.append(f"{file} written")
    if as_json:
        print_json(report.as_json())
    else:
        _show(report)
    for line in done:
        console().print(line, markup=False)
    if fail_when_behind and (report.total.behind or report.total.tainted or report.total.error):
        sys.exit(_BEHIND)


def _show(report: "Report") -> None:
    from pavedroad_platform.adoption.report import number

    for note in report.notes:
        console().print(f"note: {note}", markup=False)
    if report.products:
        print_rows(_PRODUCTS, [_row(each) for each in report.products])
    if report.library:
        print_rows(_LIBRARY, [_row(each)[: len(_LIBRARY)] for each in report.library])
    total, library = report.total, report.library_total
    share = "" if total.share is None else f", {100 * total.share:.0f} % on the newest version"
    click.echo(
        f"{number(total.running, 'provisioned product')}{share}: {total.behind} behind, {total.deprecated} deprecated,"
        f" {total.tainted} tainted, {total.error} in error (from {report.source})"
    )
    if library.running:
        click.echo(f"{number(library.running, 'construct')} of the library in apps of teams: {library.behind} behind")


def _row(each: "Adoption") -> tuple[str, ...]:
    return (
        each.team,
        each.account,
        each.name,
        each.product,
        each.version,
        each.newest or "none",
        each.behind,
        each.lifecycle,
        each.status,
    )
