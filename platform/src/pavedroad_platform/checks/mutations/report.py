"""The mutation table as a page: which weakening was noticed by which check."""

import re
from collections.abc import Iterable, Sequence

from pavedroad_platform.checks.mutations.campaign import Verdict

_HEAD = """# What the checks notice

Written by `pavedroad mutations --output`. Each hardened property of the templates is weakened, one at a time,
and the checks are asked about the result, one after the other until one notices; `--thorough` asks them all.

"""


def markdown(verdicts: Sequence[Verdict]) -> str:
    """The page; the same change to the same property of one resource type is one row, counted."""
    return _HEAD + summary(verdicts) + "\n\n" + "\n".join(_table(verdicts)) + "\n"


def summary(verdicts: Sequence[Verdict]) -> str:
    """The counts in one sentence."""
    caught = sum(bool(verdict.caught_by) for verdict in verdicts)
    harmless = sum(verdict.harmless is not None for verdict in verdicts)
    return (
        f"{len(verdicts)} weakenings: **{caught} caught**, **{len(verdicts) - caught - harmless} survived**,"
        f" {harmless} weaken nothing."
    )


def _table(verdicts: Iterable[Verdict]) -> list[str]:
    rows: dict[tuple[str, str, str], list[Verdict]] = {}
    for verdict in verdicts:
        mutant = verdict.mutant
        place = re.sub(r"\.\d+", "[]", mutant.place)
        rows.setdefault((mutant.resource_type, place, mutant.change), []).append(verdict)
    lines = ["| resource type | property | weakened | times | noticed by |", "|---|---|---|---:|---|"]
    for (resource_type, place, change), same in sorted(rows.items()):
        lines.append(f"| {resource_type} | `{place}` | {change} | {len(same)} | {_answer(same)} |")
    return lines


def _answer(same: Sequence[Verdict]) -> str:
    reasons = sorted({verdict.harmless for verdict in same if verdict.harmless})
    rules = sorted({rule for verdict in same for rule in verdict.caught_by})
    survived = sum(verdict.survived for verdict in same)
    parts = [", ".join(f"`{rule}`" for rule in rules)] if rules else []
    parts += [f"weakens nothing: {reason}" for reason in reasons]
    parts += [f"**nothing** ({survived})"] if survived else []
    return "; ".join(parts)
