"""Collects what runs in all accounts: from the aggregator of AWS Config, or account by account where there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from botocore.exceptions import ClientError

from pavedroad_platform.adoption.account_clients import ClientIn
from pavedroad_platform.adoption.config_source import ConfigSource
from pavedroad_platform.adoption.library_use import LibraryUse
from pavedroad_platform.adoption.provisioned_product import ProvisionedProduct
from pavedroad_platform.adoption.published_versions import PublishedVersions, published_versions
from pavedroad_platform.adoption.scope import Scope
from pavedroad_platform.adoption.service_catalog_source import provisioned_products_in
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching.client import is_denied


class Source(StrEnum):
    """Where to ask."""

    CONFIG = "config"
    """The aggregator of AWS Config: one query for all accounts, some minutes behind."""

    SERVICE_CATALOG = "service-catalog"
    """Service Catalog in every account that launches: always current."""


@dataclass(frozen=True, kw_only=True)
class Collection:
    """What runs, and how it was found out.

    Attributes:
        provisioned_products: What is launched, by account and name.
        source: Where it was asked for.
        library_uses: What teams made with the construct library in apps of their own; only Config knows it.
        published: Since when each version may be launched, by product and version.
        unread: The ids of the accounts that could not be read; what runs there is not known.
        notes: What whoever reads the report must know: why the source was not the first choice, what is missing.
    """

    provisioned_products: Sequence[ProvisionedProduct]
    source: Source
    library_uses: Sequence[LibraryUse] = ()
    published: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    notes: tuple[Problem, ...] = ()


def collected(client: ClientIn, scope: Scope, source: Source | None = None) -> Collection:
    """What runs in every account that launches.

    Args:
        client: Makes clients in accounts; ``account_clients`` makes it.
        scope: Which accounts, and where the catalogue and the aggregator are.
        source: Where to ask. Left out: the aggregator, and Service Catalog where there is none or it is denied. Whoever
            decides by the answer, such as to retire a version, asks ``SERVICE_CATALOG``: Config lags behind.

    Raises:
        PlatformError: The catalogue may not be read, or the aggregator was asked for and there is none or it is denied.
        ClientError: AWS refuses anything else.

    Example:
        >>> client = account_clients(role=scope.role, region=scope.region)
        >>> collected(client, scope).source
        <Source.CONFIG: 'config'>
    """
    published = _published(client, scope)
    if source is Source.SERVICE_CATALOG:
        return _from_service_catalog(client, scope, published)
    try:
        return _from_config(client, scope, published)
    except ClientError as error:
        if not _is_missing(error):
            raise
        hindrance = _hindrance(error, scope)
        if source is Source.CONFIG:
            raise PlatformError(hindrance) from error
        return _from_service_catalog(client, scope, published, hindrance)


def _published(client: ClientIn, scope: Scope) -> PublishedVersions:
    try:
        return published_versions(client("servicecatalog", scope.catalogue_account))
    except ClientError as error:
        if not is_denied(error):
            raise
        raise PlatformError(
            Problem(
                path=error.operation_name,
                cause=f"the catalogue of {scope.catalogue_account} may not be read: {_said(error)}",
                fix=f"Use a role of {scope.catalogue_account} that operates the platform (--profile or AWS_PROFILE).",
            )
        ) from error


def _said(error: ClientError) -> str:
    return error.response["Error"].get("Message") or str(error)


def _from_config(client: ClientIn, scope: Scope, published: PublishedVersions) -> Collection:
    aggregator = ConfigSource(client("config", scope.aggregator_account), scope.aggregator)
    found = [each for each in aggregator.provisioned_products(published) if _is_a_teams(each, scope)]
    uses = sorted(aggregator.library_uses(), key=lambda use: (use.account, use.construct, use.resource))
    recorded = aggregator.recorded_accounts()
    unread = tuple(account for account in scope.launching_accounts if account not in recorded)
    return Collection(
        provisioned_products=_ordered(found),
        source=Source.CONFIG,
        library_uses=uses,
        published=published.published,
        unread=unread,
        notes=tuple(_unrecorded(account, scope) for account in unread),
    )


def _from_service_catalog(client: ClientIn, scope: Scope, published: PublishedVersions, *notes: Problem) -> Collection:
    found: list[ProvisionedProduct] = []
    refusals: dict[str, Problem] = {}
    for account in scope.launching_accounts:
        try:
            catalog = client("servicecatalog", account)
            found += provisioned_products_in(account, catalog, published, region=scope.region)
        except ClientError as error:
            if not is_denied(error):
                raise
            refusals[account] = _unreadable(account, error, scope)
    return Collection(
        provisioned_products=_ordered(found),
        source=Source.SERVICE_CATALOG,
        published=published.published,
        unread=tuple(refusals),
        notes=(*notes, *refusals.values(), _LIBRARY_UNSEEN),
    )


def _is_a_teams(each: ProvisionedProduct, scope: Scope) -> bool:
    """Whether a team launched it; the canaries of the catalogue's test account are nobody's."""
    owner = scope.accounts.get(each.account)
    return owner is None or owner.launches


_LIBRARY_UNSEEN = Problem(
    path="library",
    cause="Service Catalog does not know what teams make with the library in apps of their own; it is not shown",
    fix="Ask with --source config.",
)


def _ordered(found: Sequence[ProvisionedProduct]) -> list[ProvisionedProduct]:
    return sorted(found, key=lambda each: (each.account, each.name, each.id))


def _is_missing(error: ClientError) -> bool:
    return is_denied(error) or error.response["Error"]["Code"] == "NoSuchConfigurationAggregatorException"


def _hindrance(error: ClientError, scope: Scope) -> Problem:
    where = f"the aggregator {scope.aggregator} in {scope.aggregator_account}"
    if is_denied(error):
        return Problem(
            path=error.operation_name,
            cause=f"{where} may not be asked: {_said(error)}",
            fix=f"Use credentials of {scope.catalogue_account} that may assume {scope.role}.",
        )
    return Problem(
        path=error.operation_name,
        cause=f"there is not {where}",
        fix="Deploy the security stack. Until then: --source service-catalog",
    )


def _unrecorded(account: str, scope: Scope) -> Problem:
    return Problem(
        path=scope.accounts[account].key,
        cause=f"AWS Config records nothing in {account}; what is launched there is missing",
        fix="Deploy the account's workload stack, or ask with --source service-catalog.",
    )


def _unreadable(account: str, error: ClientError, scope: Scope) -> Problem:
    return Problem(
        path=scope.accounts[account].key,
        cause=f"{account} cannot be read: {_said(error)}",
        fix=f"Deploy the account's workload stack, which has the role {scope.role}.",
    )
