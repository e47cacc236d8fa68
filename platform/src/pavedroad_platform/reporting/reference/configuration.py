"""The page of every setting of the configuration, from the models that check it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pavedroad_platform.organization.loading import FILES
from pavedroad_platform.organization.models import PATTERNS
from pavedroad_platform.reporting.reference.markdown import GENERATED, inline_code, table

_INTRODUCTION = """# Configuration

The files in `platform/organization/`, with every setting that they may have. Editors show the same through the
JSON Schema that the first line of each file names; `pavedroad validate` checks all of it and what holds between files.
"""
_MANY = 12  # an enumeration that is longer is not listed
_Schema = Mapping[str, Any]


def configuration_reference() -> str:
    """The whole page."""
    return "\n".join([GENERATED, _INTRODUCTION, *(_file(name) for name in FILES)])


def _file(name: str) -> str:
    schema = FILES[name].model_json_schema()
    parts = [f"## {name}.yaml\n", _sentence(schema), _settings(schema, schema)]
    for place, definition in _nested(schema, schema, ""):
        parts += [f"### {name}.yaml: `{place}`\n", _sentence(definition), _settings(definition, schema)]
    return "\n".join(part for part in parts if part)


def _sentence(schema: _Schema) -> str:
    _, _, rest = inline_code(schema["description"]).rpartition(".yaml`: ")
    return f"{rest[:1].upper()}{rest[1:]}\n"


def _settings(schema: _Schema, root: _Schema) -> str:
    required = schema.get("required", ())
    rows = [
        (f"`{name}`", _kind(setting, root), "yes" if name in required else "no", _meaning(setting, root))
        for name, setting in schema.get("properties", {}).items()
    ]
    return table(("setting", "value", "required", "meaning"), rows) if rows else "It has no settings.\n"


def _meaning(setting: _Schema, root: _Schema) -> str:
    # Where a setting and its model say the same, only the model's words are kept.
    return inline_code({**_resolve(setting, root), **setting}["description"])


def _nested(schema: _Schema, root: _Schema, place: str) -> Iterator[tuple[str, _Schema]]:
    """The models within a model, each with the path that leads to it."""
    for name, setting in schema.get("properties", {}).items():
        here, inner = f"{place}.{name}" if place else name, setting
        if values := _values(setting):
            here, inner = f"{here}.<key>", values
        elif "items" in setting:
            here, inner = f"{here}[]", setting["items"]
        definition = _resolve(inner, root)
        if "properties" in definition or definition.get("additionalProperties") is False:
            yield here, definition
            yield from _nested(definition, root, here)


def _values(setting: _Schema) -> _Schema | None:
    """What the items of a mapping are."""
    if patterns := setting.get("patternProperties"):
        return dict(next(iter(patterns.values())))
    values = setting.get("additionalProperties")
    return dict(values) if isinstance(values, Mapping) else None


def _resolve(setting: _Schema, root: _Schema) -> _Schema:
    reference = setting.get("$ref")
    return dict(root["$defs"][reference.rpartition("/")[2]]) if reference else setting


def _kind(setting: _Schema, root: _Schema) -> str:
    setting = _resolve(setting, root)
    if options := [option for option in setting.get("anyOf", ()) if option.get("type") != "null"]:
        return _kind(options[0], root)
    if (values := _values(setting)) is not None:
        kind = _kind(values, root)
        return "a mapping" if kind == "settings" else f"a mapping to {kind}"
    if setting["type"] == "array":
        return f"a list: {_kind(setting['items'], root)}"
    if choices := setting.get("enum"):
        return ", ".join(f"`{choice}`" for choice in choices) if len(choices) <= _MANY else "an AWS region"
    if setting["type"] == "integer":
        return _number(setting)
    return {"string": _text(setting), "boolean": "`true` or `false`", "object": "settings"}[setting["type"]]


def _number(setting: _Schema) -> str:
    limits = [f"{word} {setting[name]}" for name, word in (("minimum", "from"), ("maximum", "to")) if name in setting]
    return " ".join(["a whole number", *limits])


def _text(setting: _Schema) -> str:
    return PATTERNS[setting["pattern"]] if "pattern" in setting else "text"
