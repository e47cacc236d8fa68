"""``pavedroad catalog prove``: prove what is to be promoted."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from pavedroad_platform.proving.fresh import Retained
    from pavedroad_platform.proving.proofs import Published, Version

configuration = click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path("platform/organization"),
    show_default=True,
    help="The directory of the configuration.",
)
profile = click.option("--profile", help="The AWS profile. Left out: AWS_PROFILE, as for the AWS CLI.")


@click.command()
@configuration
@profile
@click.option("--check", is_flag=True, help="Launch nothing; fail where a version that may be launched is not proved.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; the progress goes to standard error.")
def command(*, directory: Path, profile: str | None, check: bool, as_json: bool) -> None:
    """Launch, test and end every version in the test account that was not proved yet.

    The kept canaries are upgraded from the version before. A version that fails is told with its cause.
    """
    from rich.console import Console

    from pavedroad_platform.cli import launching
    from pavedroad_platform.launching.client import refusals_told
    from pavedroad_platform.organization import load_organization
    from pavedroad_platform.proving.access import Access
    from pavedroad_platform.proving.proof import ProofFailedError, prove, require_proofs

    organization = load_organization(directory)
    with refusals_told():
        clients = Access(organization=organization, profile=profile).test
        if check:
            proved = require_proofs(clients, organization, published(organization.catalog.products))
        else:
            try:
                with launching.shown_progress("Proving") as show:
                    proved = prove(clients, organization, published(organization.catalog.products), show)
            except ProofFailedError as error:
                _print_retained(error.retained, Console(stderr=True))
                raise
    if as_json:
        launching.print_json([each.as_json() for each in proved])
        return
    rows = [(each.product, each.version, each.proved, "earlier" if each.earlier else "now") for each in proved]
    launching.print_rows(("Product", "Version", "Proved", ""), rows)
    _print_retained({(each.product, each.version): each.retained for each in proved}, Console())
    now = sum(not each.earlier for each in proved)
    click.echo(f"All {len(proved)} versions are proved: {now} now, {len(proved) - now} earlier.")


def _print_retained(retained: "Mapping[Version, Sequence[Retained]]", out: "Console") -> None:
    from pavedroad_platform.cli import launching

    rows = [(product, version, str(each)) for (product, version), left in retained.items() for each in left]
    if rows:
        launching.print_rows(("Product", "Version", "Outlives its canary until somebody deletes it"), rows, out=out)


def published(keys: Iterable[str]) -> "Published":
    """The products of the configuration, each with its releases."""
    from pavedroad_platform.catalog import products
    from pavedroad_platform.catalog.releases import Releases

    return [(products.load(key), Releases(key)) for key in keys]
