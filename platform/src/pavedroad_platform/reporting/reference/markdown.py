"""The Markdown that the reference pages share."""

from collections.abc import Iterable, Sequence

GENERATED = "<!-- Written by `pavedroad reference`; change what it describes, then run it again. -->\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; what would end a cell is escaped."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def inline_code(text: str) -> str:
    """A docstring's text with its code as Markdown writes it, on one line."""
    return " ".join(text.replace("``", "`").split())
