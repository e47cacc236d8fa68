"""What the catalogue offers to the caller: products, their versions, and the ways to launch them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching.client import pages
from pavedroad_platform.organization.suggestions import instead_of


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version that may be launched.

    Attributes:
        id: Its id.
        name: Such as ``1.0.0``.
        deprecated: Whether it may not be launched any more, and a newer one takes its place.
        created: When it was released.
    """

    id: str
    name: str
    deprecated: bool
    created: datetime


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A product that may be launched.

    Attributes:
        id: Its id.
        name: Its name.
        summary: What a team gets.
        owner: Who maintains it.
        versions: The versions, the oldest first.
        paths: The ids of the portfolios that lead to it, by their names.
    """

    id: str
    name: str
    summary: str
    owner: str
    versions: Sequence[Version]
    paths: dict[str, str]

    def version(self, wanted: str | None) -> Version:
        """The version of that name. Left out: the newest that is not deprecated, or the newest.

        Raises:
            PlatformError: There is no such version, or none at all.
        """
        if not self.versions:
            cause, fix = f"no version of {self.name} may be launched", "Ask the platform team."
            raise PlatformError(Problem(path="--version", cause=cause, fix=fix))
        if wanted is None:
            return next((each for each in reversed(self.versions) if not each.deprecated), self.versions[-1])
        for version in self.versions:
            if version.name == wanted:
                return version
        fix = instead_of(wanted, [version.name for version in self.versions])
        cause = f"{wanted} is no version of {self.name} that may be launched"
        raise PlatformError(Problem(path="--version", cause=cause, fix=fix))

    def refuse_deprecated(self, version: Version) -> None:
        """Refuse what Service Catalog does not launch any more.

        Raises:
            PlatformError: The version is deprecated; one that may be launched is named.
        """
        if not version.deprecated:
            return
        newest = self.version(None)
        fix = f"Launch {newest.name}." if not newest.deprecated else "Ask the platform team for another version."
        cause = f"{self.name} {version.name} is deprecated: it can be upgraded and ended, and not launched any more"
        raise PlatformError(Problem(path="--version", cause=cause, fix=fix))

    def path(self, portfolio: str | None) -> str:
        """The id of the way through a portfolio. Left out: the only one.

        Raises:
            PlatformError: There is no such portfolio, or several and none is named.
        """
        if portfolio in self.paths:
            return self.paths[portfolio]
        if portfolio is None and len(self.paths) == 1:
            return next(iter(self.paths.values()))
        cause = f"{self.name} is in several portfolios" if portfolio is None else f"{self.name} is not in {portfolio}"
        fix = instead_of(portfolio or "", self.paths)
        raise PlatformError(Problem(path="--portfolio", cause=cause, fix=fix))


def offers(catalog: Any) -> list[Offer]:
    """Every product that the caller may launch, by name."""
    return sorted((_offer(catalog, view["ProductId"]) for view in _views(catalog)), key=lambda offer: offer.name)


def find_offer(catalog: Any, name: str) -> Offer:
    """The product of that name.

    Raises:
        PlatformError: No portfolio offers it to the caller; the most similar one is named.
    """
    views = _views(catalog)
    for view in views:
        if view["Name"] == name:
            return _offer(catalog, view["ProductId"])
    fix = instead_of(name, sorted(view["Name"] for view in views))
    if not views:
        fix = "You may launch nothing with these credentials. Is it the right profile? Else ask the platform team."
    raise PlatformError(Problem(path=name, cause=f"there is no product {name} for you", fix=fix))


def offer_of(catalog: Any, product_id: str) -> Offer | None:
    """The product of that id; ``None`` where it is not offered any more."""
    try:
        return _offer(catalog, product_id)
    except catalog.exceptions.ResourceNotFoundException:
        return None


def _views(catalog: Any) -> list[dict[str, Any]]:
    return list(pages(catalog.search_products, "ProductViewSummaries"))


def _offer(catalog: Any, product_id: str) -> Offer:
    described = catalog.describe_product(Id=product_id)
    view = described["ProductViewSummary"]
    versions = [
        Version(
            id=each["Id"],
            name=each["Name"],
            deprecated=each.get("Guidance") == "DEPRECATED",
            created=each["CreatedTime"],
        )
        for each in described["ProvisioningArtifacts"]
    ]
    return Offer(
        id=product_id,
        name=view["Name"],
        summary=view.get("ShortDescription", ""),
        owner=view.get("Owner", ""),
        versions=sorted(versions, key=_order),
        paths={path["Name"]: path["Id"] for path in described.get("LaunchPaths", [])},
    )


def _order(version: Version) -> tuple[list[int], datetime]:
    """1.10.0 comes after 1.9.0; versions of other forms come first, by their age."""
    parts = version.name.split(".")
    return [int(part) for part in parts] if all(map(str.isdigit, parts)) else [], version.created
