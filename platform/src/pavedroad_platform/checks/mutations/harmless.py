"""Changes that the general operators make and that weaken nothing, each with the reason."""

import re
from dataclasses import dataclass

from pavedroad_platform.checks.mutations.weakening import Mutant


@dataclass(frozen=True, kw_only=True)
class _Harmless:
    resource_type: str
    place: str
    change: str = ".*"
    reason: str


_HARMLESS: tuple[_Harmless, ...] = ()


def why_harmless(mutant: Mutant) -> str | None:
    """The reason why this change weakens nothing, or ``None`` where it does."""
    for known in _HARMLESS:
        pairs = (
            (known.resource_type, mutant.resource_type),
            (known.place, mutant.place),
            (known.change, mutant.change),
        )
        if all(re.fullmatch(pattern, text) for pattern, text in pairs):
            return known.reason
    return None
