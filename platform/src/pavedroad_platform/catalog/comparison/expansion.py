"""Conditions and mappings put in where they are used, so that a change of one shows at what it decides."""

from collections.abc import Iterator, Mapping
from typing import Any

Template = Mapping[str, Any]


def expanded(value: Any, template: Template) -> Any:
    """``value`` with the expression of each condition and the content of each mapping in place of its name."""
    if isinstance(value, list):
        return [expanded(item, template) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Fn::If": [str(name), *branches]}:
            return {"Fn::If": [condition(name, template), *expanded(branches, template)]}
        case {"Fn::FindInMap": [str(name), *keys]} if name in template.get("Mappings", {}):
            return {"Fn::FindInMap": [template["Mappings"][name], *expanded(keys, template)]}
        case {"Condition": str(name)} if len(value) == 1:
            return condition(name, template)
    return {key: expanded(item, template) for key, item in value.items()}


def condition(name: str, template: Template) -> Any:
    """The expression of a condition, without the names of others; the name itself where it is not declared."""
    declared = template.get("Conditions", {})
    return expanded(declared[name], template) if name in declared else name


def names_referred_to(value: Any) -> Iterator[str]:
    """The parameters and resources whose value goes into ``value``."""
    if isinstance(value, list):
        for item in value:
            yield from names_referred_to(item)
    elif isinstance(value, dict):
        match value:
            case {"Ref": str(name)}:
                yield name
            case {"Fn::Sub": str(text)} | {"Fn::Sub": [str(text), *_]}:
                yield from (part.split("}")[0].split(".")[0] for part in text.split("${")[1:])
        for item in value.values():
            yield from names_referred_to(item)
