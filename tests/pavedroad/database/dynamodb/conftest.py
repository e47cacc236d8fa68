"""A table with its keys, and a replica of it elsewhere."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk.assertions import Template

from pavedroad.database.dynamodb.replicas import TableReplica
from pavedroad.database.dynamodb.table import Table


@pytest.fixture
def make(stack: cdk.Stack) -> Callable[..., Table]:
    """A table 'Orders' in the stack, with the given arguments in place of the defaults."""

    def table(scope: cdk.Stack = stack, **arguments: Any) -> Table:
        customer = dynamodb.Attribute(name="customer", type=dynamodb.AttributeType.STRING)
        return Table(scope, "Orders", **{"partition_key": customer, **arguments})

    return table


@pytest.fixture
def replica() -> Callable[[str], TableReplica]:
    """A replica in a region, with a key there."""

    def elsewhere(region: str) -> TableReplica:
        return TableReplica(region=region, encryption_key_arn=f"arn:aws:kms:{region}:111111111111:key/abc")

    return elsewhere


@pytest.fixture
def properties(stack: cdk.Stack) -> Callable[[], dict[str, Any]]:
    """The properties of the stack's one table."""

    def finished() -> dict[str, Any]:
        (resource,) = Template.from_stack(stack).find_resources("AWS::DynamoDB::GlobalTable").values()
        found: dict[str, Any] = resource["Properties"]
        return found

    return finished
