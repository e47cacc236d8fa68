"""The page of every command, from the commands' own help."""

from collections.abc import Iterator

import click

from pavedroad_platform.reporting.reference.markdown import GENERATED

_INTRODUCTION = """# Commands

`make install` puts `pavedroad` into `.venv/bin`. Every command takes `--help`, and `--json` for machines, and ends with
another code than 0 when something is wrong. `make help` lists the targets of the Makefile.
"""
_WIDTH = 100


def command_reference() -> str:
    """The whole page."""
    # The commands import this page's command; so the page imports them when it is written.
    from pavedroad_platform.cli.main import command

    return "\n".join([GENERATED, _INTRODUCTION, *_sections(command, "pavedroad", None)])


def _sections(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    # Of a fixed width: else the page would depend on the terminal that it is written in.
    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        help_option_names=[],
    )
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for inner_name in command.list_commands(context):
            inner = command.get_command(context, inner_name)
            assert inner is not None
            yield from _sections(inner, inner_name, context)
