"""The CloudFormation registry's resource schemas and IAM's actions, from the files that cfn-lint bundles."""

import importlib.util
import json
from functools import cache
from pathlib import Path

# us-east-1 has every type.
_REGION = "us-east-1"


@cache
def data_directory() -> Path:
    """Where cfn-lint keeps its data. The package is found, not imported: importing it takes most of a second."""
    specification = importlib.util.find_spec("cfnlint")
    if specification is None or specification.origin is None:
        raise ModuleNotFoundError("cfn-lint, which bundles the registry's schemas, is not installed")
    return Path(specification.origin).parent / "data"


def property_path(pointer: str) -> str:
    """``/properties/A/B`` as ``A.B``."""
    return pointer.removeprefix("/properties/").replace("/", ".")


@cache
def stateful_types() -> frozenset[str]:
    """The types that hold data, as cfn-lint knows them."""
    known = json.loads((data_directory() / "AdditionalSpecs" / "StatefulResources.json").read_text())
    return frozenset(known["ResourceTypes"])


def schema_text(resource_type: str) -> str | None:
    """The schema of a type as JSON, or ``None`` where the registry has none."""
    digest = schema_digests().get(resource_type)
    if digest is None:
        return None
    return (data_directory() / "schemas" / "resources" / f"{digest}.json").read_text()


@cache
def schema_digests() -> dict[str, str]:
    """The name of the schema's file by resource type."""
    digests: dict[str, str] = json.loads((data_directory() / "schemas" / "providers" / f"{_REGION}.json").read_text())
    return digests
