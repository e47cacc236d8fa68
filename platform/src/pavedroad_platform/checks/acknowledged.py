"""The acknowledged findings of an assembly as a list that an auditor reads."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pavedroad_platform.checks.findings import FinishedTemplate


@dataclass(frozen=True, kw_only=True, order=True)
class AcknowledgedFinding:
    """One reason, and everything that it answers.

    Attributes:
        finding: The finding's id, or several that share one reason, in order.
        reason: Why they do not apply.
        paths: The constructs on which they are acknowledged.
    """

    finding: tuple[str, ...]
    reason: str
    paths: tuple[str, ...]


def acknowledged_findings(templates: Iterable[FinishedTemplate]) -> list[AcknowledgedFinding]:
    """Every acknowledgment once: those with the same reason are one decision, however many places it holds in."""
    findings: dict[str, set[str]] = {}
    paths: dict[str, set[str]] = {}
    for template in templates:
        for acknowledgment in template.acknowledgments:
            findings.setdefault(acknowledgment.reason, set()).add(acknowledgment.finding)
            paths.setdefault(acknowledgment.reason, set()).add(acknowledgment.path)
    return sorted(
        AcknowledgedFinding(finding=tuple(sorted(findings[reason])), reason=reason, paths=tuple(sorted(paths[reason])))
        for reason in findings
    )


def places(rows: Iterable[AcknowledgedFinding]) -> int:
    """In how many constructs findings are acknowledged."""
    return sum(len(row.paths) for row in rows)


def markdown(rows: Sequence[AcknowledgedFinding]) -> str:
    """The list as a page: one row a decision, the most consequential checks' ids as they are reported."""
    lines = [
        "# Acknowledged findings",
        "",
        "Written by `pavedroad acknowledgments --output`: what a check objects to, and why it does not apply. An",
        "acknowledgment stands in the construct that it is about, and answers one finding there.",
        "",
        f"{len(rows)} reasons, acknowledged in {places(rows)} places.",
        "",
        "| findings | reason | places |",
        "|---|---|---:|",
    ]
    for row in rows:
        findings = sorted({re.sub(r"\[.*\]$", "", finding) for finding in row.finding})
        names = ", ".join(f"`{finding}`" for finding in findings)
        lines.append(f"| {names} | {row.reason.replace('|', chr(92) + '|')} | {len(row.paths)} |")
    return "\n".join(lines) + "\n"
