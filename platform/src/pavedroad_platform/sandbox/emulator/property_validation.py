"""Checks a resource's properties against its registry schema and tells it in CloudFormation's words."""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from jsonschema import Draft7Validator, ValidationError, validators

from pavedroad_platform.sandbox.emulator.registry_schemas import ResourceSchema, resource_schema


class PropertyValidationError(ValueError):
    """The properties of a resource are not what its schema asks for."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("Properties validation failed for resource with message:\n" + "\n".join(messages))
        self.messages = tuple(messages)


def validated(schema: ResourceSchema, properties: dict[str, Any]) -> dict[str, Any]:
    """The properties with their scalars in the types that the schema names.

    Raises:
        PropertyValidationError: They break the schema; every breach is told.
    """
    coerced = {name: _coerced(value, schema.properties.get(name, {}), schema) for name, value in properties.items()}
    errors = sorted(_validator(schema.type_name).iter_errors(coerced), key=lambda error: error.json_path)
    messages = [_message(error) for error in errors]
    messages += [f"#: read-only property [{name}] cannot be set" for name in schema.read_only if name in coerced]
    if messages:
        raise PropertyValidationError(messages)
    return coerced


def _message(error: ValidationError) -> str:
    place = "#" + "".join(f"/{part}" for part in error.absolute_path)
    if (
        error.validator == "additionalProperties"
        and isinstance(error.instance, dict)
        and isinstance(error.schema, dict)
    ):
        extra = sorted(error.instance.keys() - error.schema["properties"].keys())
        return f"{place}: extraneous key [{', '.join(extra)}] is not permitted"
    if error.validator == "required":
        return f"{place}: required key [{error.message.split(chr(39))[1]}] not found"
    return f"{place}: {error.message}"


def _coerced(value: Any, schema: Any, root: ResourceSchema) -> Any:
    """CloudFormation takes loose scalars: 'true' for true, '5' for 5, 5 for '5'."""
    schema = root.resolve(schema)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {name: _coerced(item, known.get(name, {}), root) for name, item in value.items()}
    if isinstance(value, list):
        return [_coerced(item, schema.get("items", {}), root) for item in value]
    kinds = schema.get("type")
    kinds = set(kinds) if isinstance(kinds, list) else {kinds}
    return _coerced_text(value, kinds) if isinstance(value, str) else _coerced_scalar(value, kinds)


def _coerced_text(value: str, kinds: set[str | None]) -> str | bool | int | float:
    if "string" in kinds:
        return value
    if "boolean" in kinds and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if "integer" in kinds and re.fullmatch(r"-?\d+", value):
        return int(value)
    if "number" in kinds and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value)
    return value


def _coerced_scalar(value: Any, kinds: set[str | None]) -> Any:
    if "string" in kinds and isinstance(value, bool | int | float) and not kinds & {"boolean", "integer", "number"}:
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value


Check = Callable[[Any, Any, Any, Any], Iterator[ValidationError]]


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, str) or "{{resolve:" in instance:
        return
    expression = compiled(pattern)
    if expression is not None and not expression.search(instance):
        yield ValidationError(f"failed validation constraint for keyword [pattern] {pattern!r}")


@functools.cache
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, or ``None``: some thirty of the registry's are Java that Python cannot read."""
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _enum_of_any_case(_validator: Any, allowed: list[Any], instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and instance.lower() not in {str(value).lower() for value in allowed}:
        yield ValidationError(f"{instance!r} is not one of {allowed}")


def _required(words: str, *, only_one: bool) -> Check:
    def check(_validator: Any, names: list[str], instance: Any, _schema: Any) -> Iterator[ValidationError]:
        count = sum(name in instance for name in names) if isinstance(instance, dict) else 1
        if not count or (only_one and count > 1):
            yield ValidationError(f"{words} of {names} is required")

    return check


_REGISTRY_VALIDATOR: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft7Validator,
    {
        "pattern": _pattern,
        "enumCaseInsensitive": _enum_of_any_case,
        "requiredXor": _required("one", only_one=True),
        "requiredOr": _required("at least one", only_one=False),
        "format": lambda *_: (),
        "uniqueItems": lambda *_: (),
    },
)


@functools.cache
def _validator(type_name: str) -> Any:
    schema = resource_schema(type_name)
    assert schema is not None
    return _REGISTRY_VALIDATOR({name: value for name, value in schema.document.items() if name != "$schema"})
