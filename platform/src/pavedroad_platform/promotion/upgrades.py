"""What is behind its newest version, and what its owner has to know about the upgrade."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pavedroad_platform.adoption.provisioned_product import ProvisionedProduct
from pavedroad_platform.catalog.comparison.templates import compare
from pavedroad_platform.catalog.releases import Releases, Status
from pavedroad_platform.organization import Organization
from pavedroad_platform.promotion.running import team_of
from pavedroad_platform.proving.proofs import Published
from pavedroad_platform.versions import Step, is_version, version_number


@dataclass(frozen=True, kw_only=True)
class Upgrade:
    """A launch that is behind, and what its upgrade means.

    Attributes:
        team: The key of the team that owns it.
        account: The id of its account.
        region: Its region.
        id: Service Catalog's id of it.
        name: Its name.
        product: The product.
        current: The version that it runs.
        target: The newest version that may be launched.
        step: The highest part of the version that differs.
        days: How many days the team has, from the day on which it is told.
        breaks: What the upgrade may break, and what to do about it, each as a sentence. Empty: nothing.
        deprecated: Whether the version that it runs is deprecated.
    """

    team: str
    account: str
    region: str
    id: str
    name: str
    product: str
    current: str
    target: str
    step: Step
    days: int
    breaks: tuple[str, ...]
    deprecated: bool

    @property
    def command(self) -> str:
        """What the team types."""
        return f"pavedroad upgrade {self.name} --version {self.target}"

    @property
    def key(self) -> str:
        """What is told once: this launch, this version."""
        return f"{self.account}/{self.region}/{self.id}/{self.target}"

    @property
    def subject(self) -> str:
        """The subject of the message, which SNS takes up to 100 characters of ASCII for."""
        whole = f"Upgrade {self.name}: {self.product} {self.current} to {self.target}"
        return whole if len(whole) <= _LONGEST_SUBJECT else f"{whole[: _LONGEST_SUBJECT - 3]}..."

    def message(self, deadline: date) -> str:
        """The message."""
        breaks = [f"  - {each}" for each in self.breaks] or ["  Nothing that you rely on."]
        state = " It is deprecated: it is not launched any more." if self.deprecated else ""
        return "\n".join(
            [
                f"{self.name} runs {self.product} {self.current} in account {self.account}, {self.region}.{state}",
                f"The newest version is {self.target}, a {self.step.name.lower()} upgrade.",
                "",
                "What breaks:",
                *breaks,
                "",
                f"Upgrade it until {deadline.isoformat()}. The command shows its plan first:",
                f"  {self.command} --region {self.region}",
                "",
            ]
        )


_LONGEST_SUBJECT = 99


def due_upgrades(
    organization: Organization, published: Published, running: Sequence[ProvisionedProduct]
) -> list[Upgrade]:
    """Every launch that is behind the newest version of its product.

    Args:
        organization: The configuration.
        published: The products and their releases.
        running: What runs.
    """
    releases = {product.key: each for product, each in published}
    return list(_due(organization, releases, running))


def _due(
    organization: Organization, published: Mapping[str, Releases], running: Sequence[ProvisionedProduct]
) -> Iterator[Upgrade]:
    for each in running:
        releases = published.get(each.product)
        target = releases.newest_active if releases else None
        if releases is None or target is None or each.version not in releases.digests:
            continue
        if not is_version(each.version) or version_number(each.version) >= version_number(target):
            continue
        step = _step(each.version, target)
        yield Upgrade(
            team=team_of(organization, each.account),
            account=each.account,
            region=each.region,
            id=each.id,
            name=each.name,
            product=each.product,
            current=each.version,
            target=target,
            step=step,
            days=organization.catalog.upgrade_days.of(step),
            breaks=_breaks(releases, each.version, target),
            deprecated=releases.lifecycle[each.version] is not Status.ACTIVE,
        )


def _step(before: str, after: str) -> Step:
    pairs = zip(version_number(before), version_number(after), strict=True)
    differing = next(index for index, (old, new) in enumerate(pairs) if old != new)
    return (Step.MAJOR, Step.MINOR, Step.PATCH)[differing]


def _breaks(releases: Releases, before: str, after: str) -> tuple[str, ...]:
    changes = compare(releases.template(before), releases.template(after))
    return tuple(f"{change.what}. {change.advice}".rstrip() for change in changes if change.step is Step.MAJOR)
