"""What a provider is given: one resource of one stack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(kw_only=True)
class Resource:
    """A resource that is being created, updated or deleted.

    Attributes:
        type_name: Such as ``AWS::EC2::NatGateway``.
        properties: What it shall be, or was where it is deleted.
        attributes: Its identifiers and read-only properties by dotted path; a provider sets what its service answers.
        previous: The properties before an update.
        logical_id: Its name in the template; empty where it is deleted.
        stack_name: The stack that it belongs to; empty where it is deleted.
    """

    type_name: str
    properties: Mapping[str, Any]
    attributes: dict[str, Any]
    previous: Mapping[str, Any] = field(default_factory=dict)
    logical_id: str = ""
    stack_name: str = ""

    def picked(self, *names: str, **renamed: str) -> dict[str, Any]:
        """The named properties that are set; ``Property="ApiName"`` renames."""
        wanted = dict(zip(names, names, strict=True)) | renamed
        return {api: self.properties[name] for name, api in wanted.items() if name in self.properties}


class Provider(Protocol):
    """Makes a type through the API of a service that the emulator has."""

    def create(self, resource: Resource) -> None:
        """Make it and set the attributes that the service answers."""

    def update(self, resource: Resource) -> None:
        """Change it in place from ``resource.previous``."""

    def delete(self, resource: Resource) -> None:
        """Remove it."""
