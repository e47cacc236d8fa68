"""The CloudFormation registry's resource schemas, as cfn-lint bundles them: each is read when it is first needed."""

import functools
import json
import re
from dataclasses import dataclass
from typing import Any

from pavedroad_platform.catalog.handler_permissions import HANDLER_PERMISSIONS
from pavedroad_platform.registry_data import property_path, schema_digests, schema_text

# The registry's patterns are Java's: \p{...} has no counterpart in `re`.
_JAVA_CLASSES = {
    "L": r"\w",
    "N": r"\d",
    "Z": r"\s",
    "M": r"\w",
    "P": "!-/:-@",
    "S": "$+<=>^`|~",
    "C": r"\x00",
    "Alnum": "A-Za-z0-9",
    "Graph": "!-~",
    "Print": " -~",
    "ASCII": r"\x00-\x7f",
    "Alpha": "A-Za-z",
}


def resource_types() -> list[str]:
    """Every type that the registry knows."""
    return sorted(schema_digests())


@dataclass(frozen=True)
class ResourceSchema:
    """One type's schema.

    Attributes:
        type_name: Such as ``AWS::S3::Bucket``.
        document: The JSON schema as the registry has it, with patterns that Python can read.
    """

    type_name: str
    document: dict[str, Any]

    @property
    def properties(self) -> dict[str, Any]:
        """The schemas of the properties by name."""
        properties: dict[str, Any] = self.document["properties"]
        return properties

    @property
    def primary_identifier(self) -> list[str]:
        """The properties that identify a resource, as dotted paths."""
        return self._pointers("primaryIdentifier")

    @property
    def read_only(self) -> list[str]:
        """The properties that only the service sets, as dotted paths."""
        return self._pointers("readOnlyProperties")

    @property
    def create_only(self) -> list[str]:
        """The properties whose change replaces the resource, as dotted paths."""
        return self._pointers("createOnlyProperties")

    @property
    def conditional_create_only(self) -> list[str]:
        """The properties whose change replaces the resource in some cases, as dotted paths."""
        return self._pointers("conditionalCreateOnlyProperties")

    @property
    def tag_property(self) -> tuple[str, str] | None:
        """The property that holds the tags and its shape (``list`` or ``map``), or ``None``."""
        tagging = self.document.get("tagging") or {}
        name = str(tagging.get("tagProperty", "")).rpartition("/")[2]
        if not tagging.get("taggable") or name not in self.properties:
            return None
        return name, "list" if self.resolve(self.properties[name]).get("type") == "array" else "map"

    def permissions(self, operation: str) -> tuple[str, ...]:
        """The IAM actions that the type's handler needs for ``create``, ``update`` or ``delete``."""
        handlers = HANDLER_PERMISSIONS.get(self.type_name) or self.document.get("handlers") or {}
        handler = handlers.get(operation, ())
        return tuple(handler.get("permissions", ()) if isinstance(handler, dict) else handler)

    def resolve(self, schema: Any) -> dict[str, Any]:
        """Follow ``$ref`` to what it names."""
        while isinstance(schema, dict) and "$ref" in schema:
            node: Any = self.document
            for part in schema["$ref"].lstrip("#/").split("/"):
                node = node[part]
            schema = node
        return schema if isinstance(schema, dict) else {}

    def property_schema(self, path: str) -> dict[str, Any]:
        """The schema of a property given as a dotted path; empty where there is none."""
        node = self.document
        for part in path.split("."):
            node = self.resolve(node).get("properties", {}).get(part, {})
        return self.resolve(node)

    def _pointers(self, key: str) -> list[str]:
        return [property_path(pointer) for pointer in self.document.get(key) or ()]


@functools.cache
def resource_schema(type_name: str) -> ResourceSchema | None:
    """The schema of a type, or ``None`` where the registry has none."""
    text = schema_text(type_name)
    if text is None:
        return None
    return ResourceSchema(type_name, json.loads(re.sub(r"\\\\p\{(\w+)\}", _python_class, text)))


def _python_class(match: re.Match[str]) -> str:
    name = match[1]
    found = _JAVA_CLASSES.get(name) or _JAVA_CLASSES.get(name.removeprefix("Is")) or _JAVA_CLASSES.get(name[:1], r"\w")
    # Most stand in brackets already; a whole pattern that is one class does not.
    bare = match.string[: match.start()].endswith('"^')
    return json.dumps(f"[{found}]" if bare else found)[1:-1]
