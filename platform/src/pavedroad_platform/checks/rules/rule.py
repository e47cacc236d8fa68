"""What a rule is: a type, a property, a requirement, and why."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pavedroad_platform.checks.findings import FinishedTemplate

Requirement = Callable[[Any], bool]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A requirement on one property of one resource type.

    Attributes:
        id: The rule's id, such as ``PavedRoad-S3-1``; this is what is acknowledged.
        resource_type: The CloudFormation type that it is about.
        place: The property, as ``BucketEncryption.ServerSideEncryptionConfiguration.*.BucketKeyEnabled``;
            ``*`` stands for every element of a list. For a property that is missing the requirement gets ``None``.
        requires: Whether a value is good.
        message: What is wrong and what to set.
        source: The control or documentation that asks for it.
        when: Whether the rule applies to the resource's properties. Left out: always.
        within: Whether it applies to the resource in its template, where its properties do not tell. Left out: always.
    """

    id: str
    resource_type: str
    place: str
    requires: Requirement
    message: str
    source: str
    when: Callable[[Mapping[str, Any]], bool] = lambda _: True
    within: Callable[[Mapping[str, Any], FinishedTemplate], bool] = lambda _resource, _template: True

    def is_broken_by(self, resource: Mapping[str, Any], template: FinishedTemplate) -> bool:
        """Whether ``resource``, of this rule's type, breaks it in ``template``."""
        properties = resource.get("Properties", {})
        if not self.when(properties) or not self.within(resource, template):
            return False
        holder = resource if self.place in {"DeletionPolicy", "UpdateReplacePolicy"} else properties
        return not all(self.requires(value) for value in values_at(holder, self.place.split(".")))


def values_at(node: Any, steps: list[str]) -> Iterator[Any]:
    """The values at a place; ``None`` where the way to it ends early."""
    if not steps:
        yield node
    elif isinstance(node, Mapping) and is_intrinsic(node):
        yield node  # decided at deployment: the requirement sees the function itself
    elif steps[0] == "*":
        elements = node if isinstance(node, list) else []
        if not elements:
            yield None
        for element in elements:
            yield from values_at(element, steps[1:])
    else:
        yield from values_at(node.get(steps[0]) if isinstance(node, Mapping) else None, steps[1:])


def is_intrinsic(value: object) -> bool:
    """Whether ``value`` is a CloudFormation function, whose result is known at deployment only."""
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))


def present(value: object) -> bool:
    """The property is set to something."""
    return value not in (None, "", [], {})


def is_true(value: object) -> bool:
    """True, or decided by a parameter of the template."""
    return value in (True, "true") or is_intrinsic(value)


def is_false(value: object) -> bool:
    """False or left out, or decided by a parameter of the template."""
    return value in (None, False, "false") or is_intrinsic(value)


def equals(*allowed: object) -> Requirement:
    """One of ``allowed``, or decided by a parameter of the template."""
    return lambda value: value in allowed or is_intrinsic(value)


def at_least(minimum: int) -> Requirement:
    """A number that is not below ``minimum``, or decided by a parameter of the template."""
    return lambda value: is_intrinsic(value) or (value is not None and float(value) >= minimum)
