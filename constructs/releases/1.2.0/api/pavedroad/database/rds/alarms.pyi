from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
_BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD

@dataclass(frozen=True, kw_only=True)
class DatabaseAlarmThresholds:
    cpu_percent: float = 80
    connections: float = 300
    free_storage_gibibytes: float = 10
    freeable_memory_mebibytes: float = 256
    replica_lag_seconds: float = 60

def database_alarms(scope: Construct, *, instance: rds.DatabaseInstance, replicas: Sequence[rds.DatabaseInstanceReadReplica], topic: sns.ITopic, thresholds: DatabaseAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
