"""The report: what runs, whose it is, and how far it is behind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from pavedroad_platform.adoption.collection import Collection
from pavedroad_platform.adoption.lag import lag
from pavedroad_platform.adoption.library_use import LibraryUse
from pavedroad_platform.adoption.provisioned_product import ProvisionedProduct
from pavedroad_platform.adoption.scope import Owner, Scope
from pavedroad_platform.adoption.trend import TrendPoint

NOT_KNOWN: Final = "unknown"
"""The lifecycle status of a version that the releases do not know, and the team of an account nobody configured."""

_FAILING: Final = frozenset({"TAINTED", "ERROR"})
_OFFERED: Final = "active"


def number(count: int, noun: str) -> str:
    """A number with its noun: ``1 account``, ``2 accounts``."""
    return f"{count} {noun if count == 1 else f'{noun}s'}"


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """One thing that runs: a provisioned product, or a construct of the library in a team's own app.

    Attributes:
        kind: ``product`` or ``library``.
        team: The key of the team whose account it is.
        account: The account's key, or its id where it is not configured.
        account_id: The account's id.
        region: The region.
        name: What the team called it; for the library, the resource.
        id: Service Catalog's id of it; for the library, the type of the resource.
        product: The product's key, or the name of the construct.
        version: The version that runs.
        newest: The newest version that may be launched, or was released; ``None`` where there is none.
        versions_behind: How many newer ones there are; ``None`` where the version that runs is not known.
        step: ``major``, ``minor`` or ``patch``: how far the newest is; ``None`` where it runs.
        days_behind: For how many days there has been a newer one; ``None`` where that is not known.
        lifecycle: ``active``, ``deprecated``, ``retired`` or ``unknown``; for the library always ``active``.
        status: ``AVAILABLE``, ``UNDER_CHANGE``, ``TAINTED``, ``ERROR`` ...; for the library always ``AVAILABLE``.
        launched: When it was launched, as ISO 8601; ``None`` for the library.
    """

    kind: str
    team: str
    account: str
    account_id: str
    region: str
    name: str
    id: str
    product: str
    version: str
    newest: str | None
    versions_behind: int | None
    step: str | None
    days_behind: int | None
    lifecycle: str
    status: str
    launched: str | None

    @property
    def is_behind(self) -> bool:
        """Whether there is a newer version, or nobody knows."""
        return self.versions_behind is None or self.versions_behind > 0

    @property
    def behind(self) -> str:
        """How far it is behind, in words: ``2 versions (major), 34 days``."""
        if self.versions_behind is None:
            return "version not known"
        if not self.versions_behind:
            return "newest"
        days = f", {number(self.days_behind, 'day')}" if self.days_behind is not None else ""
        return f"{number(self.versions_behind, 'version')} ({self.step}){days}"

    @property
    def is_failing(self) -> bool:
        """Whether its last change failed or it does not run."""
        return self.status in _FAILING

    @property
    def is_withdrawn(self) -> bool:
        """Whether nobody should launch this version any more."""
        return self.lifecycle in {"deprecated", "retired"}


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Some of what runs, counted.

    Attributes:
        running: How many.
        current: How many run the newest version.
        behind: How many do not.
        deprecated: How many run a version that nobody should launch any more.
        tainted: How many had a failed change, and run as before.
        error: How many do not run.
    """

    running: int
    current: int
    behind: int
    deprecated: int
    tainted: int
    error: int

    @property
    def share(self) -> float | None:
        """The share that runs the newest version, from 0 to 1; ``None`` where nothing runs."""
        return self.current / self.running if self.running else None


def summary(adoptions: Iterable[Adoption]) -> Summary:
    """Count them."""
    counted = list(adoptions)
    behind = sum(each.is_behind for each in counted)
    return Summary(
        running=len(counted),
        current=len(counted) - behind,
        behind=behind,
        deprecated=sum(each.is_withdrawn for each in counted),
        tainted=sum(each.status == "TAINTED" for each in counted),
        error=sum(each.status == "ERROR" for each in counted),
    )


