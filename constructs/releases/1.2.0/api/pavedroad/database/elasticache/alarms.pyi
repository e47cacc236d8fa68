from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm

@dataclass(frozen=True, kw_only=True)
class CacheAlarmThresholds:
    cpu_percent: float = 80
    memory_percent: float = 80
    evictions: float = 1000
    connections: float = 50000
    replication_lag_seconds: float = 10
    throttled_commands: float = 0

def node_alarms(scope: Construct, *, group_id: str, members: Sequence[tuple[int, int]], replicated: bool, topic: sns.ITopic, thresholds: CacheAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...

def serverless_alarms(scope: Construct, *, name: str, topic: sns.ITopic, thresholds: CacheAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...

def serverless_dimensions(name: str) -> dict[str, str]:
    ...

def cache_metric(name: str, dimensions: dict[str, str], statistic: str, period: Duration | None=None) -> cloudwatch.Metric:
    ...
