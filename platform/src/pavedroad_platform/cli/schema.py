"""``pavedroad schema``: the JSON Schema of the configuration."""

import json
from pathlib import Path

import click

from pavedroad_platform.cli.validate import DIRECTORY
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.organization.schema import schemas


@click.command(name="schema")
@click.option("--directory", type=click.Path(path_type=Path), default=DIRECTORY, show_default=True, help="The files.")
@click.option("--check", is_flag=True, help="Write nothing; fail where a schema is not the one that would be written.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def command(*, directory: Path, check: bool, as_json: bool) -> None:
    """Write the JSON Schema of each file of the configuration, which editors complete and check with."""
    texts = {directory / path: text for path, text in schemas().items()}
    stale = [file for file, text in texts.items() if not file.is_file() or file.read_text(encoding="utf-8") != text]
    if check and stale:
        raise PlatformError(*(_stale(file) for file in stale))
    for file in stale:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(texts[file], encoding="utf-8")
    if as_json:
        click.echo(json.dumps({"schemas": [str(file) for file in texts], "written": [str(file) for file in stale]}))
    else:
        click.echo(f"{len(texts)} schemas, {len(stale)} written.")


def _stale(file: Path) -> Problem:
    cause = "the schema is not that of the models" if file.exists() else "the schema is missing"
    return Problem(cause=cause, fix="Run pavedroad schema and commit what it writes.", file=file)
