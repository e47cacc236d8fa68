"""Stacked bars: what runs, by how far it is behind."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from xml.etree import ElementTree as Xml

from pavedroad_platform.adoption.html.elements import add, drawing
from pavedroad_platform.adoption.report import Adoption
from pavedroad_platform.versions import is_version, version_number

KINDS: Final = ("unknown", "major", "minor", "patch", "current")
"""How far something is behind, the farthest first; each has a colour."""

LEGEND: Final = {
    "current": "newest",
    "patch": "a patch behind",
    "minor": "a minor version behind",
    "major": "a major version behind",
    "unknown": "version not known",
}
"""What the colours mean."""

_WIDTH, _LABEL, _COUNT, _ROW, _BAR = 580, 136, 112, 36, 24
_LETTER: Final = 7  # the width of a letter of a segment's text


@dataclass(frozen=True)
class Segment:
    """A part of a bar.

    Attributes:
        text: What it is, such as ``1.0.0``.
        value: How many.
        kind: One of ``KINDS``.
    """

    text: str
    value: int
    kind: str


@dataclass(frozen=True)
class Bar:
    """A bar.

    Attributes:
        label: What is counted.
        segments: Its parts, from left to right.
    """

    label: str
    segments: Sequence[Segment]

    @property
    def total(self) -> int:
        """How many all are."""
        return sum(segment.value for segment in self.segments)

    @property
    def current(self) -> int:
        """How many of them run the newest version."""
        return sum(segment.value for segment in self.segments if segment.kind == "current")


def kind_of(each: Adoption) -> str:
    """How far something is behind, as one of ``KINDS``."""
    if each.versions_behind is None:
        return "unknown"
    return each.step or "current"


def bars_by_version(adoptions: Sequence[Adoption]) -> list[Bar]:
    """A bar for each product with a segment for each version, the oldest first."""
    made = []
    for product, group in groupby(sorted(adoptions, key=lambda each: each.product), key=lambda each: each.product):
        counted = Counter((each.version, kind_of(each)) for each in group)
        ordered = sorted(counted, key=_age)
        made.append(Bar(product, [Segment(version, counted[version, kind], kind) for version, kind in ordered]))
    return made


def bars_by_team(adoptions: Sequence[Adoption]) -> list[Bar]:
    """A bar for each team with a segment for each distance, the team with most behind first."""
    made = []
    for team, group in groupby(sorted(adoptions, key=lambda each: each.team), key=lambda each: each.team):
        counted = Counter(map(kind_of, group))
        made.append(Bar(team, [Segment(LEGEND[kind], counted[kind], kind) for kind in KINDS if counted[kind]]))
    return sorted(made, key=lambda bar: (bar.current - bar.total, bar.label))


def draw_bars(parent: Xml.Element, bars: Sequence[Bar], *, title: str, named: bool) -> None:
    """Draw the bars.

    Args:
        parent: Where to.
        bars: The bars.
        title: What they show.
        named: Whether a segment says what it is beside its number, as a version does that no legend can name.
    """
    most = max((bar.total for bar in bars), default=1)
    told = "; ".join(f"{bar.label}: {_told(bar)}" for bar in bars)
    picture = drawing(parent, title=title, description=told, width=_WIDTH, height=_ROW * len(bars) + 4)
    for index, bar in enumerate(bars):
        top = index * _ROW + 4
        middle = top + _BAR / 2 + 4.5
        add(picture, "text", _shortened(bar.label, 19), x=_LABEL - 12, y=middle, class_="label", text_anchor="end")
        scale = (_WIDTH - _LABEL - _COUNT) / most
        left: float = _LABEL
        for segment in bar.segments:
            _draw_segment(picture, segment, left, top, segment.value * scale, named=named)
            left += segment.value * scale
        share = f"{bar.current} of {bar.total} newest"
        add(picture, "text", share, x=left + 10, y=middle, class_="count")


def _draw_segment(
    picture: Xml.Element, segment: Segment, left: float, top: float, width: float, *, named: bool
) -> None:
    group = add(picture, "g")
    add(group, "title", f"{segment.text}: {segment.value} ({LEGEND[segment.kind]})")
    add(group, "rect", x=left, y=top, width=max(width - 2, 1), height=_BAR, rx=3, class_=f"fill {segment.kind}")
    texts = [f"{segment.value} on {segment.text}", segment.text] if named else []
    fitting = next((text for text in [*texts, str(segment.value)] if len(text) * _LETTER + 8 <= width), None)
    if fitting:
        middle = left + (width - 2) / 2
        add(group, "text", fitting, x=middle, y=top + _BAR / 2 + 4, class_=f"on {segment.kind}", text_anchor="middle")


def draw_legend(parent: Xml.Element, kinds: Iterable[str]) -> None:
    """What the colours mean, of those that are there."""
    present = set(kinds)
    legend = add(parent, "ul", class_="legend")
    for kind in reversed(KINDS):
        if kind in present:
            item = add(legend, "li")
            add(item, "span", class_=f"swatch {kind}").set("aria-hidden", "true")
            add(item, "span", LEGEND[kind])


def _age(counted: tuple[str, str]) -> tuple[bool, tuple[int, ...], str]:
    version, _ = counted
    return is_version(version), version_number(version) if is_version(version) else (), version


def _told(bar: Bar) -> str:
    return ", ".join(f"{segment.value} {segment.text}" for segment in bar.segments)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
