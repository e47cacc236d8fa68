"""What an update of a template does to each resource, told from the templates alone.

CloudFormation decides when it runs; this says what the registry says: which properties replace a resource.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from pavedroad_platform.launching.changes import Change
from pavedroad_platform.sandbox.emulator.registry_schemas import resource_schema

_MISSING: Final = object()


def compare(before: Mapping[str, Any], after: Mapping[str, Any], changed: Collection[str]) -> list[Change]:
    """Every resource that differs.

    Args:
        before: The template that runs.
        after: The template that is to run.
        changed: The parameters whose values change.
    """
    return list(_changes(before, after, _changed_names(before, after, changed)))


def _changed_names(before: Mapping[str, Any], after: Mapping[str, Any], changed: Collection[str]) -> set[str]:
    """The parameters and conditions that are not what they were; a condition may depend on another."""
    names = {*changed}
    old, new = before.get("Conditions", {}), after.get("Conditions", {})
    while True:
        found = {
            name
            for name in old.keys() | new.keys()
            if old.get(name) != new.get(name) or names & set(_mentioned(new.get(name)))
        }
        if found <= names:
            return names
        names |= found


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], names: set[str]) -> Iterator[Change]:
    old, new = before["Resources"], after["Resources"]
    for logical_id in sorted(old.keys() - new.keys()):
        yield Change(action="REMOVE", resource=logical_id, type=old[logical_id]["Type"])
    for logical_id in new:
        resource = new[logical_id]
        if logical_id not in old:
            yield Change(action="ADD", resource=logical_id, type=resource["Type"])
            continue
        replacement, causes = _replacement(old[logical_id], resource, names)
        if replacement or causes:
            yield Change(
                action="MODIFY",
                resource=logical_id,
                type=resource["Type"],
                replacement=replacement or "FALSE",
                causes=tuple(causes),
            )


def _replacement(old: Mapping[str, Any], new: Mapping[str, Any], names: set[str]) -> tuple[str, list[str]]:
    if old["Type"] != new["Type"]:
        return "TRUE", ["Type"]
    if old.get("Condition") != new.get("Condition") or new.get("Condition") in names:
        return "CONDITIONAL", ["Condition"]
    always, perhaps = _replacing_properties(new["Type"])
    before, after = old.get("Properties", {}), new.get("Properties", {})
    differing = [
        name
        for name in sorted(before.keys() | after.keys())
        if before.get(name, _MISSING) != after.get(name, _MISSING) or names & set(_mentioned(after.get(name)))
    ]
    if always & set(differing):
        return "TRUE", [name for name in differing if name in always]
    conditional = [name for name in differing if name in perhaps]
    return ("CONDITIONAL", conditional) if conditional else ("", differing)


def _replacing_properties(type_name: str) -> tuple[set[str], set[str]]:
    """The properties whose change replaces a resource of the type, and those whose change may do so."""
    schema = resource_schema(type_name)
    if schema is None:
        return set(), set()
    nested = {path.partition(".")[0] for path in schema.create_only if "." in path}
    conditional = {path.partition(".")[0] for path in schema.conditional_create_only}
    return {path for path in schema.create_only if "." not in path}, nested | conditional


def _mentioned(value: Any) -> Iterator[str]:
    """The parameters and conditions that an expression depends on."""
    if isinstance(value, list):
        for each in value:
            yield from _mentioned(each)
    elif isinstance(value, dict):
        for function, argument in value.items():
            if function in {"Ref", "Condition"} and isinstance(argument, str):
                yield argument
            elif function == "Fn::If":
                yield argument[0]
            elif function == "Fn::Sub":
                text = argument if isinstance(argument, str) else argument[0]
                yield from (part.partition("}")[0] for part in text.split("${")[1:])
            yield from _mentioned(argument)
