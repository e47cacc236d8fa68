"""What a template lets somebody do, statement by statement, and what of it is more than before."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

# Resources that give access without a policy document.
_GIVING = {
    "AWS::EC2::SecurityGroupIngress",
    "AWS::Lambda::Permission",
    "AWS::ServiceCatalog::PortfolioPrincipalAssociation",
}
_GIVING_PROPERTIES = ("ManagedPolicyArns", "SecurityGroupIngress")


@dataclass(frozen=True, kw_only=True, order=True)
class Widening:
    """Something that is allowed and was not.

    Attributes:
        resource: The logical id of the resource that allows it.
        what: What is allowed, in a line.
    """

    resource: str
    what: str


def widened(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Widening]:
    """Everything that ``after`` allows, or no longer denies, and ``before`` did not allow, or denied.

    A statement whose condition is another counts as new: whether one condition takes all that another takes cannot be
    seen in general.

    Args:
        before: The template that is deployed.
        after: The template that is to be.
    """
    old, new = _statements(before), _statements(after)
    allowed = {(resource, what) for effect, resource, what in new - old if effect == "Allow"}
    undenied = {(resource, f"no longer denied: {what}") for effect, resource, what in old - new if effect == "Deny"}
    return sorted(Widening(resource=resource, what=what) for resource, what in allowed | undenied)


def _statements(template: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    return {
        (effect, logical_id, what)
        for logical_id, resource in template["Resources"].items()
        for effect, what in _of_resource(resource)
    }


def _of_resource(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    properties = resource.get("Properties", {})
    if resource["Type"] in _GIVING:
        yield "Allow", _flat(properties)
    for name in _GIVING_PROPERTIES:
        for item in properties.get(name, ()):
            yield "Allow", f"{name} {_flat(item)}"
    yield from _in_documents(properties)


def _in_documents(value: Any) -> Iterator[tuple[str, str]]:
    """The statements of every policy document in ``value``, wherever it stands."""
    if isinstance(value, str) and '"Statement"' in value:
        try:
            value = json.loads(value)
        except ValueError:
            return
    if isinstance(value, list):
        for item in value:
            yield from _in_documents(item)
    elif isinstance(value, dict):
        for statement in _listed(value.get("Statement", ())):
            if isinstance(statement, dict) and "Effect" in statement:
                yield from _of_statement(statement)
        for item in value.values():
            yield from _in_documents(item)


def _of_statement(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """One line for each action on each resource: an action less in a list is no widening."""
    actions = _named(statement, "Action", "NotAction")
    resources = _named(statement, "Resource", "NotResource")
    principals = _flat(statement.get("Principal", statement.get("NotPrincipal", "")))
    condition = statement.get("Condition")
    for action, resource in product(actions, resources):
        parts = [action, f"on {resource}" if resource else "", f"by {principals}" if principals else ""]
        parts.append(f"if {_flat(condition)}" if condition else "")
        yield statement["Effect"], " ".join(filter(None, parts))


def _named(statement: Mapping[str, Any], name: str, negated: str) -> list[str]:
    if negated in statement:
        return [f"all but {_flat(statement[negated])}"]
    return [_flat(each) for each in _listed(statement.get(name, ""))]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _flat(value: Any) -> str:
    """The value as a person reads it: references by their names."""
    match value:
        case {"Ref": str(name)}:
            return name
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"{name}.{attribute}"
        case {"Fn::Join": [str(separator), list(parts)]}:
            return separator.join(map(_flat, parts))
        case str():
            return value
        case _:
            return json.dumps(value, sort_keys=True)
