"""Lets the checks judge the mutants and tells which of them noticed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pavedroad_platform.checks.findings import Check, FinishedTemplate
from pavedroad_platform.checks.mutations.harmless import why_harmless
from pavedroad_platform.checks.mutations.weakening import Mutant, mutants_of


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of one mutant.

    Attributes:
        mutant: The weakened template.
        caught_by: The rules that noticed, each with its check's name before it; empty where none did.
        harmless: Why the change weakens nothing, or ``None``.
    """

    mutant: Mutant
    caught_by: Sequence[str]
    harmless: str | None

    @property
    def survived(self) -> bool:
        """Whether a weakening went unnoticed."""
        return not self.caught_by and self.harmless is None


def mutants(templates: Iterable[FinishedTemplate]) -> list[Mutant]:
    """The mutants of all templates."""
    return [mutant for template in templates for mutant in mutants_of(template)]


def judge(
    found: Sequence[Mutant], checks: Sequence[Check], *, thorough: bool, on_check: Callable[[str, int], None]
) -> list[Verdict]:
    """Run ``checks`` on the mutants.

    Args:
        found: The mutants.
        checks: In the order in which they are asked.
        thorough: Ask every check about every mutant. ``False``: only about those that none has caught yet.
        on_check: Told each check's name and how many mutants it is asked about, before it starts.
    """
    harmless = {mutant.template.name: why_harmless(mutant) for mutant in found}
    caught: dict[str, list[str]] = {mutant.template.name: [] for mutant in found}
    for check in checks:
        asked = [
            mutant
            for mutant in found
            if harmless[mutant.template.name] is None and (thorough or not caught[mutant.template.name])
        ]
        on_check(check.name, len(asked))
        for name, rules in _noticed(check, asked).items():
            caught[name] += [f"{check.name}: {rule}" for rule in rules]
    return [
        Verdict(mutant=mutant, caught_by=caught[mutant.template.name], harmless=harmless[mutant.template.name])
        for mutant in found
    ]


def _noticed(check: Check, asked: Sequence[Mutant]) -> dict[str, list[str]]:
    """The rules that object to each mutant and not to what it was before, nobody having acknowledged it."""
    before = {mutant.before.name: mutant.before for mutant in asked}
    objections = _unanswered(check, [*before.values(), *(mutant.template for mutant in asked)])
    return {
        mutant.template.name: sorted(
            {rule for rule, _ in objections[mutant.template.name] - objections[mutant.before.name]}
        )
        for mutant in asked
    }


def _unanswered(check: Check, templates: Sequence[FinishedTemplate]) -> dict[str, set[tuple[str, str | None]]]:
    by_name = {template.name: template for template in templates}
    objections: dict[str, set[tuple[str, str | None]]] = {name: set() for name in by_name}
    for finding in check.run(templates):
        if by_name[finding.template].answer_to(finding) is None:
            objections[finding.template].add((finding.rule, finding.resource))
    return objections
