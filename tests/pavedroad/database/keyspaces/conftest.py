"""A table with typed columns, and a keyspace with it."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from pavedroad.database.keyspaces.schema import Column, WideColumnTable
from pavedroad.database.keyspaces.wide_column_keyspace import WideColumnKeyspace


@pytest.fixture
def table() -> Callable[..., WideColumnTable]:
    """A table 'readings', with the given attributes in place of the defaults."""

    def readings(**attributes: Any) -> WideColumnTable:
        defaults: dict[str, Any] = {"name": "readings", "partition_key": [Column(name="sensor", type="uuid")]}
        return WideColumnTable(**{**defaults, **attributes})

    return readings


@pytest.fixture
def make(stack: cdk.Stack, table: Callable[..., WideColumnTable]) -> Callable[..., WideColumnKeyspace]:
    """A keyspace 'Telemetry' in the stack, with the given arguments in place of the defaults."""

    def keyspace(scope: cdk.Stack = stack, **arguments: Any) -> WideColumnKeyspace:
        return WideColumnKeyspace(scope, "Telemetry", **{"tables": [table()], **arguments})

    return keyspace


@pytest.fixture
def properties(stack: cdk.Stack) -> Callable[[str], dict[str, Any]]:
    """The properties of the stack's one resource of a type of Keyspaces."""

    def finished(kind: str = "Table") -> dict[str, Any]:
        (resource,) = Template.from_stack(stack).find_resources(f"AWS::Cassandra::{kind}").values()
        found: dict[str, Any] = resource["Properties"]
        return found

    return finished
