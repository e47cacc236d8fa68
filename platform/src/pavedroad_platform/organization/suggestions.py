"""What to type instead of a word that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_SHOWN: Final = 12


def instead_of(word: str, known: Iterable[str]) -> str:
    """The fix for ``word``, which is not among ``known``: the most similar one, and which there are."""
    names = list(known)
    if not names:
        return "There is none yet; add it first, or leave this out."
    by_lower_case = {name.lower(): name for name in names}
    close = get_close_matches(word.lower(), by_lower_case, n=1, cutoff=0.6)
    question = f"Did you mean {by_lower_case[close[0]]}?" if close else ""
    if question and (len(names) == 1 or len(names) > _SHOWN):
        return question
    return f"{question} Write one of: {listed(names)}.".lstrip()


def listed(names: list[str]) -> str:
    """The names, or the first dozen of them and how many there are besides."""
    if len(names) <= _SHOWN:
        return ", ".join(names)
    return f"{', '.join(names[:_SHOWN])} and {len(names) - _SHOWN} more"
