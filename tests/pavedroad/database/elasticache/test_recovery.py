from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk.assertions import Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.elasticache.cache import Cache
from pavedroad.database.elasticache.capacity import CacheScaling, NodeCapacity, ServerlessCapacity

MakeCache = Callable[..., Cache]
ALONE = NodeCapacity(replicas_per_shard=0)


@pytest.mark.parametrize(
    ("rpo", "rto", "replicas"),
    [
        (None, None, 1),
        (Duration.hours(24), None, 1),
        (None, Duration.hours(4), 1),
        (Duration.seconds(5), Duration.minutes(1), 1),
        (Duration.hours(23), Duration.hours(4), 1),
        (Duration.hours(24), Duration.hours(3), 1),
        (Duration.hours(24), Duration.hours(4), 0),
    ],
)
def test_a_replica_is_built_unless_snapshots_meet_both_objectives(
    stack: cdk.Stack, make: MakeCache, rpo: Duration | None, rto: Duration | None, replicas: int
) -> None:
    assert make(rpo=rpo, rto=rto).replicas_per_shard == replicas
    Template.from_stack(stack).has_resource_properties(
        "AWS::ElastiCache::ReplicationGroup", {"ReplicasPerNodeGroup": replicas, "MultiAZEnabled": replicas > 0}
    )


def test_replicas_that_are_scaled_begin_with_one(make: MakeCache) -> None:
    scaled = NodeCapacity(replica_scaling=CacheScaling(min_capacity=1, max_capacity=3))
    assert make(rpo=Duration.hours(24), rto=Duration.hours(4), capacity=scaled).replicas_per_shard == 1


@pytest.mark.parametrize("capacity", [NodeCapacity(), ServerlessCapacity()])
def test_what_no_cache_meets(make: MakeCache, capacity: NodeCapacity | ServerlessCapacity) -> None:
    with pytest.raises(
        InvalidArgumentsError,
        match=r"rpo='0 seconds': cannot be met by a cache: its replication is asynchronous; .*; "
        "rto='30 seconds': cannot be met: a failover takes up to a minute",
    ):
        make(rpo=Duration.seconds(0), rto=Duration.seconds(30), capacity=capacity)


def test_what_is_not_met_without_replicas(make: MakeCache) -> None:
    with pytest.raises(
        InvalidArgumentsError,
        match="rpo='3600 seconds': cannot be met without replicas: snapshots are a day apart; leave replicas_per_shard "
        "out, or allow 24 hours; rto='3600 seconds': cannot be met without replicas: restoring takes hours",
    ):
        make(rpo=Duration.hours(1), rto=Duration.hours(1), capacity=ALONE)


def test_no_replicas_where_snapshots_suffice(make: MakeCache) -> None:
    assert make(rpo=Duration.days(2), rto=Duration.hours(8), capacity=ALONE).replicas_per_shard == 0
