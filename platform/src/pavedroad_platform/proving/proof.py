"""The proof of every version that is to be promoted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.progress import Event, Show
from pavedroad_platform.organization import Organization
from pavedroad_platform.proving.fresh import FreshCanary, Retained, accepted, kept_outputs
from pavedroad_platform.proving.kept import KeptCanaries
from pavedroad_platform.proving.proofs import Published, Version, read_proofs, record_proof, unproved

_AT_ONCE: Final = 4

ShowEvent = Callable[[str, Event], None]
"""Is told each event, and what it is an event of."""


@dataclass(frozen=True, kw_only=True)
class Proved:
    """A version that is proved.

    Attributes:
        product: The product's key.
        version: The version.
        proved: When, in ISO 8601.
        earlier: Whether it was proved before this run.
        retained: What outlived the canary, as the template says. Empty where it was proved earlier.
    """

    product: str
    version: str
    proved: str
    earlier: bool
    retained: Sequence[Retained] = ()

    def as_json(self) -> dict[str, Any]:
        """What machines are told."""
        return {**vars(self), "retained": [vars(each) for each in self.retained]}


class ProofFailedError(PlatformError):
    """Versions failed.

    Attributes:
        retained: What outlives the canaries of this run all the same, by version.
    """

    def __init__(self, *problems: Problem, retained: Mapping[Version, Sequence[Retained]]) -> None:
        super().__init__(*problems)
        self.retained = retained


def prove(clients: Clients, organization: Organization, published: Published, show: ShowEvent) -> list[Proved]:
    """Upgrade the kept canaries, then launch each version afresh that was not proved, test it and end it.

    Args:
        clients: The clients of the test account.
        organization: The configuration.
        published: The products that are offered, and their releases.
        show: Is told each event.

    Returns:
        Every active version.

    Raises:
        ProofFailedError: A version failed. The message says which, at what, why, and what to do; others that passed are
            recorded and not proved again.
        PlatformError: The kept canaries failed before any other was launched.
    """
    names, ssm = organization.names, clients.service("ssm")
    proofs = read_proofs(ssm, names)
    waiting = unproved(published, proofs)
    KeptCanaries(
        clients=clients, organization=organization, published=published, show=_of(show, names.stack("canaries"))
    ).deploy()
    problems = [] if not waiting else list(_kept_problems(clients, published, waiting))
    by_key = {product.key: (product, releases) for product, releases in published}

    def one(version: Version) -> tuple[list[Problem], list[Retained]]:
        product, releases = by_key[version[0]]
        canary = FreshCanary(
            clients=clients,
            catalog=organization.catalog,
            product=product,
            releases=releases,
            version=version[1],
            show=_of(show, " ".join(version)),
        )
        return canary.prove()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        told = list(pool.map(one, waiting))
    kept_failed = {problem.path for problem in problems}
    retained = {version: left for version, (_, left) in zip(waiting, told, strict=True)}
    for version, (found, _) in zip(waiting, told, strict=True):
        problems += found
        if not found and " ".join(version) not in kept_failed:
            proofs[version] = record_proof(ssm, names, *version, by_key[version[0]][1].digests[version[1]])
    if problems:
        raise ProofFailedError(*problems, retained=retained)
    return [
        Proved(
            product=product.key,
            version=version,
            proved=proofs[product.key, version].proved,
            earlier=(product.key, version) not in retained,
            retained=retained.get((product.key, version), ()),
        )
        for product, releases in published
        for version in releases.active
    ]


def require_proofs(clients: Clients, organization: Organization, published: Published) -> list[Proved]:
    """Every active version with its proof; changes nothing.

    Raises:
        PlatformError: A version was never proved, or another template was.
    """
    proofs = read_proofs(clients.service("ssm"), organization.names)
    problems = [unproved_problem(*version) for version in unproved(published, proofs)]
    if problems:
        raise PlatformError(*problems)
    return [
        Proved(product=product.key, version=version, proved=proofs[product.key, version].proved, earlier=True)
        for product, releases in published
        for version in releases.active
    ]


def unproved_problem(key: str, version: str) -> Problem:
    """That a version may not be promoted."""
    return Problem(
        path=f"{key} {version}",
        cause="this version was not proved as it is published",
        fix="Prove it in the test account: pavedroad catalog prove",
    )


def _kept_problems(clients: Clients, published: Published, waiting: Sequence[Version]) -> Iterator[Problem]:
    """What the upgraded canaries do not keep of their promises."""
    for product, releases in published:
        newest = releases.newest_active
        if newest and (product.key, newest) in waiting:
            outputs = kept_outputs(clients, product.key)
            yield from accepted(product.key, newest, clients, outputs, what="the kept canary")


def _of(show: ShowEvent, name: str) -> Show:
    return lambda event: show(name, event)
