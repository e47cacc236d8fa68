"""The records of resources made by CloudFormation: MiniStack's Cloud Control store, by account and region."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ministack.services import cloudcontrol


@dataclass(kw_only=True)
class ResourceRecord:
    """One resource as it stands.

    Attributes:
        type_name: Such as ``AWS::S3::Bucket``.
        identifier: What ``Ref`` answers.
        properties: Its properties.
        attributes: What ``Fn::GetAtt`` answers, by dotted path.
        native_identifier: Its name in MiniStack where that differs from ``identifier``.
    """

    type_name: str
    identifier: str
    properties: Mapping[str, Any]
    attributes: dict[str, Any] = field(default_factory=dict)
    native_identifier: str | None = None

    def save(self) -> None:
        """Store the record, so that ``cloudcontrol list-resources`` shows it."""
        model = {**self.properties, **{path: value for path, value in self.attributes.items() if "." not in path}}
        cloudcontrol._resources[_key(self.type_name, self.identifier)] = {
            "TypeName": self.type_name,
            "Identifier": self.identifier,
            "Properties": json.dumps(model, default=str),
            "_record": self,
        }


def _key(type_name: str, identifier: str) -> str:
    return str(cloudcontrol._resource_key(type_name, identifier))


def find(type_name: str, identifier: str) -> ResourceRecord | None:
    """The record of a resource in the current account and region, if CloudFormation made it."""
    row = cloudcontrol._resources.get(_key(type_name, identifier))
    return row.get("_record") if row else None


def remove(type_name: str, identifier: str) -> None:
    """Forget a resource."""
    cloudcontrol._resources.pop(_key(type_name, identifier), None)
