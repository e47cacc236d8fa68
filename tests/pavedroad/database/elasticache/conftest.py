"""A network with an isolated tier, and a cache in it."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from pavedroad.database.elasticache.cache import Cache
from pavedroad.database.elasticache.users import CacheUser


@pytest.fixture
def vpc(app: cdk.App) -> ec2.Vpc:
    # In a stack of its own: the findings of a network are not the cache's.
    tier = ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    return ec2.Vpc(cdk.Stack(app, "Network"), "Vpc", subnet_configuration=[tier])


@pytest.fixture
def make(stack: cdk.Stack, vpc: ec2.Vpc) -> Callable[..., Cache]:
    """A cache 'Sessions' in the network, with the given arguments in place of the defaults."""

    def cache(scope: cdk.Stack = stack, **arguments: Any) -> Cache:
        return Cache(scope, "Sessions", **{"vpc": vpc, "users": [CacheUser(name="sessions")], **arguments})

    return cache


@pytest.fixture
def of_type(stack: cdk.Stack) -> Callable[[str], list[dict[str, Any]]]:
    """The properties of the stack's resources of a type of ElastiCache."""

    def found(kind: str) -> list[dict[str, Any]]:
        resources = Template.from_stack(stack).find_resources(f"AWS::ElastiCache::{kind}").values()
        return [resource["Properties"] for resource in resources]

    return found
