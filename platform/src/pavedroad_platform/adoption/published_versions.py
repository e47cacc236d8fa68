"""The versions that the catalogue has published: their names and since when they may be launched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pavedroad_platform.launching.client import pages


@dataclass(frozen=True, kw_only=True)
class PublishedVersions:
    """What the catalogue says of the ids that accounts know.

    Attributes:
        products: The name of each product by its id.
        versions: The name of each version by its id.
        published: Since when each version may be launched, by product and version.
    """

    products: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    published: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)


def published_versions(catalog: Any) -> PublishedVersions:
    """Every version of every product that the account owns, those that may not be launched any more included.

    Args:
        catalog: A client of Service Catalog in the account that owns the products.

    Source: https://docs.aws.amazon.com/servicecatalog/latest/dg/API_ListProvisioningArtifacts.html
    """
    products = dict(_products(catalog))
    versions: dict[str, str] = {}
    published: dict[str, dict[str, datetime]] = {}
    for identifier, name in products.items():
        for version in pages(catalog.list_provisioning_artifacts, _VERSIONS, ProductId=identifier):
            versions[version["Id"]] = version["Name"]
            published.setdefault(name, {})[version["Name"]] = version["CreatedTime"]
    return PublishedVersions(products=products, versions=versions, published=published)


_VERSIONS = "ProvisioningArtifactDetails"


def _products(catalog: Any) -> Iterator[tuple[str, str]]:
    for detail in pages(catalog.search_products_as_admin, "ProductViewDetails", ProductSource="ACCOUNT"):
        summary = detail["ProductViewSummary"]
        yield summary["ProductId"], summary["Name"]
