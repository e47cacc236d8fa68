from dataclasses import dataclass
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm

@dataclass(frozen=True, kw_only=True)
class InstanceFleetAlarmThresholds:
    cpu_percent: float = 85
    memory_percent: float = 85
    disk_percent: float = 85
    failed_status_checks: float = 0
    instances_in_service: float | None = None

@dataclass(frozen=True, kw_only=True)
class WatchedFleet:
    cpu_utilization: cloudwatch.Metric
    memory_used: cloudwatch.Metric
    disk_used: cloudwatch.Metric
    failed_status_checks: cloudwatch.Metric
    instances_in_service: cloudwatch.Metric

def add_fleet_alarms(fleet: Construct, watched: WatchedFleet, topic: sns.ITopic, thresholds: InstanceFleetAlarmThresholds, *, min_instances: float) -> list[cloudwatch.Alarm]:
    ...
