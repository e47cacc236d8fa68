"""Brings every version to the state that lifecycle.yaml says, and refuses what would hurt somebody."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pavedroad_platform.catalog.releases import Status
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.organization import Organization
from pavedroad_platform.promotion.running import Running, team_of
from pavedroad_platform.promotion.states import VersionState, bring_to_state, version_states
from pavedroad_platform.proving.proof import unproved_problem
from pavedroad_platform.proving.proofs import Proof, Published, Version, unproved


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """The states of all versions of a catalogue.

    Attributes:
        catalog: A client of Service Catalog, in the account that owns the products.
        organization: The configuration.
        published: The products and their releases.
        proofs: What was proved.
        running: Finds out what runs in all accounts; asked only where something is to be retired.
    """

    catalog: Any
    organization: Organization
    published: Published
    proofs: Mapping[Version, Proof]
    running: Callable[[], Running]

    def check(self) -> list[VersionState]:
        """Every version as it is and as it should be; changes nothing.

        Raises:
            PlatformError: Something is refused, all of it at once: a version that may be launched was not proved; one
                that is to be retired is run by somebody, or was never deprecated.
        """
        states = version_states(self.catalog, self.published)
        problems = [
            *(unproved_problem(*version) for version in unproved(self.published, self.proofs)),
            *self._retirement_problems(states),
        ]
        if problems:
            raise PlatformError(*problems)
        return states

    def apply(self) -> list[VersionState]:
        """Bring every version to its state; nothing where something is refused.

        Returns:
            Every version as it was before.

        Raises:
            PlatformError: Something is refused, as ``check`` tells, or a version is not published.
        """
        states = self.check()
        missing = [state for state in states if state.now is None and state.wanted is not Status.RETIRED]
        if missing:
            raise PlatformError(*map(_unpublished, missing))
        for state in states:
            if state.changes:
                bring_to_state(self.catalog, state)
        return states

    def _retirement_problems(self, states: Sequence[VersionState]) -> Iterator[Problem]:
        retired = {(state.product, state.version): state for state in states if state.wanted is Status.RETIRED}
        # One that is gone from the catalogue was looked at when it went.
        leaving = {version for version, state in retired.items() if state.now not in {None, Status.RETIRED}}
        for version in sorted(leaving):
            if retired[version].now is Status.ACTIVE:
                yield Problem(
                    path=" ".join(version),
                    cause="it is to be retired and may still be launched: somebody could begin to run it meanwhile",
                    fix="Make it deprecated in lifecycle.yaml and promote that first; retire it in a later change.",
                )
        if not leaving:
            return
        running = self.running()
        yield from running.unread
        for each in running.products:
            if (each.product, each.version) in leaving:
                team = team_of(self.organization, each.account)
                yield Problem(
                    path=f"{each.product} {each.version}",
                    cause=f"it is to be retired, and the team {team} runs it: {each.name} in {each.account}",
                    fix=f"Leave it deprecated until they ran: pavedroad upgrade {each.name} (or terminate).",
                )


def _unpublished(state: VersionState) -> Problem:
    return Problem(
        path=f"{state.product} {state.version}",
        cause="it is not published, so that it cannot be brought to its state",
        fix="Deploy the catalogue first.",
    )
