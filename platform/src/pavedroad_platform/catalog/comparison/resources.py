"""How what a product makes changed: what is lost, what is replaced, and what is updated in its place.

Source: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pavedroad_platform.catalog.comparison.change import ProductChange, listed, major, minor, patch
from pavedroad_platform.catalog.comparison.expansion import Template, condition, expanded, names_referred_to
from pavedroad_platform.registry_data import property_path, schema_text
from pavedroad_platform.retention import is_retained, is_stateful

Resource = Mapping[str, Any]

_POLICIES = {"DeletionPolicy": "the stack is terminated", "UpdateReplacePolicy": "it is replaced"}

_COMPARED = {"Type", "Properties", "Condition", *_POLICIES}

# A change makes a new revision, which takes over before the old one goes: nothing is lost and no name changes.
_REVISIONS = {"AWS::ECS::TaskDefinition", "AWS::Lambda::Version"}

_COPY_DATA = "Copy what it holds to the new one before the old one is given up; do not upgrade before you can."


def resource_changes(before: Template, after: Template) -> Iterator[ProductChange]:
    """Every difference between the resources of two templates."""
    old, new = before["Resources"], after["Resources"]
    # To put them in takes most of the time; a resource that is the same is so with them too, where they are the same.
    are_same = all(before.get(section) == after.get(section) for section in ("Conditions", "Mappings"))
    for logical_id, resource in old.items():
        name = f"{resource['Type']} {logical_id}"
        if logical_id not in new:
            yield _gone(name, resource)
        elif are_same and new[logical_id] == resource:
            continue
        elif new[logical_id]["Type"] != resource["Type"]:
            what = f"{name} is of another type: {new[logical_id]['Type']}"
            yield major(what, f"CloudFormation refuses the upgrade: launch the new version anew. {_COPY_DATA}")
        else:
            yield from _made_changes(name, resource, new[logical_id], before, after)
            yield from _policy_changes(name, resource, new[logical_id])
            yield from _property_changes(
                name, _expanded_resource(resource, before), _expanded_resource(new[logical_id], after)
            )
    for logical_id, resource in new.items():
        if logical_id not in old:
            yield minor(f"{resource['Type']} {logical_id} is new")


def replacing_parameters(template: Template) -> set[str]:
    """The parameters that decide a property whose change replaces its resource, or whether there is a resource."""
    found: set[str] = set()
    for resource in template["Resources"].values():
        if resource["Type"] in _REVISIONS:
            continue
        properties = resource.get("Properties", {})
        for path in (_create_only(resource["Type"]) or {"create": ()})["create"]:
            found.update(names_referred_to(expanded(_at(properties, path.split(".")), template)))
        if is_stateful(resource) and "Condition" in resource:
            found.update(names_referred_to(condition(resource["Condition"], template)))
    return found & set(template.get("Parameters", {}))


def _gone(name: str, resource: Resource) -> ProductChange:
    if is_retained(resource):
        return major(f"{name} is gone from the template", f"It stays in the account, without its stack. {_COPY_DATA}")
    if is_stateful(resource):
        return major(f"{name} is gone, with what it holds", _COPY_DATA)
    return minor(f"{name} is gone")


def _made_changes(
    name: str, old: Resource, new: Resource, before: Template, after: Template
) -> Iterator[ProductChange]:
    """Whether it depends on something else now that there is such a resource."""
    conditions = [
        condition(resource["Condition"], template) if "Condition" in resource else None
        for resource, template in ((old, before), (new, after))
    ]
    if conditions[0] == conditions[1]:
        return
    if conditions[1] is None:
        yield minor(f"{name} is always made")
    elif is_stateful(old):
        yield major(f"{name} is made under another condition", f"Check that you still get one. {_COPY_DATA}")
    else:
        yield minor(f"{name} is made under another condition")


def _policy_changes(name: str, old: Resource, new: Resource) -> Iterator[ProductChange]:
    for policy, when in _POLICIES.items():
        if old.get(policy) == new.get(policy):
            continue
        what = f"{name} has the {policy} {new.get(policy, 'Delete')}, and had {old.get(policy, 'Delete')}"
        if is_retained(old, policy) and not is_retained(new, policy):
            yield major(what, f"What it holds is lost when {when}: keep a copy.")
        elif is_retained(new, policy) and not is_retained(old, policy):
            yield minor(what, f"It stays, and costs, when {when}.")
        else:
            yield patch(what)


def _property_changes(name: str, old: Resource, new: Resource) -> Iterator[ProductChange]:
    replaced, perhaps, updated = _by_effect(old["Type"], old["Properties"], new["Properties"])
    holds = is_stateful(old)
    if replaced:
        kept = " The old one stays in the account." if holds and is_retained(old, "UpdateReplacePolicy") else ""
        advice = _COPY_DATA + kept if holds else "Whatever refers to it from outside has to be told of the new one."
        yield major(f"{name} is replaced: {_properties(replaced)}", advice)
    if perhaps:
        what = f"{name} may be replaced: {_properties(perhaps)}"
        advice = "Look at the change set before you upgrade."
        yield major(what, f"{advice} {_COPY_DATA}") if holds else minor(what, advice)
    if updated:
        yield patch(f"{name} is updated: {_properties(updated)}")
    others = [key for key in sorted({*old, *new} - _COMPARED) if old.get(key) != new.get(key)]
    if others:
        yield patch(f"{name} has another {listed(others)}")


def _properties(names: list[str]) -> str:
    return f"{listed(names)} changed"


def _by_effect(
    resource_type: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[list[str], list[str], list[str]]:
    """The changed properties: those that replace the resource, those that may, and those that are updated."""
    changed = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    if resource_type in _REVISIONS:
        return [], [], changed
    known = _create_only(resource_type)
    if known is None:
        # Nothing is known about the type, so the worst is assumed.
        return changed, [], []
    create, conditional = (
        [path for path in known[kind] if _at(old, path.split(".")) != _at(new, path.split("."))]
        for kind in ("create", "conditional")
    )
    # A property is told once: by the part of it that replaces, else as a whole.
    told = {path.split(".")[0] for path in (*create, *conditional)}
    return create, conditional, [name for name in changed if name not in told]


@cache
def _create_only(resource_type: str) -> dict[str, tuple[str, ...]] | None:
    """The properties whose change replaces, or may replace, the resource, as dotted paths."""
    text = schema_text(resource_type)
    if text is None:
        return None
    schema = json.loads(text)
    pointers = {
        "create": schema.get("createOnlyProperties", ()),
        "conditional": schema.get("conditionalCreateOnlyProperties", ()),
    }
    return {kind: tuple(map(property_path, found)) for kind, found in pointers.items()}


def _at(value: Any, path: list[str]) -> Any:
    """What stands at ``path``; what is computed at launch is taken whole, for nobody can look inside."""
    if not path or _is_computed(value):
        return value
    if isinstance(value, list):
        return [_at(item, path[1:] if path[0] == "*" else path) for item in value]
    return _at(value[path[0]], path[1:]) if isinstance(value, dict) and path[0] in value else None


def _is_computed(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))


def _expanded_resource(resource: Resource, template: Template) -> dict[str, Any]:
    return {**resource, "Properties": expanded(resource.get("Properties", {}), template)}
