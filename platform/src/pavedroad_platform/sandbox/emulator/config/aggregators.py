"""Configuration aggregators: which accounts' and regions' items each sees."""

from collections.abc import Iterator, Mapping
from typing import Any

from ministack.services import cloudcontrol

from pavedroad_platform.sandbox.emulator import organizations
from pavedroad_platform.sandbox.emulator.config.items import Item, items
from pavedroad_platform.sandbox.emulator.resource_records import ResourceRecord


def aggregators() -> Iterator[ResourceRecord]:
    """The aggregators of the current account and region."""
    for row in cloudcontrol._resources.values():
        if row["TypeName"] == "AWS::Config::ConfigurationAggregator" and "_record" in row:
            yield row["_record"]


def described(aggregator: ResourceRecord) -> dict[str, Any]:
    """The aggregator as the API shows it."""
    shown: dict[str, Any] = {
        "ConfigurationAggregatorName": aggregator.identifier,
        "ConfigurationAggregatorArn": aggregator.attributes["ConfigurationAggregatorArn"],
    }
    for source in ("AccountAggregationSources", "OrganizationAggregationSource"):
        if source in aggregator.properties:
            shown[source] = aggregator.properties[source]
    return shown


def seen_by(aggregator: ResourceRecord) -> Iterator[Item]:
    """The configuration items that the aggregator has gathered."""
    sources = [_source(each, each["AccountIds"]) for each in aggregator.properties.get("AccountAggregationSources", [])]
    organization = aggregator.properties.get("OrganizationAggregationSource")
    if organization:
        sources.append(_source(organization, organizations.accounts_under("o-")))
    for item in items():
        for accounts, regions in sources:
            if item["accountId"] in accounts and (regions is None or item["awsRegion"] in regions):
                yield item
                break


def _source(source: Mapping[str, Any], accounts: list[str]) -> tuple[set[str], set[str] | None]:
    """The accounts of a source, and its regions; ``None`` for all regions."""
    every = str(source.get("AllAwsRegions", "false")).lower() == "true"
    return set(accounts), None if every else set(source.get("AwsRegions") or [])
