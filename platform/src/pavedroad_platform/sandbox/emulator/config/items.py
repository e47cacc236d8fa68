"""Configuration items: what AWS Config would have recorded of the resources that the emulator has.

Provisioned products with their whole configuration; of everything that CloudFormation made, what it is, where, and its
tags. Only an account that has a configuration recorder in the region records.

Source: https://github.com/awslabs/aws-config-resource-schema
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from ministack.core.responses import request_scope
from ministack.services import cloudcontrol
from ministack.services import config as ministack_config
from ministack.services.cloudformation import provisioners

from pavedroad_platform.sandbox.emulator.resource_records import ResourceRecord
from pavedroad_platform.sandbox.emulator.service_catalog import provisioned_products
from pavedroad_platform.sandbox.emulator.service_catalog.state import ProvisionedProduct, catalog

_RECORDER: Final = "AWS::Config::ConfigurationRecorder"
_PROVISIONED_PRODUCT: Final = "AWS::ServiceCatalog::CloudFormationProvisionedProduct"

PROPERTIES: Final = (
    "accountId",
    "arn",
    "awsRegion",
    "configuration.arn",
    "configuration.createdTime",
    "configuration.id",
    "configuration.lastRecordId",
    "configuration.name",
    "configuration.physicalId",
    "configuration.productId",
    "configuration.productName",
    "configuration.provisioningArtifactId",
    "configuration.status",
    "configuration.statusMessage",
    "configuration.type",
    "configuration.userArn",
    "resourceId",
    "resourceName",
    "resourceType",
    "tags",
    "tags.key",
    "tags.tag",
    "tags.value",
)
"""The properties that may be asked for."""

Item = Mapping[str, Any]


def items() -> Iterator[Item]:
    """The configuration items of all accounts and regions that record."""
    recording = _recording()
    for launch in list(catalog.launches.values()):
        if (launch.account, launch.region) in recording:
            yield from _provisioned_product(launch)
    for (account, region, _), row in list(cloudcontrol._resources._data.items()):
        record = row.get("_record")
        if record and (account, region) in recording:
            yield _resource(record, account, region)


def _recording() -> set[tuple[str, str]]:
    made = {
        (account, region)
        for (account, region, _), row in list(cloudcontrol._resources._data.items())
        if row["TypeName"] == _RECORDER
    }
    return made | {(account, region) for account, region, _ in list(ministack_config._recorders._data)}


def _provisioned_product(launch: ProvisionedProduct) -> Iterator[Item]:
    with request_scope(launch.account, launch.region):
        shown = provisioned_products.attribute(launch)
    if shown["Status"] == provisioned_products.TERMINATED:
        return
    configuration = {f"{name[0].lower()}{name[1:]}": value for name, value in shown.items() if name in _CONFIGURED}
    created = datetime.fromtimestamp(launch.created, UTC).isoformat(timespec="milliseconds")
    yield {
        **_item(launch.account, launch.region, _PROVISIONED_PRODUCT, launch.id),
        "arn": launch.arn,
        "resourceName": launch.name,
        "configuration": {**configuration, "createdTime": created.replace("+00:00", "Z")},
        "tags": _tags(launch.tags),
    }


# The name of the version is not among them.
_CONFIGURED: Final = {
    "Arn",
    "Id",
    "LastRecordId",
    "Name",
    "PhysicalId",
    "ProductId",
    "ProductName",
    "ProvisioningArtifactId",
    "Status",
    "StatusMessage",
    "Type",
    "UserArn",
}


def _resource(record: ResourceRecord, account: str, region: str) -> Item:
    name, _ = provisioners._STACK_TAG_PROPERTY.get(record.type_name) or ("", "")
    found = record.properties.get(name) or {}
    tags = found if isinstance(found, Mapping) else {tag["Key"]: tag["Value"] for tag in found if "Key" in tag}
    return {
        **_item(account, region, record.type_name, record.identifier),
        "resourceName": record.identifier,
        "arn": str(record.attributes.get("Arn", "")),
        "tags": _tags(tags),
    }


def _item(account: str, region: str, resource_type: str, identifier: str) -> dict[str, Any]:
    return {"accountId": account, "awsRegion": region, "resourceType": resource_type, "resourceId": identifier}


def _tags(tags: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"key": key, "value": str(value), "tag": f"{key}={value}"} for key, value in tags.items()]
