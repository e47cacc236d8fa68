from dataclasses import dataclass
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
_ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
_BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD

@dataclass(frozen=True, kw_only=True)
class DocumentDatabaseAlarmThresholds:
    cpu_percent: float = 80
    connections: float = 2700
    freeable_memory_mebibytes: float = 512
    cache_hit_percent: float = 90
    replica_lag_milliseconds: float = 1000

def document_database_metric(cluster: str, name: str, *, statistic: str, **options: object) -> cloudwatch.Metric:
    ...

def document_database_alarms(scope: Construct, *, cluster: str, has_replicas: bool, topic: sns.ITopic, thresholds: DocumentDatabaseAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
