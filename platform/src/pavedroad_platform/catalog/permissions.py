"""The permissions that CloudFormation needs to make, read, change and delete what a template holds.

They come from the CloudFormation registry: the schema of every resource type lists the permissions of its handlers.

Source: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pavedroad_platform.catalog import iam_actions
from pavedroad_platform.catalog.handler_permissions import FURTHER_PERMISSIONS, HANDLER_PERMISSIONS
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.registry_data import schema_text

# The handler "list" serves inventories of an account; no stack operation calls it.
_OPERATIONS = ("create", "read", "update", "delete")


@dataclass(frozen=True, order=True)
class Permission:
    """One permission and why it is needed.

    Attributes:
        action: The IAM action, such as ``s3:CreateBucket``.
        resource_type: The type of the resource that needs it.
        operation: What is done with the resource: ``create``, ``read``, ``update``, ``delete`` or ``tag``.
    """

    action: str
    resource_type: str
    operation: str


def permissions(templates: Iterable[Mapping[str, Any]]) -> list[Permission]:
    """Every permission that is needed for any of ``templates``, sorted.

    Raises:
        PlatformError: A resource type is unknown to the registry, is a custom resource, or asks for every action of a
            service; all of them are named.
    """
    types = sorted({resource["Type"] for template in templates for resource in template["Resources"].values()})
    problems = [problem for resource_type in types for problem in _type_problems(resource_type)]
    if problems:
        raise PlatformError(*problems)
    return sorted(permission for resource_type in types for permission in _permissions_of(resource_type))


def _permissions_of(resource_type: str) -> Iterator[Permission]:
    for operation, actions in _handlers(resource_type).items():
        for action in actions:
            if iam_actions.exists(action):
                yield Permission(action, resource_type, operation)


def _type_problems(resource_type: str) -> Iterator[Problem]:
    handlers = _handlers(resource_type)
    if not handlers:
        yield Problem(
            cause=f"The CloudFormation registry lists no handlers of {resource_type}: its permissions are not known.",
            fix="Add its permissions to catalog/handler_permissions.py, or build the product without it.",
        )
    for operation, actions in handlers.items():
        for action in actions:
            if "*" in action:
                yield Problem(
                    cause=f"{resource_type} asks for {action} to {operation}; a launch role has no wildcard actions.",
                    fix="Put the actions that it really needs into catalog/handler_permissions.py.",
                )


@cache
def _handlers(resource_type: str) -> dict[str, tuple[str, ...]]:
    """The permissions of each operation. Empty for a type that nothing is known about."""
    if resource_type in HANDLER_PERMISSIONS:
        return dict(HANDLER_PERMISSIONS[resource_type])
    text = schema_text(resource_type)
    if text is None:
        return {}
    schema = json.loads(text)
    handlers = schema.get("handlers", {})
    further = FURTHER_PERMISSIONS.get(resource_type, {})
    found = {
        operation: (*handlers[operation]["permissions"], *further.get(operation, ()))
        for operation in _OPERATIONS
        if operation in handlers
    }
    # Service Catalog puts its tags on the stack, and CloudFormation on every resource.
    tagging = schema.get("tagging", {}).get("permissions", ())
    return {**found, "tag": tuple(tagging)} if found and tagging else found
