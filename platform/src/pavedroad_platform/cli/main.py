"""The command ``pavedroad``: finds a subcommand's module and imports that one only."""

import json
import sys
from importlib import import_module

import click

from pavedroad_platform.bundled_node import use_bundled_node
from pavedroad_platform.errors import PlatformError

# name: (module, what it does). The help lists these without importing them: the CDK alone takes seconds.
_COMMANDS = {
    "products": ("pavedroad_platform.cli.products", "List the products that you may launch."),
    "show": ("pavedroad_platform.cli.show", "Show the form of a product."),
    "launch": ("pavedroad_platform.cli.launch", "Launch a product."),
    "status": ("pavedroad_platform.cli.status", "Show what is launched, and what it hands out."),
    "upgrade": ("pavedroad_platform.cli.upgrade", "Give a launch another version or other values."),
    "terminate": ("pavedroad_platform.cli.terminate", "End a launch."),
    "validate": ("pavedroad_platform.cli.validate", "Check the organisation's configuration; needs no credentials."),
    "schema": ("pavedroad_platform.cli.schema", "Write the JSON Schema of the configuration for editors."),
    "sandbox": ("pavedroad_platform.cli.sandbox", "Run the platform on an embedded AWS on this machine."),
    "rehearse": ("pavedroad_platform.cli.rehearse", "Run what the pipeline would do against the sandbox."),
    "deployment": ("pavedroad_platform.cli.deployment", "Tell what a deployment will change, or why a step failed."),
    "catalog": ("pavedroad_platform.cli.catalog", "Make products; list, compare, check and freeze their releases."),
    "adoption": ("pavedroad_platform.cli.adoption", "Show which team runs which version, and who is behind."),
    "check": ("pavedroad_platform.cli.check", "Run every static check, on the source and on the finished templates."),
    "acknowledgments": ("pavedroad_platform.cli.acknowledgments", "List the acknowledged findings with reasons."),
    "mutations": ("pavedroad_platform.cli.mutations", "Weaken each hardened property and see which check catches it."),
    "library": ("pavedroad_platform.cli.library", "Record and compare the releases of the construct library."),
    "reference": ("pavedroad_platform.cli.reference", "Write the pages of settings, commands, constructs, products."),
    "picture": ("pavedroad_platform.cli.picture", "Draw the architecture from the synthesised app."),
}


class _LazyGroup(click.Group):
    def list_commands(self, _context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[name][0]).command
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pavedroad-platform")
def command() -> None:
    """Paved Road: a self-service platform on AWS."""


def app() -> None:
    """Run the command; a ``PlatformError`` is printed without a traceback and ends with exit code 1."""
    use_bundled_node()
    try:
        command.main(standalone_mode=True)
    except PlatformError as error:
        if "--json" in sys.argv:
            click.echo(json.dumps({"problems": [problem.as_json() for problem in error.problems]}, indent=2))
        else:
            click.echo(f"{error}\n\n{len(error.problems)} problem{'s'[: len(error.problems) != 1]}", err=True)
        sys.exit(1)
