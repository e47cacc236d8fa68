from collections.abc import Mapping
from dataclasses import dataclass
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
_NOT_BREACHING = cloudwatch.TreatMissingData.NOT_BREACHING

@dataclass(frozen=True, kw_only=True)
class FargateServiceAlarmThresholds:
    server_errors: float = 10
    unhealthy_tasks: float = 0
    response_time_seconds: float = 1
    cpu_percent: float = 85
    memory_percent: float = 85
    running_tasks: float | None = None

@dataclass(frozen=True, kw_only=True)
class WatchedMetrics:
    server_errors: cloudwatch.MathExpression
    unhealthy_tasks: Mapping[str, cloudwatch.Metric]
    response_time: cloudwatch.Metric
    cpu_utilization: cloudwatch.Metric
    memory_utilization: cloudwatch.Metric
    running_tasks: cloudwatch.Metric

def add_service_alarms(service: Construct, watched: WatchedMetrics, topic: sns.ITopic, thresholds: FargateServiceAlarmThresholds, *, min_tasks: float) -> list[cloudwatch.Alarm]:
    ...
