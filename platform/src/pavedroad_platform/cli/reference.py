"""``pavedroad reference``: the reference pages of the documentation."""

import json
from pathlib import Path

import click

from pavedroad_platform.errors import PlatformError, Problem


@click.command(name="reference")
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    default=Path("docs/reference"),
    show_default=True,
    help="Where the pages are.",
)
@click.option("--check", is_flag=True, help="Write nothing; fail where a page is not the one that would be written.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, directory: Path, check: bool, as_json: bool) -> None:
    """Write the pages of all settings, commands, constructs and launch roles from what they describe."""
    from pavedroad_platform.reporting.reference import PAGES

    pages = {directory / path: write() for path, write in PAGES.items()}
    stale = [file for file, text in pages.items() if not file.is_file() or file.read_text(encoding="utf-8") != text]
    if check and stale:
        fix = "Run pavedroad reference and commit what it writes."
        raise PlatformError(*(Problem(cause="the page is not current", fix=fix, file=file) for file in stale))
    for file in stale:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(pages[file], encoding="utf-8")
    if as_json:
        click.echo(json.dumps({"pages": [str(file) for file in pages], "written": [str(file) for file in stale]}))
    else:
        click.echo(f"{len(pages)} pages, {len(stale)} written.")
