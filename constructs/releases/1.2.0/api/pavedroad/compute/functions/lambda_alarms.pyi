from dataclasses import dataclass
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
_NOT_BREACHING = cloudwatch.TreatMissingData.NOT_BREACHING

@dataclass(frozen=True, kw_only=True)
class LambdaServiceAlarmThresholds:
    errors: float = 5
    throttles: float = 0
    duration_percent: float = 80
    dead_letters: float = 0
    concurrency_percent: float = 80
    iterator_age_seconds: float = 300

@dataclass(frozen=True, kw_only=True)
class WatchedMetrics:
    errors: cloudwatch.Metric
    throttles: cloudwatch.Metric
    duration_percent: cloudwatch.MathExpression
    dead_letters: cloudwatch.Metric
    concurrency_percent: cloudwatch.MathExpression
    iterator_age: cloudwatch.Metric | None

def add_function_alarms(service: Construct, watched: WatchedMetrics, topic: sns.ITopic, thresholds: LambdaServiceAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
