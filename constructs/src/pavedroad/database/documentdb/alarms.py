"""What an operator wants to know of a document database before its users do."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm

_ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
_BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD


@dataclass(frozen=True, kw_only=True)
class DocumentDatabaseAlarmThresholds:
    """When a document database needs a person; the worst instance counts, for three periods of five minutes.

    Attributes:
        cpu_percent: Above this CPU utilisation, in percent.
        connections: Above this number of connections. The limit follows the instance class (``r6g.large`` takes
            3,400): set it to four fifths of yours.
        freeable_memory_mebibytes: Below this freeable memory, in MiB.
        cache_hit_percent: Below this share of requests that the memory answers, in percent.
        replica_lag_milliseconds: Above this lag of a replica, in milliseconds; with two instances or more only.

    Source: https://docs.aws.amazon.com/documentdb/latest/developerguide/best_practices.html
    """

    cpu_percent: float = 80
    connections: float = 2700
    freeable_memory_mebibytes: float = 512
    cache_hit_percent: float = 90
    replica_lag_milliseconds: float = 1000


def document_database_metric(cluster: str, name: str, *, statistic: str, **options: object) -> cloudwatch.Metric:
    """A metric of a cluster, over all its instances."""
    return cloudwatch.Metric(
        namespace="AWS/DocDB",
        metric_name=name,
        statistic=statistic,
        dimensions_map={"DBClusterIdentifier": cluster},
        **options,  # type: ignore[arg-type]
    )


def document_database_alarms(
    scope: Construct,
    *,
    cluster: str,
    has_replicas: bool,
    topic: sns.ITopic,
    thresholds: DocumentDatabaseAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """Four alarms for every database, and one for the lag where there are replicas."""
    wanted = {
        "CpuAlarm": (
            ("CPUUtilization", "Maximum", _ABOVE, thresholds.cpu_percent),
            "The CPU of an instance of the document database is busy. Look at the slowest operations in the profiler.",
        ),
        "ConnectionsAlarm": (
            ("DatabaseConnections", "Maximum", _ABOVE, thresholds.connections),
            "The connections of the document database run out. Look for clients that do not give theirs back.",
        ),
        "FreeableMemoryAlarm": (
            ("FreeableMemory", "Minimum", _BELOW, thresholds.freeable_memory_mebibytes * 2**20),
            "The memory of an instance of the document database runs out. Take a larger instance class.",
        ),
        "CacheHitAlarm": (
            ("BufferCacheHitRatio", "Minimum", _BELOW, thresholds.cache_hit_percent),
            "The document database reads from its storage: data and indexes outgrow the memory. Look for scans.",
        ),
        "ReplicaLagAlarm": (
            ("DBClusterReplicaLagMaximum", "Maximum", _ABOVE, thresholds.replica_lag_milliseconds),
            "A replica of the document database is behind: readers see old data. Look at the primary's load.",
        ),
    }
    if not has_replicas:
        del wanted["ReplicaLagAlarm"]
    return [
        notifying_alarm(
            scope,
            construct_id,
            metric=document_database_metric(cluster, name, statistic=statistic),
            threshold=threshold,
            description=description,
            topic=topic,
            comparison=comparison,
        )
        for construct_id, ((name, statistic, comparison, threshold), description) in wanted.items()
    ]
