from dataclasses import dataclass
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm

@dataclass(frozen=True, kw_only=True)
class FileSystemAlarmThresholds:
    io_limit_percent: float = 90
    replication_lag_seconds: float = 900

def file_system_alarms(scope: Construct, *, file_system_id: str, replicated: bool, topic: sns.ITopic, thresholds: FileSystemAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...

def file_system_metric(name: str, file_system_id: str, *, statistic: str='Maximum', period: Duration | None=None) -> cloudwatch.Metric:
    ...
