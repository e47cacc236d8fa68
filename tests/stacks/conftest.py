"""The landing zone of the example organisation, synthesised once."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from pavedroad_platform.organization import Organization
from stacks.landing_zone import compose


@pytest.fixture(scope="session")
def landing_zone(
    organization: Organization, feature_flags: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, cdk.Stack]:
    """The stacks by name, after synthesis."""
    app = cdk.App(
        context=feature_flags,
        builtin_cloud_formation_validation=False,
        analytics_reporting=False,
        outdir=str(tmp_path_factory.mktemp("assembly")),
    )
    stacks = compose(app, organization)
    app.synth()
    return {stack.stack_name: stack for stack in stacks}


@pytest.fixture(scope="session")
def assembly(landing_zone: Mapping[str, cdk.Stack]) -> Path:
    """The folder of the cloud assembly."""
    app = next(iter(landing_zone.values())).node.root
    assert isinstance(app, cdk.App)
    return Path(app.outdir)


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
