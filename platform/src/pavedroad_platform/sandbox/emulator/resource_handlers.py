"""Completes MiniStack's tables of CloudFormation types: every registry type is checked, provided and recorded."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services.cloudformation import provisioners

from pavedroad_platform.sandbox.emulator import resource_records
from pavedroad_platform.sandbox.emulator.attribute_values import attributes
from pavedroad_platform.sandbox.emulator.execution_role import require_permissions
from pavedroad_platform.sandbox.emulator.native_completions import NATIVE_COMPLETIONS, REFERENCES
from pavedroad_platform.sandbox.emulator.native_providers import NATIVE_PROVIDERS
from pavedroad_platform.sandbox.emulator.property_validation import validated
from pavedroad_platform.sandbox.emulator.registry_schemas import ResourceSchema, resource_schema, resource_types
from pavedroad_platform.sandbox.emulator.resource_records import ResourceRecord
from pavedroad_platform.sandbox.emulator.schema_provider import SchemaProvider

Handlers = dict[str, Any]
Created = tuple[str, dict[str, Any]]

# CloudFormation's own types are its engine's; CDK's metadata is no resource.
_ENGINE_TYPES = ("AWS::CloudFormation::", "AWS::CDK::", "Custom::")

# MiniStack's alarms know no metric math; they are checked against the schema instead, and never go off.
_UNDONE = {"AWS::CloudWatch::Alarm"}


class _OnDemand(dict[str, Any]):
    """A table that asks the schema for the types that it does not hold: reading all schemas takes seconds."""

    def __init__(self, known: Mapping[str, Any], of_schema: Callable[[ResourceSchema], Any]) -> None:
        super().__init__(known)
        self._of_schema = of_schema

    def get(self, type_name: str, default: Any = None) -> Any:
        if type_name not in self:
            schema = resource_schema(type_name) if type_name in _provided() else None
            self[type_name] = self._of_schema(schema) if schema else None
        value = self[type_name]
        return default if value is None else value


@functools.cache
def _ministack_types() -> frozenset[str]:
    return frozenset(provisioners._RESOURCE_HANDLERS) - _UNDONE


@functools.cache
def _provided() -> frozenset[str]:
    """The types that MiniStack has no handler for."""
    return frozenset(resource_types()) - _ministack_types()


def install() -> None:
    """Complete the tables, once."""
    handlers = provisioners._RESOURCE_HANDLERS
    provided = _provided()
    for type_name in _ministack_types():
        if not type_name.startswith(_ENGINE_TYPES):
            handlers[type_name] = _Checked(type_name, handlers[type_name], native=True).handlers()
    for type_name in provided:
        provider = SchemaProvider(type_name, NATIVE_PROVIDERS.get(type_name))
        handlers[type_name] = _Checked(type_name, provider.handlers(), native=False).handlers()
    provisioners._REPLACING_PROPERTIES = _OnDemand(
        provisioners._REPLACING_PROPERTIES,
        lambda schema: tuple(path for path in schema.create_only if "." not in path),
    )
    tags = {**provisioners._STACK_TAG_PROPERTY, "AWS::S3::Bucket": ("Tags", "list")}
    provisioners._STACK_TAG_PROPERTY = _OnDemand(tags, lambda schema: schema.tag_property)


def tiers() -> dict[str, str]:
    """Each type: ``native`` where a service stands behind it, ``schema`` where only its properties are checked."""
    native = _ministack_types() | NATIVE_PROVIDERS.keys()
    return {name: "native" if name in native else "schema" for name in sorted(native | _provided())}


class _Checked:
    """A type's handlers with what CloudFormation does around them: validation, permissions, attributes, the record."""

    def __init__(self, type_name: str, inner: Handlers, *, native: bool) -> None:
        self._type_name = type_name
        self._inner = inner
        self._native = native

    def handlers(self) -> Handlers:
        """The functions for MiniStack's table."""
        outer = {**self._inner, "create": self._create, "delete": self._delete}
        if "update" in self._inner:
            outer |= {"update": self._update, "update_with_logical_id": True}
        return outer

    def _create(self, logical_id: str, given: Mapping[str, Any], stack_name: str) -> Created:
        properties = self._checked("create", given, f"{stack_name}-{logical_id}-1A2B3C4D5E6F")
        made = self._inner["create"](logical_id, properties, stack_name)
        return self._finished(made, given, {}, logical_id, stack_name)

    def _update(
        self, identifier: str, old: Mapping[str, Any], new: Mapping[str, Any], stack_name: str, logical_id: str = ""
    ) -> Created:
        properties = self._checked("update", new, identifier)
        arguments = [self._native_identifier(identifier), old, properties, stack_name]
        if self._inner.get("update_with_logical_id"):
            arguments.append(logical_id)
        return self._finished(self._inner["update"](*arguments), new, old, logical_id, stack_name)

    def _delete(self, identifier: str, properties: Mapping[str, Any], *logical_id: str) -> None:
        schema = self._schema
        if schema:
            require_permissions(schema, "delete", name=_own_name(schema, properties, identifier), properties=properties)
        self._inner["delete"](self._native_identifier(identifier), properties, *logical_id)
        resource_records.remove(self._type_name, identifier)

    @property
    def _schema(self) -> ResourceSchema | None:
        return resource_schema(self._type_name)

    def _checked(self, operation: str, given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        schema = self._schema
        if schema is None:
            return given
        properties = validated(schema, self._without_system_tags(given))
        require_permissions(schema, operation, name=_own_name(schema, properties, name), properties=properties)
        return given if self._native else properties

    def _without_system_tags(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The properties without the ``aws:`` tags, which CloudFormation adds and the schemas refuse."""
        properties = dict(given)
        name, shape = provisioners._STACK_TAG_PROPERTY.get(self._type_name) or ("", "")
        tags = properties.pop(name, None)
        if shape == "map" and isinstance(tags, dict):
            tags = {key: value for key, value in tags.items() if not key.startswith("aws:")}
        elif isinstance(tags, list):
            tags = [tag for tag in tags if not str(tag.get("Key")).startswith("aws:")]
        return {**properties, name: tags} if tags else properties

    def _native_identifier(self, identifier: str) -> str:
        record = resource_records.find(self._type_name, identifier)
        return record.native_identifier or identifier if record else identifier

    def _finished(
        self, made: Created, given: Mapping[str, Any], old: Mapping[str, Any], logical_id: str, stack_name: str
    ) -> Created:
        """Add what the native handler leaves out: settings, ``Ref``, and the attributes that the registry names."""
        native_identifier, answered = made
        schema = self._schema
        if schema is None or not self._native:
            return made
        properties = self._without_system_tags(given)
        if self._type_name in NATIVE_COMPLETIONS:
            NATIVE_COMPLETIONS[self._type_name](native_identifier, properties, old)
        reference = REFERENCES.get(self._type_name)
        identifier = reference(native_identifier, answered) if reference else native_identifier
        known = {**dict(zip(schema.primary_identifier, identifier.split("|"), strict=False)), **(answered or {})}
        found = attributes(
            schema, logical_id=logical_id or identifier, stack_name=stack_name, properties=properties, known=known
        )
        answers = {**_settable_attributes(self._type_name, properties), **found, **(answered or {})}
        ResourceRecord(
            type_name=self._type_name,
            identifier=identifier,
            properties=properties,
            attributes=answers,
            native_identifier=native_identifier,
        ).save()
        return identifier, answers


def _own_name(schema: ResourceSchema, properties: Mapping[str, Any], fallback: str) -> str:
    """The resource's name as far as its properties tell, with its path."""
    kind = schema.type_name.rpartition("::")[2]
    candidates = [*schema.primary_identifier, f"{kind}Name", "Name"]
    name = next((str(properties[key]) for key in candidates if key in properties), fallback)
    if name.startswith("arn:"):
        name = name.rpartition(":")[2].rpartition("/")[2]
    if schema.type_name == "AWS::S3::Bucket":
        name = name.lower()
    path = str(properties.get("Path", "/")).strip("/") if schema.type_name.startswith("AWS::IAM::") else ""
    return f"{path}/{name}" if path else name


def _settable_attributes(type_name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that ``Fn::GetAtt`` answers although they are set, as the registry does not tell."""
    every, some = _types_with_settable_attributes()
    if type_name in every:
        return dict(properties)
    return {name: properties[name] for name in some.get(type_name, ()) if name in properties}


@functools.cache
def _types_with_settable_attributes() -> tuple[frozenset[str], Mapping[str, Any]]:
    from cfnlint.schema import _getatts  # cfn-lint takes half a second to import

    return frozenset(_getatts._all_property_types), _getatts._exceptions
