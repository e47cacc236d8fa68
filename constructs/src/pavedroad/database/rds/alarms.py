"""What an operator wants to know of a database before its users do."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm

_BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD


@dataclass(frozen=True, kw_only=True)
class DatabaseAlarmThresholds:
    """When a database needs a person; each must be breached for three periods of five minutes.

    Attributes:
        cpu_percent: Above this CPU utilisation, in percent.
        connections: Above this number of connections. ``max_connections`` follows the memory of the instance class
            (about 110 a GiB under PostgreSQL, 80 under MySQL and MariaDB): set it to four fifths of yours.
        free_storage_gibibytes: Below this free storage, in GiB.
        freeable_memory_mebibytes: Below this freeable memory, in MiB.
        replica_lag_seconds: Above this lag of a read replica, in seconds.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#RDS
    """

    cpu_percent: float = 80
    connections: float = 300
    free_storage_gibibytes: float = 10
    freeable_memory_mebibytes: float = 256
    replica_lag_seconds: float = 60


def database_alarms(
    scope: Construct,
    *,
    instance: rds.DatabaseInstance,
    replicas: Sequence[rds.DatabaseInstanceReadReplica],
    topic: sns.ITopic,
    thresholds: DatabaseAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """Four alarms for every instance, and one for the lag of every replica."""
    alarms = _instance_alarms(
        scope, prefix="", name="the database", instance=instance, topic=topic, thresholds=thresholds
    )
    for number, replica in enumerate(replicas, start=1):
        prefix, name = f"ReadReplica{number}", f"read replica {number}"
        alarms += _instance_alarms(
            scope, prefix=prefix, name=name, instance=replica, topic=topic, thresholds=thresholds
        )
        alarms.append(
            notifying_alarm(
                scope,
                f"{prefix}LagAlarm",
                metric=replica.metric("ReplicaLag", statistic="Average"),
                threshold=thresholds.replica_lag_seconds,
                description=f"{name} is behind: readers see old data. Look at long transactions on it and its load.",
                topic=topic,
            )
        )
    return alarms


def _instance_alarms(
    scope: Construct,
    *,
    prefix: str,
    name: str,
    instance: rds.IDatabaseInstance,
    topic: sns.ITopic,
    thresholds: DatabaseAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    return [
        notifying_alarm(
            scope,
            f"{prefix}CpuAlarm",
            metric=instance.metric_cpu_utilization(),
            threshold=thresholds.cpu_percent,
            description=f"The CPU of {name} is busy. Look at the top statements in Database Insights.",
            topic=topic,
        ),
        notifying_alarm(
            scope,
            f"{prefix}ConnectionsAlarm",
            metric=instance.metric_database_connections(),
            threshold=thresholds.connections,
            description=f"The connections of {name} run out. Look for clients that do not give theirs back.",
            topic=topic,
        ),
        notifying_alarm(
            scope,
            f"{prefix}FreeStorageAlarm",
            metric=instance.metric_free_storage_space(),
            threshold=thresholds.free_storage_gibibytes * 2**30,
            description=f"The storage of {name} runs out. Look at what grows, and at the limit of storage autoscaling.",
            topic=topic,
            comparison=_BELOW,
        ),
        notifying_alarm(
            scope,
            f"{prefix}FreeableMemoryAlarm",
            metric=instance.metric_freeable_memory(),
            threshold=thresholds.freeable_memory_mebibytes * 2**20,
            description=f"The memory of {name} runs out. Look at the connections, or take a larger instance class.",
            topic=topic,
            comparison=_BELOW,
        ),
    ]
