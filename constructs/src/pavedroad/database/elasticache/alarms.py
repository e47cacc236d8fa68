"""What an operator wants to know of a cache before its users do."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm


@dataclass(frozen=True, kw_only=True)
class CacheAlarmThresholds:
    """When a cache needs a person; each must be breached for three periods of five minutes.

    Attributes:
        cpu_percent: Above this CPU use of a node's engine, in percent.
        memory_percent: Above this share of a node's memory, in percent.
        evictions: Above this number of keys that were evicted for want of memory in five minutes.
        connections: Above this number of connections to a node, which takes 65,000, or to the serverless cache.
        replication_lag_seconds: A replica is behind by more than this, in seconds.
        throttled_commands: Above this number of commands that a serverless cache throttled in five minutes.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
    """

    cpu_percent: float = 80
    memory_percent: float = 80
    evictions: float = 1000
    connections: float = 50_000
    replication_lag_seconds: float = 10
    throttled_commands: float = 0


@dataclass(frozen=True, kw_only=True)
class _Watched:
    name: str
    metric: str
    statistic: str
    threshold: float
    description: str


def node_alarms(
    scope: Construct,
    *,
    group_id: str,
    members: Sequence[tuple[int, int]],
    replicated: bool,
    topic: sns.ITopic,
    thresholds: CacheAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """Four alarms for every node, and one on its lag where there are replicas; ``members`` are shard and node."""
    watched = [*_nodes(thresholds), *_shared(thresholds), *([_lag(thresholds)] if replicated else [])]
    return [
        _alarm(
            scope,
            f"Shard{shard}Node{node}",
            of=f"node {node} of shard {shard}",
            dimensions={"CacheClusterId": f"{group_id}-{shard:04}-{node:03}"},
            watched=each,
            topic=topic,
        )
        for shard, node in members
        for each in watched
    ]


def serverless_alarms(
    scope: Construct, *, name: str, topic: sns.ITopic, thresholds: CacheAlarmThresholds
) -> list[cloudwatch.Alarm]:
    """Alarms on evictions, connections and throttled commands."""
    throttled = _Watched(
        name="ThrottledCommands",
        metric="ThrottledCmds",
        statistic="Sum",
        threshold=thresholds.throttled_commands,
        description="Commands of {} are throttled. Look at the processing units that it may use, and for a hot key.",
    )
    return [
        _alarm(scope, "", of="the cache", dimensions=serverless_dimensions(name), watched=each, topic=topic)
        for each in (*_shared(thresholds), throttled)
    ]


def serverless_dimensions(name: str) -> dict[str, str]:
    """By what CloudWatch knows a serverless cache.

    AWS documents the metrics without their dimension; exporters that read them find the cache's name as ``clusterId``.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless-metrics-events-redis.html and
    https://github.com/prometheus-community/yet-another-cloudwatch-exporter/blob/master/pkg/config/services.go
    """
    return {"clusterId": name}


def cache_metric(
    name: str, dimensions: dict[str, str], statistic: str, period: Duration | None = None
) -> cloudwatch.Metric:
    """A metric of ElastiCache."""
    return cloudwatch.Metric(
        namespace="AWS/ElastiCache",
        metric_name=name,
        dimensions_map=dimensions,
        statistic=statistic,
        period=period or Duration.minutes(5),
    )


def _alarm(
    scope: Construct, prefix: str, *, of: str, dimensions: dict[str, str], watched: _Watched, topic: sns.ITopic
) -> cloudwatch.Alarm:
    return notifying_alarm(
        scope,
        f"{prefix}{watched.name}Alarm",
        metric=cache_metric(watched.metric, dimensions, watched.statistic),
        threshold=watched.threshold,
        description=watched.description.format(of),
        topic=topic,
        # A primary has no lag, and a serverless cache that is not used tells nothing.
        missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )


def _nodes(thresholds: CacheAlarmThresholds) -> list[_Watched]:
    return [
        _Watched(
            name="Cpu",
            metric="EngineCPUUtilization",
            statistic="Average",
            threshold=thresholds.cpu_percent,
            description="The engine of {} is busy. Look at the slow log, for a hot key, or scale.",
        ),
        _Watched(
            name="Memory",
            metric="DatabaseMemoryUsagePercentage",
            statistic="Maximum",
            threshold=thresholds.memory_percent,
            description="The memory of {} fills up. Look for keys without expiry, or scale the shards.",
        ),
    ]


def _shared(thresholds: CacheAlarmThresholds) -> list[_Watched]:
    return [
        _Watched(
            name="Evictions",
            metric="Evictions",
            statistic="Sum",
            threshold=thresholds.evictions,
            description="Keys of {} are evicted for want of memory. Scale, or let keys expire sooner.",
        ),
        _Watched(
            name="Connections",
            metric="CurrConnections",
            statistic="Maximum",
            threshold=thresholds.connections,
            description="The connections of {} run out. Look for clients that do not give theirs back.",
        ),
    ]


def _lag(thresholds: CacheAlarmThresholds) -> _Watched:
    return _Watched(
        name="ReplicationLag",
        metric="ReplicationLag",
        statistic="Maximum",
        threshold=thresholds.replication_lag_seconds,
        description="{} is behind its primary: a failover would lose writes. Look at the writes and the network.",
    )
