"""The finished templates of the landing zone."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest


@pytest.fixture(scope="session")
def templates(landing_zone: Mapping[str, cdk.Stack], assembly: Path) -> Mapping[str, dict[str, Any]]:
    """The finished templates by stack name."""
    return {name: json.loads((assembly / f"{name}.template.json").read_text()) for name in landing_zone}


@pytest.fixture(scope="session")
def resources(templates: Mapping[str, dict[str, Any]]) -> Callable[..., dict[str, dict[str, Any]]]:
    """The resources of one type in a stack, by logical id, or the one whose properties have certain values."""

    def find(stack: str, resource_type: str, **properties: Any) -> dict[str, dict[str, Any]]:
        return {
            logical_id: resource
            for logical_id, resource in templates[stack]["Resources"].items()
            if resource["Type"] == resource_type
            and all(resource["Properties"].get(name) == value for name, value in properties.items())
        }

    return find
