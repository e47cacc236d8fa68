"""Lines over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Final
from xml.etree import ElementTree as Xml

from pavedroad_platform.adoption.html.elements import add, drawing

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 580, 220, 46, 104, 14, 28
_STEPS: Final = 4
_BETWEEN_LABELS: Final = 15


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        name: What it counts.
        values: A value for each day.
        kind: Its colour: a class of the page's style sheet.
    """

    name: str
    values: Sequence[float]
    kind: str


def draw_lines(
    parent: Xml.Element,
    days: Sequence[str],
    lines: Sequence[Line],
    *,
    title: str,
    unit: str = "",
    top: float | None = None,
) -> None:
    """Draw lines, each named at its end.

    Args:
        parent: Where to.
        days: The days as ISO 8601, the first one first; two at least.
        lines: The lines.
        title: What they show.
        unit: Stands behind each number.
        top: The greatest number of the scale. Left out: the next round one above the greatest value.
    """
    top = top or _round_up(max(max(line.values) for line in lines))
    told = "; ".join(f"{line.name}: {line.values[0]:g}{unit} to {line.values[-1]:g}{unit}" for line in lines)
    described = f"From {days[0]} to {days[-1]}. {told}"
    picture = drawing(parent, title=title, description=described, width=_WIDTH, height=_HEIGHT)
    _draw_scale(picture, top, unit)
    places = _places(days)
    _draw_days(picture, days, places)
    for line in lines:
        points = [(x, _y(value, top)) for x, value in zip(places, line.values, strict=True)]
        if len(lines) == 1:
            around = [(points[0][0], _y(0, top)), *points, (points[-1][0], _y(0, top))]
            add(picture, "polygon", points=_path(around), class_=f"area {line.kind}")
        add(picture, "polyline", points=_path(points), class_=f"line {line.kind}")
        add(picture, "circle", cx=points[-1][0], cy=points[-1][1], r=3.5, class_=f"fill {line.kind}")
    _draw_names(picture, lines, top, unit)


def _draw_scale(picture: Xml.Element, top: float, unit: str) -> None:
    for step in range(_STEPS + 1):
        value = top * step / _STEPS
        y = _y(value, top)
        add(picture, "line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid")
        add(picture, "text", f"{value:g}{unit}", x=_LEFT - 8, y=y + 4, class_="tick", text_anchor="end")


def _draw_days(picture: Xml.Element, days: Sequence[str], places: Sequence[float]) -> None:
    last = len(days) - 1
    shown = sorted({0, last // 2, last})
    for index in shown:
        day = date.fromisoformat(days[index])
        anchor = {0: "start", last: "end"}.get(index, "middle")
        text = f"{day.day} {day:%b %Y}"
        add(picture, "text", text, x=places[index], y=_HEIGHT - 8, class_="tick", text_anchor=anchor)


def _draw_names(picture: Xml.Element, lines: Sequence[Line], top: float, unit: str) -> None:
    """The names stand at the ends of their lines, one below the other where these are close."""
    below = 0.0
    for line in sorted(lines, key=lambda each: -each.values[-1]):
        y = max(_y(line.values[-1], top) + 4, below)
        below = y + _BETWEEN_LABELS
        text = f"{line.values[-1]:g}{unit} {line.name}"
        add(picture, "text", text, x=_WIDTH - _RIGHT + 10, y=y, class_=f"name {line.kind}")


def _places(days: Sequence[str]) -> list[float]:
    """Days that no report was made on leave a gap: the axis is time."""
    numbers = [date.fromisoformat(day).toordinal() for day in days]
    span = max(numbers[-1] - numbers[0], 1)
    return [_LEFT + (number - numbers[0]) / span * (_WIDTH - _LEFT - _RIGHT) for number in numbers]


def _y(value: float, top: float) -> float:
    return _TOP + (1 - value / top) * (_HEIGHT - _TOP - _BOTTOM)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _round_up(greatest: float) -> float:
    """A scale of whole numbers that has room for ``greatest``."""
    for magnitude in (1, 10, 100, 1_000, 10_000, 100_000):
        for step in (1, 2, 3, 5):
            if greatest <= _STEPS * step * magnitude:
                return _STEPS * step * magnitude
    return ceil(greatest)
