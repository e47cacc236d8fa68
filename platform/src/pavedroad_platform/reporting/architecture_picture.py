"""Draws the architecture as SVG: organizational units as columns, accounts in them, stacks in those, lines between."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from pavedroad_platform.reporting.architecture import AccountCard, Architecture, Relation, StackCard

_WIDTH, _GAP, _MARGIN = 250, 70, 24
_HEAD, _ACCOUNT_HEAD, _LINE, _PAD = 44, 46, 17, 10
_SHOWN_SERVICES = 5
_INK, _FAINT, _PAPER = "#16232e", "#5d6d7a", "#ffffff"
_COLOURS = {Relation.PEOPLE: "#1f6feb", Relation.LOGS: "#1a7f37", Relation.PRODUCTS: "#bc4c00"}


@dataclass(frozen=True, kw_only=True)
class _Box:
    x: float
    y: float
    width: float
    height: float
    column: int


def draw(architecture: Architecture) -> str:
    """The picture as an SVG document."""
    boxes = dict(_place(architecture))
    width = _MARGIN * 2 + len(architecture.units) * (_WIDTH + _GAP) - _GAP
    bottom = max(box.y + box.height for box in boxes.values())
    height = bottom + _MARGIN + 40
    svg = Xml.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height:g}", role="img")
    svg.set("font-family", "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif")
    Xml.SubElement(svg, "title").text = "The accounts, stacks and relations of the landing zone"
    _rectangle(svg, 0, 0, width, height, fill=_PAPER)
    for column, (unit, cards) in enumerate(architecture.units.items()):
        x = _MARGIN + column * (_WIDTH + _GAP)
        _rectangle(svg, x - 10, _MARGIN, _WIDTH + 20, bottom - _MARGIN + 10, fill="#f3f6f9", radius=10)
        _text(svg, x, _MARGIN + 26, unit, size=15, weight="600")
        for card in cards:
            _draw_account(svg, boxes[card.account.key], card)
    for number, (giver, getter, relation) in enumerate(architecture.links):
        _draw_link(svg, boxes[giver], boxes[getter], relation, number)
    _draw_legend(svg, bottom + 36)
    Xml.indent(svg)
    return Xml.tostring(svg, encoding="unicode") + "\n"


def _place(architecture: Architecture) -> Iterator[tuple[str, _Box]]:
    for column, cards in enumerate(architecture.units.values()):
        y: float = _MARGIN + _HEAD
        for card in cards:
            height = _ACCOUNT_HEAD + sum(_stack_height(stack) + _PAD for stack in card.stacks)
            x = _MARGIN + column * (_WIDTH + _GAP)
            yield card.account.key, _Box(x=x, y=y, width=_WIDTH, height=height, column=column)
            y += height + 18


def _stack_height(stack: StackCard) -> float:
    return 30 + min(len(stack.services), _SHOWN_SERVICES + 1) * _LINE


def _draw_account(svg: Xml.Element, box: _Box, card: AccountCard) -> None:
    _rectangle(svg, box.x, box.y, box.width, box.height, fill=_PAPER, stroke="#c6d0d9", radius=8)
    _text(svg, box.x + 12, box.y + 20, card.account.key, size=14, weight="600")
    _text(svg, box.x + 12, box.y + 37, card.account.id, size=11, fill=_FAINT)
    y = box.y + _ACCOUNT_HEAD
    for stack in card.stacks:
        height = _stack_height(stack)
        _rectangle(svg, box.x + 10, y, box.width - 20, height, fill="#e8eef4", radius=6)
        _text(svg, box.x + 20, y + 19, stack.name, size=12.5, weight="600")
        _text(svg, box.x + box.width - 20, y + 19, f"{stack.resources} resources", size=11, fill=_FAINT, anchor="end")
        for number, line in enumerate(_service_lines(stack)):
            _text(svg, box.x + 20, y + 36 + number * _LINE, line, size=11.5)
        y += height + _PAD


def _service_lines(stack: StackCard) -> list[str]:
    lines = [f"{service} {count}" for service, count in stack.services[:_SHOWN_SERVICES]]
    others = stack.services[_SHOWN_SERVICES:]
    if others:
        lines.append(f"and {len(others)} more services, {sum(count for _, count in others)}")
    return lines


def _draw_link(svg: Xml.Element, giver: _Box, getter: _Box, relation: Relation, number: int) -> None:
    # Lines of the same account leave at different heights, so that they can be told apart.
    shift = 8 + (number * 11) % 34
    start_y, end_y = giver.y + shift, getter.y + shift + 4
    if giver.column == getter.column:
        side = giver.x + giver.width
        path = f"M {side} {start_y} C {side + 46} {start_y}, {side + 46} {end_y}, {side + 7} {end_y}"
    else:
        to_right = getter.column > giver.column
        start_x = giver.x + giver.width if to_right else giver.x
        end_x = getter.x - 7 if to_right else getter.x + getter.width + 7
        bend = _GAP * 0.8 if to_right else -_GAP * 0.8
        path = f"M {start_x} {start_y} C {start_x + bend} {start_y}, {end_x - bend} {end_y}, {end_x} {end_y}"
    colour = _COLOURS[relation]
    line = {"d": path, "fill": "none", "stroke": colour, "stroke-width": "1.6", "opacity": "0.85"}
    Xml.SubElement(svg, "path", line, **{"marker-end": f"url(#{relation.name.lower()})"})


def _draw_legend(svg: Xml.Element, y: float) -> None:
    definitions = Xml.SubElement(svg, "defs")
    for number, relation in enumerate(Relation):
        colour = _COLOURS[relation]
        name = relation.name.lower()
        size = {"markerWidth": "7", "markerHeight": "7", "refX": "1", "refY": "3.5", "orient": "auto"}
        marker = Xml.SubElement(definitions, "marker", size, id=name)
        Xml.SubElement(marker, "path", d="M0,0 L7,3.5 L0,7 Z", fill=colour)
        x = _MARGIN + number * 200
        line = {"d": f"M {x} {y - 4} h 26", "stroke": colour, "stroke-width": "2"}
        Xml.SubElement(svg, "path", line, **{"marker-end": f"url(#{name})"})
        _text(svg, x + 42, y, str(relation), size=12)


def _rectangle(
    svg: Xml.Element,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str,
    stroke: str = "none",
    radius: float = 0,
) -> None:
    numbers = {"x": x, "y": y, "width": width, "height": height, "rx": radius}
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
