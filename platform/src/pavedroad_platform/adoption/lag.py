"""How far a version is behind: in releases, in the part of the version that differs, and in days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pavedroad_platform.versions import Step, is_version, version_number


@dataclass(frozen=True, kw_only=True)
class Lag:
    """The distance between the version that runs and the newest one.

    Attributes:
        newest: The newest version that may be launched; ``None`` where there is none.
        versions: How many newer ones may be launched; ``None`` where the version that runs is not known.
        step: ``major``, ``minor`` or ``patch``: the highest part in which the newest differs; ``None`` where it runs.
        days: For how many days a newer one has been there; ``None`` where nothing newer is, or its date is not known.
    """

    newest: str | None
    versions: int | None
    step: str | None = None
    days: int | None = None

    @property
    def is_behind(self) -> bool:
        """Whether a newer version may be launched; a version that nobody knows counts as behind."""
        return self.versions is None or self.versions > 0


def lag(running: str, offered: Sequence[str], published: Mapping[str, datetime], now: datetime) -> Lag:
    """How far ``running`` is behind.

    Args:
        running: The version that runs.
        offered: The versions that teams should choose from, the oldest first.
        published: Since when each version may be launched.
        now: The moment of the report.

    Example:
        >>> lag("1.0.0", ["1.0.0", "1.1.0", "2.0.0"], {}, datetime.now())
        Lag(newest='2.0.0', versions=2, step='major', days=None)
    """
    newest = offered[-1] if offered else None
    if not is_version(running):
        return Lag(newest=newest, versions=None)
    newer = [version for version in offered if version_number(version) > version_number(running)]
    if not newer:
        return Lag(newest=newest, versions=0)
    since = min((published[version] for version in newer if version in published), default=None)
    return Lag(
        newest=newest,
        versions=len(newer),
        step=_step(running, newer[-1]),
        days=max((now - since).days, 0) if since else None,
    )


def _step(running: str, newest: str) -> str:
    """The highest part that differs."""
    pairs = zip(version_number(running), version_number(newest), strict=True)
    differing = next(index for index, (old, new) in enumerate(pairs) if old != new)
    return (Step.MAJOR, Step.MINOR, Step.PATCH)[differing].name.lower()
