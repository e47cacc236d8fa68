"""Provides any registry type by its schema: a record with its identifiers and attributes, and the service behind it."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.sandbox.emulator import resource_records
from pavedroad_platform.sandbox.emulator.attribute_values import attributes
from pavedroad_platform.sandbox.emulator.registry_schemas import ResourceSchema, resource_schema
from pavedroad_platform.sandbox.emulator.resource import Provider, Resource
from pavedroad_platform.sandbox.emulator.resource_records import ResourceRecord

# Ref is not always the registry's primary identifier.
_REFERENCES = {
    "AWS::EC2::EIP": "PublicIp",
    "AWS::ServiceCatalog::CloudFormationProvisionedProduct": "ProvisionedProductId",
}


class SchemaProvider:
    """Creates, updates and deletes resources of one type.

    Args:
        type_name: The type.
        service: The service's API behind it; left out, the resource is a record and nothing more.
    """

    def __init__(self, type_name: str, service: Provider | None = None) -> None:
        self._type_name = type_name
        self._service = service

    def handlers(self) -> dict[str, Any]:
        """The functions as MiniStack's table of resource handlers wants them."""
        return {"create": self.create, "update": self.update, "update_with_logical_id": True, "delete": self.delete}

    def create(self, logical_id: str, properties: Mapping[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
        """Create a resource; return what ``Ref`` and ``Fn::GetAtt`` answer."""
        schema = self._schema()
        values = attributes(schema, logical_id=logical_id, stack_name=stack_name, properties=properties, known={})
        resource = Resource(
            type_name=self._type_name,
            properties=properties,
            attributes=values,
            logical_id=logical_id,
            stack_name=stack_name,
        )
        self._refuse_taken(self._identifier(schema, values))
        if self._service:
            self._service.create(resource)
        identifier = self._identifier(schema, values)
        self._save(identifier, properties, values)
        return identifier, values

    def update(
        self, identifier: str, _old: Mapping[str, Any], new: Mapping[str, Any], stack_name: str, logical_id: str
    ) -> tuple[str, dict[str, Any]]:
        """Change a resource in place."""
        record = resource_records.find(self._type_name, identifier)
        if record is None:
            raise ValueError(f"Resource of type '{self._type_name}' with identifier '{identifier}' was not found.")
        known = record.attributes
        values = attributes(self._schema(), logical_id=logical_id, stack_name=stack_name, properties=new, known=known)
        if self._service:
            self._service.update(
                Resource(
                    type_name=self._type_name,
                    properties=new,
                    attributes=values,
                    previous=record.properties,
                    logical_id=logical_id,
                    stack_name=stack_name,
                )
            )
        self._save(identifier, new, values)
        return identifier, values

    def delete(self, identifier: str, _properties: Mapping[str, Any]) -> None:
        """Delete a resource; one that is gone already is no error."""
        record = resource_records.find(self._type_name, identifier)
        if record is None:
            return
        if self._service:
            self._service.delete(
                Resource(type_name=self._type_name, properties=record.properties, attributes=record.attributes)
            )
        resource_records.remove(self._type_name, identifier)

    def _schema(self) -> ResourceSchema:
        schema = resource_schema(self._type_name)
        assert schema is not None
        return schema

    def _identifier(self, schema: ResourceSchema, values: Mapping[str, Any]) -> str:
        reference = _REFERENCES.get(self._type_name)
        return (
            str(values[reference]) if reference else "|".join(str(values[path]) for path in schema.primary_identifier)
        )

    def _refuse_taken(self, identifier: str) -> None:
        if resource_records.find(self._type_name, identifier):
            raise ValueError(f"Resource of type '{self._type_name}' with identifier '{identifier}' already exists.")

    def _save(self, identifier: str, properties: Mapping[str, Any], values: dict[str, Any]) -> None:
        ResourceRecord(
            type_name=self._type_name, identifier=identifier, properties=properties, attributes=values
        ).save()
