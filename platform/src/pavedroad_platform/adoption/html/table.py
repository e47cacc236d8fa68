"""The table of everything that runs, which a reader sorts and filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as Xml

from pavedroad_platform.adoption.html.bars import KINDS, kind_of
from pavedroad_platform.adoption.html.elements import add
from pavedroad_platform.adoption.report import Adoption

_PRODUCTS: Final = ("Team", "Account", "Name", "Product", "Version", "Newest", "Behind", "Lifecycle", "Status")
_LIBRARY: Final = ("Team", "Account", "Resource", "Construct", "Version", "Newest", "Behind")


@dataclass(frozen=True)
class _Cell:
    text: str
    kind: str = ""
    order: str = ""


def draw_table(parent: Xml.Element, adoptions: Sequence[Adoption], *, identifier: str, caption: str) -> None:
    """Add the table, those most behind first.

    Args:
        parent: Where to.
        adoptions: What runs, all of one kind.
        identifier: The id of the table's filter.
        caption: What the table shows.
    """
    headings = _LIBRARY if adoptions and adoptions[0].kind == "library" else _PRODUCTS
    tools = add(parent, "p", class_="filter", hidden="hidden")
    add(tools, "label", "Show only rows with ", for_=identifier)
    add(tools, "input", id=identifier, type="search", autocomplete="off")
    add(tools, "span", class_="found", role="status")
    scroll = add(parent, "div", class_="scroll", tabindex=0, role="region")
    scroll.set("aria-label", caption)
    table = add(scroll, "table")
    add(table, "caption", caption, class_="unseen")
    head = add(add(table, "thead"), "tr")
    for heading in headings:
        add(head, "th", heading, scope="col")
    body = add(table, "tbody")
    for each in sorted(adoptions, key=_urgency):
        row = add(body, "tr")
        for cell in _cells(each)[: len(headings)]:
            made = add(row, "td", **({"data-order": cell.order} if cell.order else {}))
            if cell.kind:
                add(made, "span", cell.text, class_=f"badge {cell.kind}")
            else:
                made.text = cell.text


def _cells(each: Adoption) -> list[_Cell]:
    return [
        _Cell(each.team),
        _Cell(each.account),
        _Cell(each.name),
        _Cell(each.product),
        _Cell(each.version, order=_padded(each.version)),
        _Cell(each.newest or "none", order=_padded(each.newest or "")),
        _Cell(each.behind, kind_of(each), order=f"{_distance(each):05}"),
        _Cell(each.lifecycle, "warn" if each.is_withdrawn else ""),
        _Cell(each.status.capitalize().replace("_", " "), "bad" if each.is_failing else ""),
    ]


def _distance(each: Adoption) -> int:
    """How far behind: the highest part that differs, then the number of versions."""
    return (len(KINDS) - KINDS.index(kind_of(each))) * 1000 + (each.versions_behind or 0)


def _urgency(each: Adoption) -> tuple[bool, int, str, str]:
    return not each.is_failing, -_distance(each), each.team, each.name


def _padded(version: str) -> str:
    """A version as a text that sorts as its numbers do."""
    return ".".join(part.rjust(6, "0") for part in version.split("."))
