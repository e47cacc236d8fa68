"""What an operator wants to know of a keyspace before its users do."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm

_SILENT_UNTIL_IT_HAPPENS = cloudwatch.TreatMissingData.NOT_BREACHING
_MISSING_REPLICATION = cloudwatch.TreatMissingData.MISSING
_READS = ("SELECT",)
_WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, kw_only=True)
class WideColumnAlarmThresholds:
    """When a table needs a person; each must be breached for three periods of five minutes.

    Attributes:
        read_throttle_events: Above this number of throttled reads in five minutes.
        write_throttle_events: Above this number of throttled writes in five minutes.
        system_errors: Above this number of requests that Keyspaces failed in five minutes.
        replication_latency_seconds: A replica is behind by more than this, in seconds.

    Source: https://docs.aws.amazon.com/keyspaces/latest/devguide/metrics-dimensions.html
    """

    read_throttle_events: float = 0
    write_throttle_events: float = 0
    system_errors: float = 0
    replication_latency_seconds: float = 180


def keyspace_metric(
    name: str, statistic: str, period: Duration | None = None, *, dimensions: dict[str, str]
) -> cloudwatch.Metric:
    """A metric of Amazon Keyspaces."""
    return cloudwatch.Metric(
        namespace="AWS/Cassandra",
        metric_name=name,
        dimensions_map=dimensions,
        statistic=statistic,
        period=period or Duration.minutes(5),
    )


def table_alarms(
    scope: Construct,
    *,
    keyspace_name: str,
    table: str,
    regions: Sequence[str],
    topic: sns.ITopic,
    thresholds: WideColumnAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """Three alarms for a table, and one for each other region.

    No source was found for the dimensions of ``ReplicationLatency``; those that stand here are DynamoDB's. The alarm
    shows insufficient data, and not the state OK, where Keyspaces has others or nothing is written.

    Source: https://github.com/aws-samples/amazon-keyspaces-cloudwatch-cloudformation-templates (``Operation``)
    """
    dimensions = {"Keyspace": keyspace_name, "TableName": table}
    watched: list[tuple[str, cloudwatch.Metric | cloudwatch.MathExpression, float, str]] = [
        (
            "ReadThrottle",
            _summed("ReadThrottleEvents", dimensions, _READS),
            thresholds.read_throttle_events,
            f"Reads of the table {table} are throttled. Look at its capacity, and for a partition that takes it all.",
        ),
        (
            "WriteThrottle",
            _summed("WriteThrottleEvents", dimensions, _WRITES),
            thresholds.write_throttle_events,
            f"Writes of the table {table} are throttled. Look at its capacity, and for a partition that takes it all.",
        ),
        (
            "SystemErrors",
            _summed("SystemErrors", dimensions, (*_READS, *_WRITES)),
            thresholds.system_errors,
            f"Keyspaces fails requests to the table {table}. Look at the AWS Health Dashboard, and at what repeats.",
        ),
    ]
    for number, region in enumerate(regions, start=1):
        behind = {"TableName": table, "ReceivingRegion": region}
        watched.append(
            (
                f"Replica{number}Latency",
                keyspace_metric("ReplicationLatency", "Average", dimensions=behind),
                thresholds.replication_latency_seconds * 1000,
                f"The table {table} in {region} is behind: it lacks writes. Look at the write capacity.",
            )
        )
    return [
        notifying_alarm(
            scope,
            f"{table}-{name}Alarm",
            metric=metric,
            threshold=threshold,
            description=description,
            topic=topic,
            missing_data=_MISSING_REPLICATION if name.startswith("Replica") else _SILENT_UNTIL_IT_HAPPENS,
        )
        for name, metric, threshold, description in watched
    ]


def _summed(name: str, dimensions: dict[str, str], operations: Sequence[str]) -> cloudwatch.MathExpression:
    """Over operations: each has a metric of its own, and is silent until it happens."""
    metrics = {
        operation.lower(): keyspace_metric(name, "Sum", dimensions={**dimensions, "Operation": operation})
        for operation in operations
    }
    return cloudwatch.MathExpression(
        expression=" + ".join(f"FILL({operation}, 0)" for operation in metrics),
        using_metrics=metrics,
        period=Duration.minutes(5),
        label=name,
    )
