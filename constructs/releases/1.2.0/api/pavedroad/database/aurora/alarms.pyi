from dataclasses import dataclass
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
_ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
_BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD

@dataclass(frozen=True, kw_only=True)
class AuroraClusterAlarmThresholds:
    cpu_percent: float = 80
    connections: float = 500
    capacity_percent: float = 90
    freeable_memory_mebibytes: float = 256
    replica_lag_milliseconds: float = 1000
    deadlocks_per_second: float = 0.1
    global_lag_seconds: float = 20

def cluster_alarms(scope: Construct, *, cluster: rds.DatabaseCluster, is_serverless: bool, has_readers: bool, primary_region: str | None, topic: sns.ITopic, thresholds: AuroraClusterAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
