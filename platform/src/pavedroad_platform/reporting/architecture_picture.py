"""Draws the architecture as SVG: organizational units as nested boxes, accounts and their stacks in them.

Every relation has a lane of its own above the boxes. From it lines run down beside the accounts, never across them, so
that a line meets another only at a right angle and text not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as Xml

from pavedroad_platform.reporting.architecture import AccountCard, Architecture, Relation, StackCard

_ACCOUNT_WIDTH, _MARGIN, _GAP, _INSET = 216, 20, 14, 7
_TRACK = 9  # between two lines beside an account
_GUTTER = _INSET + _TRACK * (len(Relation) + 1) + 6
_COLUMN_WIDTH = _GUTTER + _ACCOUNT_WIDTH + 2 * _INSET + 4
_LANE = 20
_UNIT_HEAD, _ACCOUNT_HEAD, _LINE, _PAD = 34, 48, 17, 10
_SHOWN_SERVICES = 4
_INK, _FAINT, _PAPER = "#16232e", "#566571", "#ffffff"
_UNIT_FILLS = ("#fafbfc", "#eef2f6", "#e0e8ef")
_COLOURS = {
    Relation.PEOPLE: "#1f6feb",
    Relation.POLICIES: "#8250df",
    Relation.LAUNCH_ROLES: "#0a7c86",
    Relation.PRODUCTS: "#bc4c00",
    Relation.PROOFS: "#8a6100",
    Relation.LOGS: "#1a7f37",
    Relation.FINDINGS: "#bf3989",
}


@dataclass(frozen=True, kw_only=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass
class _Layout:
    """Where everything stands.

    Attributes:
        units: The boxes of organizational units with their names and depth, the outer ones first.
        accounts: The boxes of accounts by key.
    """

    architecture: Architecture
    units: list[tuple[str, int, _Box]] = field(default_factory=list)
    accounts: dict[str, _Box] = field(default_factory=dict)

    def place(self, top: float) -> _Box:
        """Place everything beneath ``top`` and return the box of the root."""
        x, y = float(_MARGIN + _INSET), top + _UNIT_HEAD
        bottoms = [self._place_accounts((), x, y)] if () in self.architecture.units else []
        for name in self._children(()):
            x += (_COLUMN_WIDTH + _GAP) if bottoms else 0
            bottoms.append(self._place_unit((name,), x, y, _COLUMN_WIDTH))
        width = x + _COLUMN_WIDTH + _INSET - _MARGIN
        root = _Box(x=_MARGIN, y=top, width=width, height=max(bottoms) + _GAP - top)
        self.units.insert(0, ("Root", 0, root))
        return root

    def _place_unit(self, path: tuple[str, ...], x: float, y: float, width: float) -> float:
        number = len(self.units)
        bottom = self._place_accounts(path, x, y + _UNIT_HEAD)
        for name in self._children(path):
            # Its accounts stay in the column: only the box around them is narrower.
            bottom = self._place_unit((*path, name), x, bottom, width) + _GAP
        inset = _INSET * (len(path) - 1)
        box = _Box(x=x + inset, y=y, width=width - 2 * inset, height=bottom - y)
        self.units.insert(number, (path[-1], len(path), box))
        return bottom

    def _place_accounts(self, path: tuple[str, ...], x: float, y: float) -> float:
        for card in self.architecture.units.get(path, ()):
            height = _ACCOUNT_HEAD + sum(_stack_height(stack) + _PAD for stack in card.stacks)
            self.accounts[card.account.key] = _Box(x=x + _GUTTER, y=y, width=_ACCOUNT_WIDTH, height=height)
            y += height + _GAP
        return y

    def _children(self, path: tuple[str, ...]) -> Sequence[str]:
        deeper = (other for other in self.architecture.units if other[: len(path)] == path and len(other) > len(path))
        return list(dict.fromkeys(other[len(path)] for other in deeper))


def draw(architecture: Architecture) -> str:
    """The picture as an SVG document."""
    relations = [relation for relation in Relation if any(link[2] == relation for link in architecture.links)]
    top = _MARGIN + _LANE * len(relations) + 8
    layout = _Layout(architecture)
    root = layout.place(top)
    width, height = root.width + 2 * _MARGIN, root.bottom + _MARGIN
    svg = Xml.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:g} {height:g}", role="img")
    svg.set("font-family", "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif")
    Xml.SubElement(svg, "title").text = "The accounts, stacks and relations of the landing zone"
    _rectangle(svg, _Box(x=0, y=0, width=width, height=height), fill=_PAPER)
    for name, depth, box in layout.units:
        _rectangle(svg, box, fill=_UNIT_FILLS[min(depth, 2)], stroke="#c6d0d9", radius=10)
        _text(svg, _text_x(box.x), box.y + 23, name, size=15, weight="600")
    _draw_arrow_heads(svg, relations)
    for number, relation in enumerate(relations):
        links = [(giver, getter) for giver, getter, link in architecture.links if link == relation]
        _draw_relation(svg, relation, links, layout.accounts, lane=_MARGIN + _LANE * number, track=number)
    for cards in architecture.units.values():
        for card in cards:
            _draw_account(svg, layout.accounts[card.account.key], card)
    Xml.indent(svg)
    return Xml.tostring(svg, encoding="unicode") + "\n"


def _text_x(unit_x: float) -> float:
    """Titles begin where accounts do, for the lines run left of that."""
    column = (unit_x - _MARGIN) // (_COLUMN_WIDTH + _GAP)
    return _MARGIN + _INSET + column * (_COLUMN_WIDTH + _GAP) + _GUTTER


def _stack_height(stack: StackCard) -> float:
    return 44 + min(len(stack.services), _SHOWN_SERVICES + 1) * _LINE


def _draw_account(svg: Xml.Element, box: _Box, card: AccountCard) -> None:
    _rectangle(svg, box, fill=_PAPER, stroke="#93a3b1", radius=8)
    _text(svg, box.x + 12, box.y + 21, card.account.key, size=14.5, weight="600")
    _text(svg, box.x + 12, box.y + 38, card.account.id, size=12, fill=_FAINT)
    y = box.y + _ACCOUNT_HEAD
    for stack in card.stacks:
        height = _stack_height(stack)
        _rectangle(svg, _Box(x=box.x + 8, y=y, width=box.width - 16, height=height), fill="#e8eef4", radius=6)
        _text(svg, box.x + 16, y + 18, stack.name, size=12.5, weight="600")
        _text(svg, box.x + 16, y + 35, f"{stack.resources} resources", size=12, fill=_FAINT)
        for number, (service, count) in enumerate(_service_lines(stack)):
            _text(svg, box.x + 16, y + 53 + number * _LINE, service, size=12)
            _text(svg, box.x + box.width - 18, y + 53 + number * _LINE, str(count), size=12, anchor="end")
        y += height + _PAD


def _service_lines(stack: StackCard) -> list[tuple[str, int]]:
    others = stack.services[_SHOWN_SERVICES:]
    more = [(f"{len(others)} more services", sum(count for _, count in others))] if len(others) > 1 else others
    return [*stack.services[:_SHOWN_SERVICES], *more]


def _draw_relation(
    svg: Xml.Element,
    relation: Relation,
    links: Sequence[tuple[str, str]],
    accounts: Mapping[str, _Box],
    *,
    lane: float,
    track: int,
) -> None:
    colour = _COLOURS[relation]
    givers, getters = {giver for giver, _ in links}, {getter for _, getter in links}
    ends: dict[float, float] = {}
    for key in sorted(givers | getters):
        box = accounts[key]
        x = box.x - _GUTTER + 2 * _INSET + _TRACK * (track + 0.5)
        y = box.y + 14 + track * 13
        ends[x] = max(y, ends.get(x, 0))
        if key in givers:
            _line(svg, f"M {x:g} {y:g} H {box.x:g}", colour)
            Xml.SubElement(svg, "circle", cx=f"{box.x:g}", cy=f"{y:g}", r="5", fill=colour)
        else:
            _line(svg, f"M {x:g} {y:g} H {box.x - 7:g}", colour, arrow=relation)
    label = max(box.x for box in accounts.values()) + 12
    _line(svg, f"M {min(ends):g} {lane:g} H {label - 8:g}", colour)
    _text(svg, label, lane + 4, str(relation), size=13, fill=colour, weight="600")
    for x, y in ends.items():
        _line(svg, f"M {x:g} {lane:g} V {y:g}", colour)


def _line(svg: Xml.Element, path: str, colour: str, *, arrow: Relation | None = None) -> None:
    line = {"d": path, "fill": "none", "stroke": colour, "stroke-width": "1.6", "stroke-linecap": "round"}
    if arrow:
        line["marker-end"] = f"url(#{arrow.name.lower()})"
    Xml.SubElement(svg, "path", line)


def _draw_arrow_heads(svg: Xml.Element, relations: Sequence[Relation]) -> None:
    definitions = Xml.SubElement(svg, "defs")
    for relation in relations:
        size = {"markerWidth": "6", "markerHeight": "6", "refX": "1", "refY": "3", "orient": "auto"}
        marker = Xml.SubElement(definitions, "marker", size, id=relation.name.lower())
        Xml.SubElement(marker, "path", d="M0,0 L6,3 L0,6 Z", fill=_COLOURS[relation])


def _rectangle(svg: Xml.Element, box: _Box, *, fill: str, stroke: str = "none", radius: float = 0) -> None:
    numbers = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rx": radius}
    Xml.SubElement(svg, "rect", {name: f"{value:g}" for name, value in numbers.items()}, fill=fill, stroke=stroke)


def _text(
    svg: Xml.Element,
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    fill: str = _INK,
    weight: str = "400",
    anchor: str = "start",
) -> None:
    place = {"x": f"{x:g}", "y": f"{y:g}", "font-size": f"{size:g}", "font-weight": weight, "text-anchor": anchor}
    Xml.SubElement(svg, "text", place, fill=fill).text = text
