"""Which resources of a template outlive their stack, and which hold data."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.registry_data import stateful_types

_RETAINING = {"Retain", "RetainExceptOnCreate", "Snapshot"}


def is_retained(resource: Mapping[str, Any], policy: str = "DeletionPolicy") -> bool:
    """Whether the resource, or a snapshot of it, is still there when its stack is gone.

    Args:
        resource: The resource as its template has it.
        policy: The policy that decides. ``UpdateReplacePolicy``: whether it is still there when it was replaced.
    """
    return resource.get(policy) in _RETAINING


def is_stateful(resource: Mapping[str, Any]) -> bool:
    """Whether an empty new resource in its place would be a loss."""
    return is_retained(resource) or resource["Type"] in stateful_types()
