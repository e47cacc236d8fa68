"""The acknowledged findings of an assembly as a list that an auditor reads."""

from collections.abc import Iterable
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
