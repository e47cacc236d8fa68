from dataclasses import dataclass
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm

@dataclass(frozen=True, kw_only=True)
class LogShippingAlarmThresholds:
    delivered_percent: float = 99
    freshness_seconds: float = 900
    throttled_records: float = 0

def delivery_metric(stream_name: str, name: str, statistic: str, period: Duration | None=None) -> cloudwatch.Metric:
    ...

def delivery_alarms(scope: Construct, *, stream_name: str, metric_prefix: str, topic: sns.ITopic, thresholds: LogShippingAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
