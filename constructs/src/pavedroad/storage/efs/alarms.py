"""What is watched of a file system."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm


@dataclass(frozen=True, kw_only=True)
class FileSystemAlarmThresholds:
    """When the alarms of a file system go off.

    Attributes:
        io_limit_percent: How near the file system is to the limit of its operations, for 15 minutes. Left out: 90.
        replication_lag_seconds: How long ago the copy was in step, for 15 minutes; with replication only. Left out:
            900, the time that EFS aims for.
    """

    io_limit_percent: float = 90
    replication_lag_seconds: float = 900


def file_system_alarms(
    scope: Construct,
    *,
    file_system_id: str,
    replicated: bool,
    topic: sns.ITopic,
    thresholds: FileSystemAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """One alarm, and one more where there is a copy."""
    alarms = [
        notifying_alarm(
            scope,
            "IoLimitAlarm",
            metric=file_system_metric("PercentIOLimit", file_system_id),
            threshold=thresholds.io_limit_percent,
            description="The file system is near the limit of its operations. Look at who reads and writes many small "
            "files, and whether they need to share them.",
            topic=topic,
            missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
    ]
    if replicated:
        alarms.append(
            notifying_alarm(
                scope,
                "ReplicationLagAlarm",
                metric=file_system_metric("TimeSinceLastSync", file_system_id),
                threshold=thresholds.replication_lag_seconds,
                description="The copy in the other region is behind. Look at how much is written, and at the state of "
                "the replication.",
                topic=topic,
                missing_data=cloudwatch.TreatMissingData.BREACHING,
            )
        )
    return alarms


def file_system_metric(
    name: str, file_system_id: str, *, statistic: str = "Maximum", period: Duration | None = None
) -> cloudwatch.Metric:
    """A metric that EFS publishes about a file system."""
    return cloudwatch.Metric(
        namespace="AWS/EFS",
        metric_name=name,
        dimensions_map={"FileSystemId": file_system_id},
        statistic=statistic,
        period=period or Duration.minutes(5),
    )
