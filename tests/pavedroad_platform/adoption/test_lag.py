"""How far a version is behind."""

from datetime import UTC, datetime, timedelta

import pytest

from pavedroad_platform.adoption.lag import Lag, lag

NOW = datetime(2026, 11, 26, 6, tzinfo=UTC)
OFFERED = ["1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0"]


@pytest.mark.parametrize(
    ("running", "offered", "versions", "step"),
    [
        ("2.0.0", OFFERED, 0, None),
        ("1.10.0", OFFERED, 1, "major"),
        ("1.2.0", OFFERED[:4], 1, "minor"),
        ("1.0.0", OFFERED[:2], 1, "patch"),
        ("1.0.0", OFFERED, 4, "major"),
        ("1.1.0", OFFERED[:4], 2, "minor"),  # withdrawn itself
        ("3.0.0", OFFERED, 0, None),  # the newest was withdrawn again
    ],
)
def test_versions_and_step(running: str, offered: list[str], versions: int, step: str | None) -> None:
    found = lag(running, offered, {}, NOW)
    assert found == Lag(newest=offered[-1], versions=versions, step=step)
    assert found.is_behind is (versions > 0)


def test_days_count_from_the_first_newer_version() -> None:
    published = {"1.2.0": NOW - timedelta(days=40, hours=3), "2.0.0": NOW - timedelta(days=3)}
    assert lag("1.0.1", OFFERED, published, NOW).days == 40
    assert lag("1.10.0", OFFERED, published, NOW).days == 3
    assert lag("2.0.0", OFFERED, published, NOW).days is None


def test_a_version_that_nobody_knows_is_behind() -> None:
    found = lag("pa-abcdefghijklm", OFFERED, {}, NOW)
    assert found == Lag(newest="2.0.0", versions=None)
    assert found.is_behind


def test_without_a_version_on_offer_nothing_is_newer() -> None:
    assert lag("1.0.0", [], {}, NOW) == Lag(newest=None, versions=0)
