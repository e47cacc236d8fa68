"""Semantic versions: what a change raises, and whether a version promises more than its changes keep.

The library's releases and the products' are held to the same arithmetic.

Source: https://semver.org
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

_VERSION = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"


class Step(IntEnum):
    """The part of the version that a change raises."""

    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change.

    Attributes:
        step: The part of the version that it raises.
        what: What changed, as its user sees it.
    """

    step: Step
    what: str


AnyChange = TypeVar("AnyChange", bound=Change)


def is_version(text: object) -> bool:
    """Whether ``text`` is a semantic version of three numbers."""
    return isinstance(text, str) and re.fullmatch(_VERSION, text) is not None


def version_number(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 1.10.0 comes after 1.9.0."""
    return tuple(int(part) for part in version.split("."))


def lowest_version(previous: str, changes: Iterable[Change]) -> str:
    """The lowest version after ``previous`` that may hold ``changes``; without any it is ``previous`` itself."""
    major, minor, patch = version_number(previous)
    raised = {
        Step.MAJOR: f"{major + 1}.0.0",
        Step.MINOR: f"{major}.{minor + 1}.0",
        Step.PATCH: f"{major}.{minor}.{patch + 1}",
    }
    step = max((change.step for change in changes), default=None)
    return previous if step is None else raised[step]


def unkept(version: str, previous: str, changes: Sequence[AnyChange]) -> list[AnyChange]:
    """The changes that ``version`` is too low for after ``previous``: the gravest ones; empty where it is enough."""
    if version_number(version) >= version_number(lowest_version(previous, changes)):
        return []
    gravest = max(change.step for change in changes)
    return [change for change in changes if change.step is gravest]