@dataclass(frozen=True, kw_only=True)
class Report:
    """The report of one moment.

    Attributes:
        made: When.
        source: ``config`` or ``service-catalog``.
        notes: What whoever reads it must know, each with what to do about it.
        unread: The keys of the accounts that could not be read.
        products: The provisioned products.
        library: What was made with the library in apps of teams.
        trend: How it was before, the oldest first; the last point is this report's.
    """

    made: datetime
    source: str
    notes: tuple[str, ...]
    unread: tuple[str, ...]
    products: tuple[Adoption, ...]
    library: tuple[Adoption, ...]
    trend: tuple[TrendPoint, ...]

    @cached_property
    def total(self) -> Summary:
        """All provisioned products, counted."""
        return summary(self.products)

    @cached_property
    def library_total(self) -> Summary:
        """All uses of the library, counted."""
        return summary(self.library)

    @cached_property
    def by_product(self) -> Mapping[str, Summary]:
        """The provisioned products, counted by product."""
        return _by(self.products, "product")

    @cached_property
    def by_team(self) -> Mapping[str, Summary]:
        """The provisioned products, counted by team."""
        return _by(self.products, "team")

    @cached_property
    def library_by_team(self) -> Mapping[str, Summary]:
        """The uses of the library, counted by team."""
        return _by(self.library, "team")

    def as_json(self) -> dict[str, Any]:
        """The report for machines, and for the trend of later ones."""
        return {
            "made": self.made.isoformat(timespec="seconds"),
            "source": self.source,
            "notes": list(self.notes),
            "unread": list(self.unread),
            "summary": {
                "products": asdict(self.total),
                "library": asdict(self.library_total),
                "by_product": {key: asdict(counted) for key, counted in self.by_product.items()},
                "by_team": {key: asdict(counted) for key, counted in self.by_team.items()},
            },
            "products": [asdict(each) for each in self.products],
            "library": [asdict(each) for each in self.library],
            "trend": [asdict(point) for point in self.trend],
        }


def report_of(found: Collection, scope: Scope, *, now: datetime, earlier: Sequence[TrendPoint] = ()) -> Report:
    """Join what runs with the releases and the teams.

    Args:
        found: What runs.
        scope: The releases, their statuses, and whose the accounts are.
        now: The moment of the report, with its time zone.
        earlier: The trend of earlier reports, the oldest point first.
    """
    products = tuple(_product(each, found, scope, now) for each in found.provisioned_products)
    library = tuple(_library(each, scope, now) for each in found.library_uses)
    running, uses = summary(products), summary(library)
    today = TrendPoint(
        date=now.date().isoformat(),
        running=running.running,
        current=running.current,
        deprecated=running.deprecated,
        failing=running.tainted + running.error,
        library=uses.running,
        library_current=uses.current,
    )
    return Report(
        made=now,
        source=str(found.source),
        notes=tuple(f"{note.path}: {note.cause}. {note.fix}" for note in found.notes),
        unread=tuple(_owner(account, scope).key for account in found.unread),
        products=products,
        library=library,
        trend=(*(point for point in earlier if point.date < today.date), today),
    )


def _product(each: ProvisionedProduct, found: Collection, scope: Scope, now: datetime) -> Adoption:
    lifecycle = scope.products.get(each.product, {})
    offered = [version for version, status in lifecycle.items() if status == _OFFERED]
    distance = lag(each.version, offered, found.published.get(each.product, {}), now)
    known = each.version in lifecycle
    owner = _owner(each.account, scope)
    return Adoption(
        kind="product",
        team=owner.team,
        account=owner.key,
        account_id=each.account,
        region=each.region,
        name=each.name,
        id=each.id,
        product=each.product,
        version=each.version,
        newest=distance.newest,
        versions_behind=distance.versions if known else None,
        step=distance.step if known else None,
        days_behind=distance.days if known else None,
        lifecycle=lifecycle.get(each.version, NOT_KNOWN),
        status=each.status,
        launched=each.launched.isoformat(timespec="seconds"),
    )


def _library(each: LibraryUse, scope: Scope, now: datetime) -> Adoption:
    distance = lag(each.version, scope.library, {}, now)
    owner = _owner(each.account, scope)
    return Adoption(
        kind="library",
        team=owner.team,
        account=owner.key,
        account_id=each.account,
        region=each.region,
        name=each.resource,
        id=each.resource_type,
        product=each.construct,
        version=each.version,
        newest=distance.newest,
        versions_behind=distance.versions,
        step=distance.step,
        days_behind=None,
        lifecycle=_OFFERED if distance.versions is not None else NOT_KNOWN,
        status="AVAILABLE",
        launched=None,
    )


def _owner(account: str, scope: Scope) -> Owner:
    return scope.accounts.get(account, Owner(key=account, team=NOT_KNOWN, launches=False))


def _by(adoptions: Sequence[Adoption], attribute: str) -> dict[str, Summary]:
    keys = sorted({getattr(each, attribute) for each in adoptions})
    return {key: summary(each for each in adoptions if getattr(each, attribute) == key) for key in keys}
