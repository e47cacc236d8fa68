"""Provides a type through its service's own API, described by a few lines of data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pavedroad_platform.sandbox.emulator.in_process_client import call
from pavedroad_platform.sandbox.emulator.resource import Resource

Parameters = Callable[[Resource], dict[str, Any]]


@dataclass(frozen=True)
class Operation:
    """One call of a service's API.

    Attributes:
        name: The operation.
        parameters: Makes its input from the resource.
    """

    name: str
    parameters: Parameters


@dataclass(frozen=True, kw_only=True)
class ApiProvider:
    """A type that one operation makes and one removes.

    Attributes:
        service: botocore's name of the service.
        creates: The operation that makes it.
        answers: The resource's attributes by dotted path, and where the answer has them.
        updates: The operation that changes it. Left out: it is removed and made again under the same identifier, or,
            where ``answers`` gives it a new one, only its record changes.
        deletes: The operation that removes it. Left out: nothing is called.
    """

    service: str
    creates: Operation
    answers: Mapping[str, str] = field(default_factory=dict)
    updates: Operation | None = None
    deletes: Operation | None = None

    def create(self, resource: Resource) -> None:
        """Make it and take over what the service answers."""
        answer = call(self.service, self.creates.name, **self.creates.parameters(resource))
        for attribute, path in self.answers.items():
            resource.attributes[attribute] = _at(answer, path)

    def update(self, resource: Resource) -> None:
        """Change it in place."""
        if self.updates:
            call(self.service, self.updates.name, **self.updates.parameters(resource))
        elif not self.answers:
            self.delete(_previous(resource))
            self.create(resource)

    def delete(self, resource: Resource) -> None:
        """Remove it."""
        if self.deletes:
            call(self.service, self.deletes.name, **self.deletes.parameters(resource))


def _previous(resource: Resource) -> Resource:
    return Resource(type_name=resource.type_name, properties=resource.previous, attributes=resource.attributes)


def _at(answer: Any, path: str) -> Any:
    for part in path.split("."):
        answer = answer[int(part)] if part.isdigit() else answer[part]
    return answer
