"""What is watched of logs on their way."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm


@dataclass(frozen=True, kw_only=True)
class LogShippingAlarmThresholds:
    """When the delivery of logs needs a person; each must be breached for three periods of five minutes.

    Attributes:
        delivered_percent: Below this share of records that the destination took, in percent. Left out: 99.
        freshness_seconds: The oldest record that waits is older than this, in seconds. Left out: 900.
        throttled_records: Above this number of records that Firehose refused. Left out: 0.

    Source: https://docs.aws.amazon.com/firehose/latest/dev/firehose-cloudwatch-metrics-best-practices.html
    """

    delivered_percent: float = 99
    freshness_seconds: float = 900
    throttled_records: float = 0


def delivery_metric(stream_name: str, name: str, statistic: str, period: Duration | None = None) -> cloudwatch.Metric:
    """A metric of the delivery stream."""
    return cloudwatch.Metric(
        namespace="AWS/Firehose",
        metric_name=name,
        dimensions_map={"DeliveryStreamName": stream_name},
        statistic=statistic,
        period=period or Duration.minutes(5),
    )


def delivery_alarms(
    scope: Construct, *, stream_name: str, metric_prefix: str, topic: sns.ITopic, thresholds: LogShippingAlarmThresholds
) -> list[cloudwatch.Alarm]:
    """Three alarms: records that are not taken, that wait, and that are refused."""
    return [
        notifying_alarm(
            scope,
            "DeliveryFailureAlarm",
            metric=delivery_metric(stream_name, f"{metric_prefix}.Success", "Average"),
            threshold=thresholds.delivered_percent / 100,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            description="Logs are not taken by their destination; they are kept in the backup bucket. Look at the "
            "delivery log, the credentials and the destination's state.",
            topic=topic,
            missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        ),
        notifying_alarm(
            scope,
            "DataFreshnessAlarm",
            metric=delivery_metric(stream_name, f"{metric_prefix}.DataFreshness", "Maximum"),
            threshold=thresholds.freshness_seconds,
            description="Logs arrive late. Look at the destination's response times and limits.",
            topic=topic,
            missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        ),
        notifying_alarm(
            scope,
            "ThrottledRecordsAlarm",
            metric=delivery_metric(stream_name, "ThrottledRecords", "Sum"),
            threshold=thresholds.throttled_records,
            description="More logs come than the delivery stream may take. Ask for a higher quota of Firehose.",
            topic=topic,
            missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        ),
    ]
