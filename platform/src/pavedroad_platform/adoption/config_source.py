"""What runs where, as the aggregator of AWS Config knows it: three queries, whatever the number of accounts.

A configuration item of a provisioned product has the ids of its product and version and the product's name; the
version's name is the catalogue's to tell. Config records a change within minutes, and aggregates it later still.

Source: https://docs.aws.amazon.com/config/latest/developerguide/query-components.html
Source: https://github.com/awslabs/aws-config-resource-schema
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from pavedroad.version_stamp import STAMP_TAG, VersionStamp
from pavedroad_platform.adoption.library_use import LibraryUse
from pavedroad_platform.adoption.provisioned_product import ProvisionedProduct
from pavedroad_platform.adoption.published_versions import PublishedVersions

PROVISIONED_PRODUCTS: Final = (
    "SELECT accountId, awsRegion, configuration.id, configuration.name, configuration.productId,"
    " configuration.productName, configuration.provisioningArtifactId, configuration.status,"
    " configuration.createdTime"
    " WHERE resourceType = 'AWS::ServiceCatalog::CloudFormationProvisionedProduct'"
)
"""The query for what is launched in every account."""

RECORDED_ACCOUNTS: Final = (
    "SELECT accountId, COUNT(*) WHERE resourceType = 'AWS::Config::ConfigurationRecorder' GROUP BY accountId"
)
"""The query for the accounts that record: what runs in any other is not seen."""

LIBRARY_USES: Final = (
    f"SELECT accountId, awsRegion, resourceType, resourceId, resourceName, tags WHERE tags.key = '{STAMP_TAG}'"
)
"""The query for what was made with the construct library in every account."""

_MOST_RESULTS: Final = 100


class ConfigSource:
    """The aggregator.

    Args:
        config: A client of AWS Config in the aggregator's account.
        aggregator: The aggregator's name.
    """

    def __init__(self, config: Any, aggregator: str) -> None:
        self._config = config
        self._aggregator = aggregator

    def provisioned_products(self, published: PublishedVersions) -> list[ProvisionedProduct]:
        """What is launched in every account.

        Args:
            published: Tells the versions' names.
        """
        return [_provisioned_product(item, published) for item in self.select(PROVISIONED_PRODUCTS)]

    def library_uses(self) -> list[LibraryUse]:
        """What was made with the construct library in every account, by whatever app."""
        found = (_library_use(item) for item in self.select(LIBRARY_USES))
        return [use for use in found if use is not None]

    def recorded_accounts(self) -> set[str]:
        """The ids of the accounts whose configuration is recorded and aggregated."""
        return {str(row["accountId"]) for row in self.select(RECORDED_ACCOUNTS)}

    def select(self, expression: str) -> Iterator[Mapping[str, Any]]:
        """The rows that a query finds, page after page."""
        paginator = self._config.get_paginator("select_aggregate_resource_config")
        for page in paginator.paginate(
            Expression=expression,
            ConfigurationAggregatorName=self._aggregator,
            PaginationConfig={"PageSize": _MOST_RESULTS},
        ):
            yield from map(json.loads, page["Results"])


def _provisioned_product(item: Mapping[str, Any], published: PublishedVersions) -> ProvisionedProduct:
    recorded = item["configuration"]
    product, version = recorded["productId"], recorded["provisioningArtifactId"]
    return ProvisionedProduct(
        account=item["accountId"],
        region=item["awsRegion"],
        id=recorded["id"],
        name=recorded["name"],
        product=published.products.get(product) or recorded.get("productName") or product,
        version=published.versions.get(version, version),
        status=recorded["status"],
        launched=_moment(recorded["createdTime"]),
    )


def _library_use(item: Mapping[str, Any]) -> LibraryUse | None:
    values = (tag["value"] for tag in item["tags"] if tag["key"] == STAMP_TAG)
    stamp = VersionStamp.read(next(values, ""))
    if stamp is None:
        return None
    return LibraryUse(
        account=item["accountId"],
        region=item["awsRegion"],
        construct=stamp.construct,
        version=stamp.version,
        resource_type=item["resourceType"],
        resource=item.get("resourceName") or item["resourceId"],
    )


def _moment(recorded: str | float) -> datetime:
    """A date of a configuration item: Config tells some as text and some as milliseconds."""
    if isinstance(recorded, str):
        moment = datetime.fromisoformat(recorded)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.fromtimestamp(recorded / 1000, UTC)
