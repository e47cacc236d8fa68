"""What an operator wants to know of an Aurora cluster before its users do."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm

_ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
_BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD


@dataclass(frozen=True, kw_only=True)
class AuroraClusterAlarmThresholds:
    """When a cluster needs a person; the worst instance counts, for three periods of five minutes.

    Attributes:
        cpu_percent: Above this CPU utilisation, in percent.
        connections: Above this number of connections. ``max_connections`` follows the memory, under Serverless v2 that
            of the maximum capacity: set it to four fifths of yours.
        capacity_percent: Above this share of the maximum capacity units, in percent; under Serverless v2 only.
        freeable_memory_mebibytes: Below this freeable memory, in MiB.
        replica_lag_milliseconds: Above this lag of a reader, in milliseconds; with readers only.
        deadlocks_per_second: Above this rate of deadlocks.
        global_lag_seconds: Above this lag behind the primary of a global cluster, in seconds; of a secondary only.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#RDS
    """

    cpu_percent: float = 80
    connections: float = 500
    capacity_percent: float = 90
    freeable_memory_mebibytes: float = 256
    replica_lag_milliseconds: float = 1000
    deadlocks_per_second: float = 0.1
    global_lag_seconds: float = 20


def cluster_alarms(
    scope: Construct,
    *,
    cluster: rds.DatabaseCluster,
    is_serverless: bool,
    has_readers: bool,
    primary_region: str | None,
    topic: sns.ITopic,
    thresholds: AuroraClusterAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """Four alarms for every cluster, and those of Serverless v2, of readers and of a secondary where there are any."""

    def alarm(
        construct_id: str,
        metric: str,
        threshold: float,
        description: str,
        *,
        statistic: str = "Maximum",
        comparison: cloudwatch.ComparisonOperator = _ABOVE,
        dimensions: dict[str, str] | None = None,
    ) -> cloudwatch.Alarm:
        of_cluster = {"DBClusterIdentifier": cluster.cluster_identifier, **(dimensions or {})}
        return notifying_alarm(
            scope,
            construct_id,
            metric=cluster.metric(metric, statistic=statistic, dimensions_map=of_cluster),
            threshold=threshold,
            description=description,
            topic=topic,
            comparison=comparison,
        )

    alarms = [
        alarm(
            "CpuAlarm",
            "CPUUtilization",
            thresholds.cpu_percent,
            "The CPU of an instance of the cluster is busy. Look at the top statements in Database Insights.",
        ),
        alarm(
            "ConnectionsAlarm",
            "DatabaseConnections",
            thresholds.connections,
            "The connections of the cluster run out. Look for clients that do not give theirs back.",
        ),
        alarm(
            "FreeableMemoryAlarm",
            "FreeableMemory",
            thresholds.freeable_memory_mebibytes * 2**20,
            "The memory of an instance of the cluster runs out. Look at the connections, or give it more.",
            statistic="Minimum",
            comparison=_BELOW,
        ),
        alarm(
            "DeadlocksAlarm",
            "Deadlocks",
            thresholds.deadlocks_per_second,
            "Transactions of the cluster block each other and are rolled back. Look for them in its logs.",
            statistic="Average",
        ),
    ]
    if is_serverless:
        alarms.append(
            alarm(
                "CapacityAlarm",
                "ACUUtilization",
                thresholds.capacity_percent,
                "The cluster is near its maximum capacity. Look at the top statements, or raise the maximum.",
            )
        )
    if has_readers:
        alarms.append(
            alarm(
                "ReplicaLagAlarm",
                "AuroraReplicaLagMaximum",
                thresholds.replica_lag_milliseconds,
                "A reader is behind: readers see old data. Look at long transactions and the writer's load.",
            )
        )
    if primary_region is not None:
        alarms.append(
            alarm(
                "GlobalLagAlarm",
                "AuroraGlobalDBReplicationLag",
                thresholds.global_lag_seconds * 1000,
                "This region is behind the primary: its loss would cost that much. Look at the writer's load.",
                dimensions={"SourceRegion": primary_region},
            )
        )
    return alarms
