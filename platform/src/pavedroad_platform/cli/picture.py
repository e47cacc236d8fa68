"""``pavedroad picture``: draws the architecture from the synthesised app."""

import json
from pathlib import Path

import click

from pavedroad_platform.errors import PlatformError, Problem


@click.command(name="picture")
@click.option("--assembly", type=click.Path(path_type=Path), default=Path("cdk.out"), help="The synthesised app.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("docs/images/architecture.svg"),
    show_default=True,
    help="The SVG file.",
)
@click.option("--check", is_flag=True, help="Write nothing; fail when the file is not what would be drawn.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(assembly: Path, output: Path, check: bool, as_json: bool) -> None:  # noqa: FBT001 - click's keywords
    """Draw the accounts, stacks and relations of the synthesised app."""
    from pavedroad_platform.organization import load_organization
    from pavedroad_platform.reporting.architecture import read_architecture
    from pavedroad_platform.reporting.architecture_picture import draw

    picture = draw(read_architecture(assembly, load_organization(Path("platform/organization"))))
    if check and (not output.exists() or output.read_text() != picture):
        raise PlatformError(
            Problem(
                file=output, cause="it does not show the app as it is synthesised now", fix="run: pavedroad picture"
            )
        )
    if not check:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(picture)
    click.echo(json.dumps({"file": str(output)}) if as_json else f"{output} {'is current' if check else 'is drawn'}")
