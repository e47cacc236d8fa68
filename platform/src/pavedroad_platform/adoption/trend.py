"""How adoption was on earlier days. Each report carries the trend before it, so that the last one is enough."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

MOST_POINTS: Final = 400
"""So many days a report looks back: a year and the month that it is compared with."""


@dataclass(frozen=True, kw_only=True)
class TrendPoint:
    """One day.

    Attributes:
        date: The day, as ISO 8601.
        running: How many provisioned products there were.
        current: How many of them ran the newest version.
        deprecated: How many ran a version that nobody should launch any more.
        failing: How many were tainted or in error.
        library: How many constructs of the library there were in apps of teams.
        library_current: How many of them were of its newest version.
    """

    date: str
    running: int
    current: int
    deprecated: int
    failing: int
    library: int
    library_current: int


def trend_of(stored: Mapping[str, Any]) -> tuple[TrendPoint, ...]:
    """The trend that a stored report carries; fields that a later version of the platform added are left out."""
    known = {field.name for field in fields(TrendPoint)}
    return _recent(
        TrendPoint(**{name: value for name, value in point.items() if name in known}) for point in stored["trend"]
    )


def _recent(points: Iterable[TrendPoint]) -> tuple[TrendPoint, ...]:
    return tuple(sorted(points, key=lambda point: point.date)[-MOST_POINTS:])
