from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
_OPERATIONS = (dynamodb.Operation.GET_ITEM, dynamodb.Operation.BATCH_GET_ITEM, dynamodb.Operation.QUERY, dynamodb.Operation.SCAN, dynamodb.Operation.PUT_ITEM, dynamodb.Operation.UPDATE_ITEM, dynamodb.Operation.DELETE_ITEM, dynamodb.Operation.BATCH_WRITE_ITEM, dynamodb.Operation.TRANSACT_GET_ITEMS, dynamodb.Operation.TRANSACT_WRITE_ITEMS)
_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING

@dataclass(frozen=True, kw_only=True)
class TableAlarmThresholds:
    read_throttle_events: float = 0
    write_throttle_events: float = 0
    system_errors: float = 0
    replication_latency_seconds: float = 180

def table_alarms(scope: Construct, *, table: dynamodb.TableV2, indexes: Sequence[str], regions: Sequence[str], topic: sns.ITopic, thresholds: TableAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...

def table_metric(table: dynamodb.ITableV2, name: str, statistic: str, period: Duration | None=None, **dimensions: str) -> cloudwatch.Metric:
    ...
