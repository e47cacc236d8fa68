"""``pavedroad reference``: the pages of the documentation that are written from what they describe."""

import json
from pathlib import Path

import click

from pavedroad_platform.errors import PlatformError, Problem


@click.command(name="reference")
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    default=Path("docs"),
    show_default=True,
    help="Where the documentation is.",
)
@click.option("--check", is_flag=True, help="Write nothing; fail where a page is not the one that would be written.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, directory: Path, check: bool, as_json: bool) -> None:
    """Write the pages of all settings, commands, constructs, launch roles and products from what they describe."""
    from pavedroad_platform.organization import load_organization
    from pavedroad_platform.reporting.reference import PRODUCT_PAGES, pages

    organization = load_organization(Path("platform/organization"))
    texts = {directory / path: text for path, text in pages(organization).items()}
    stale = [file for file, text in texts.items() if not file.is_file() or file.read_text(encoding="utf-8") != text]
    gone = sorted(set((directory / PRODUCT_PAGES).rglob("*.md")) - texts.keys())
    if check and (stale or gone):
        fix = "Run pavedroad reference and commit what it writes."
        raise PlatformError(
            *(Problem(cause="the page is not current", fix=fix, file=file) for file in stale),
            *(Problem(cause="no release of a product has this page", fix=fix, file=file) for file in gone),
        )
    for file in stale:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(texts[file], encoding="utf-8")
    for file in gone:
        file.unlink()
    if as_json:
        told = {"pages": list(texts), "written": stale, "deleted": gone}
        click.echo(json.dumps({name: [str(file) for file in files] for name, files in told.items()}))
    else:
        click.echo(f"{len(texts)} pages, {len(stale)} written, {len(gone)} deleted.")
