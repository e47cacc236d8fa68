"""Runs the checks of finished templates and weighs each finding against its acknowledgments."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pavedroad_platform.checks.findings import Acknowledgment, Check, Finding, FinishedTemplate


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one check found.

    Attributes:
        check: The check's name.
        unanswered: Findings that nobody acknowledged: these fail.
        answered: Acknowledged findings with their acknowledgment.
        seconds: How long it took.
    """

    check: str
    unanswered: Sequence[Finding]
    answered: Sequence[tuple[Finding, Acknowledgment]]
    seconds: float


def run_checks(
    checks: Sequence[Check], templates: Sequence[FinishedTemplate], on_outcome: Callable[[Outcome], None]
) -> list[Outcome]:
    """Run ``checks`` one after the other, telling each outcome as it is there."""
    by_name = {template.name: template for template in templates}
    outcomes = []
    for check in checks:
        began = time.monotonic()
        unanswered, answered = [], []
        for finding in check.run(templates):
            acknowledgment = by_name[finding.template].answer_to(finding)
            if acknowledgment:
                answered.append((finding, acknowledgment))
            else:
                unanswered.append(finding)
        outcome = Outcome(check=check.name, unanswered=unanswered, answered=answered, seconds=time.monotonic() - began)
        on_outcome(outcome)
        outcomes.append(outcome)
    return outcomes
