from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
_SILENT_UNTIL_IT_HAPPENS = cloudwatch.TreatMissingData.NOT_BREACHING
_MISSING_REPLICATION = cloudwatch.TreatMissingData.MISSING
_READS = ('SELECT',)
_WRITES = ('INSERT', 'UPDATE', 'DELETE')

@dataclass(frozen=True, kw_only=True)
class WideColumnAlarmThresholds:
    read_throttle_events: float = 0
    write_throttle_events: float = 0
    system_errors: float = 0
    replication_latency_seconds: float = 180

def keyspace_metric(name: str, statistic: str, period: Duration | None=None, *, dimensions: dict[str, str]) -> cloudwatch.Metric:
    ...

def table_alarms(scope: Construct, *, keyspace_name: str, table: str, regions: Sequence[str], topic: sns.ITopic, thresholds: WideColumnAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
