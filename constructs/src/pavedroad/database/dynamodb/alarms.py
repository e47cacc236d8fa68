"""What an operator wants to know of a table before its users do."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm

# An alarm reads ten metrics at most.
_OPERATIONS = (
    dynamodb.Operation.GET_ITEM,
    dynamodb.Operation.BATCH_GET_ITEM,
    dynamodb.Operation.QUERY,
    dynamodb.Operation.SCAN,
    dynamodb.Operation.PUT_ITEM,
    dynamodb.Operation.UPDATE_ITEM,
    dynamodb.Operation.DELETE_ITEM,
    dynamodb.Operation.BATCH_WRITE_ITEM,
    dynamodb.Operation.TRANSACT_GET_ITEMS,
    dynamodb.Operation.TRANSACT_WRITE_ITEMS,
)
_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING


@dataclass(frozen=True, kw_only=True)
class TableAlarmThresholds:
    """When a table needs a person; each must be breached for three periods of five minutes.

    Attributes:
        read_throttle_events: Above this number of throttled reads in five minutes, of the table or one of its indexes.
        write_throttle_events: Above this number of throttled writes in five minutes, of the table or an index.
        system_errors: Above this number of requests that DynamoDB failed in five minutes.
        replication_latency_seconds: A replica is behind by more than this, in seconds.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#DynamoDB
    """

    read_throttle_events: float = 0
    write_throttle_events: float = 0
    system_errors: float = 0
    replication_latency_seconds: float = 180


def table_alarms(
    scope: Construct,
    *,
    table: dynamodb.TableV2,
    indexes: Sequence[str],
    regions: Sequence[str],
    topic: sns.ITopic,
    thresholds: TableAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """Two alarms on what is throttled for the table and each index, one on errors, one for each other region."""
    alarms = _throttle_alarms(scope, "", table=table, dimensions={}, topic=topic, thresholds=thresholds)
    for number, index in enumerate(indexes, start=1):
        dimensions = {"GlobalSecondaryIndexName": index}
        prefix = f"Index{number}"
        alarms += _throttle_alarms(
            scope, prefix, table=table, dimensions=dimensions, topic=topic, thresholds=thresholds
        )
    errors = table.metric_system_errors_for_operations(operations=list(_OPERATIONS), period=Duration.minutes(5))
    assert isinstance(errors, cloudwatch.MathExpression)
    alarms.append(
        notifying_alarm(
            scope,
            "SystemErrorsAlarm",
            metric=errors,
            threshold=thresholds.system_errors,
            description="DynamoDB fails requests. Look at the AWS Health Dashboard, and at what clients repeat.",
            topic=topic,
            missing_data=_QUIET,
        )
    )
    for number, region in enumerate(regions, start=1):
        alarms.append(
            notifying_alarm(
                scope,
                f"Replica{number}LatencyAlarm",
                metric=table_metric(table, "ReplicationLatency", "Average", ReceivingRegion=region),
                threshold=thresholds.replication_latency_seconds * 1000,
                description=f"The replica in {region} is behind: it lacks writes. Look at its write capacity and key.",
                topic=topic,
                missing_data=_QUIET,
            )
        )
    return alarms


def table_metric(
    table: dynamodb.ITableV2, name: str, statistic: str, period: Duration | None = None, **dimensions: str
) -> cloudwatch.Metric:
    """A metric of the table, or of what ``dimensions`` name in it."""
    return cloudwatch.Metric(
        namespace="AWS/DynamoDB",
        metric_name=name,
        dimensions_map={"TableName": table.table_name, **dimensions},
        statistic=statistic,
        period=period or Duration.minutes(5),
    )


def _throttle_alarms(
    scope: Construct,
    prefix: str,
    *,
    table: dynamodb.TableV2,
    dimensions: dict[str, str],
    topic: sns.ITopic,
    thresholds: TableAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    name = dimensions.get("GlobalSecondaryIndexName")
    of = f"of the index {name}" if name else "of the table"
    return [
        notifying_alarm(
            scope,
            f"{prefix}{kind}ThrottleAlarm",
            metric=table_metric(table, f"{kind}ThrottleEvents", "Sum", None, **dimensions),
            threshold=threshold,
            description=f"{kind}s {of} are throttled. Look at the capacity, and for one key that takes it all.",
            topic=topic,
            missing_data=_QUIET,
        )
        for kind, threshold in (
            ("Read", thresholds.read_throttle_events),
            ("Write", thresholds.write_throttle_events),
        )
    ]
