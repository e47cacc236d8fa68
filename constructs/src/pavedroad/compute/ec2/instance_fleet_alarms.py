"""What is watched of a fleet of instances."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm


@dataclass(frozen=True, kw_only=True)
class InstanceFleetAlarmThresholds:
    """When the alarms of a fleet go off.

    Attributes:
        cpu_percent: Average CPU use for 15 minutes. Left out: 85.
        memory_percent: Average memory use for 15 minutes. Left out: 85.
        disk_percent: Use of the fullest file system of any instance, for 15 minutes. Left out: 85.
        failed_status_checks: Instances that fail a status check of EC2 for three minutes. Left out: 0.
        instances_in_service: Fewer instances in service than this for three minutes. Left out: ``min_instances``.
    """

    cpu_percent: float = 85
    memory_percent: float = 85
    disk_percent: float = 85
    failed_status_checks: float = 0
    instances_in_service: float | None = None


@dataclass(frozen=True, kw_only=True)
class WatchedFleet:
    """The metrics of a fleet that the alarms watch, each as the fleet gives it."""

    cpu_utilization: cloudwatch.Metric
    memory_used: cloudwatch.Metric
    disk_used: cloudwatch.Metric
    failed_status_checks: cloudwatch.Metric
    instances_in_service: cloudwatch.Metric


def add_fleet_alarms(
    fleet: Construct,
    watched: WatchedFleet,
    topic: sns.ITopic,
    thresholds: InstanceFleetAlarmThresholds,
    *,
    min_instances: float,
) -> list[cloudwatch.Alarm]:
    """Five alarms; the topic hears of alarm and recovery."""
    minimum = min_instances if thresholds.instances_in_service is None else thresholds.instances_in_service
    return [
        notifying_alarm(
            fleet,
            "CpuAlarm",
            metric=watched.cpu_utilization,
            threshold=thresholds.cpu_percent,
            description="CPU use stays high although the fleet scales. Look at max_instances and the instance types.",
            topic=topic,
        ),
        notifying_alarm(
            fleet,
            "MemoryAlarm",
            metric=watched.memory_used,
            threshold=thresholds.memory_percent,
            description="Memory use stays high; processes may be killed. Look for a leak, then at the instance types.",
            topic=topic,
        ),
        notifying_alarm(
            fleet,
            "DiskAlarm",
            metric=watched.disk_used,
            threshold=thresholds.disk_percent,
            description="A file system fills up. Look at logs and temporary files, then at the volume's size.",
            topic=topic,
        ),
        notifying_alarm(
            fleet,
            "StatusChecksAlarm",
            metric=watched.failed_status_checks,
            threshold=thresholds.failed_status_checks,
            description="An instance fails EC2's status checks and is not replaced. Look at the scaling activities.",
            topic=topic,
        ),
        notifying_alarm(
            fleet,
            "InServiceAlarm",
            metric=watched.instances_in_service,
            threshold=minimum,
            description="Fewer instances serve than needed. Look at the scaling activities: image, key, capacity.",
            topic=topic,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            missing_data=cloudwatch.TreatMissingData.BREACHING,
        ),
    ]
