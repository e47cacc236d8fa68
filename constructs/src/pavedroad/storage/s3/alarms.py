"""What an operator wants to know of a bucket before its users do."""

from dataclasses import dataclass

from aws_cdk import Duration, Fn
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm
from pavedroad.storage.s3.replication import RULE, BucketReplication

REQUEST_METRICS = "EntireBucket"
"""The id of the request metrics that alarms read; S3 bills them as custom metrics."""


@dataclass(frozen=True, kw_only=True)
class SecureBucketAlarmThresholds:
    """When a bucket needs a person; each must be breached for three periods of five minutes.

    Attributes:
        client_errors_percent: Above this share of requests that S3 refuses (4xx), in percent.
        server_errors_percent: Above this share of requests that S3 fails (5xx), in percent.
        replication_latency_seconds: Replication is behind by more than this, in seconds.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#S3
    """

    client_errors_percent: float = 5
    server_errors_percent: float = 5
    replication_latency_seconds: float = 900


def bucket_alarms(
    scope: Construct,
    *,
    bucket: s3.Bucket,
    replication: BucketReplication | None,
    topic: sns.ITopic,
    thresholds: SecureBucketAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """Two alarms on the requests, and one on replication where there is one."""
    requests = {"BucketName": bucket.bucket_name, "FilterId": REQUEST_METRICS}
    alarms = [
        notifying_alarm(
            scope,
            construct_id,
            # The average of the ones and zeros that S3 reports is the share of requests.
            metric=_metric(name, requests, "Average"),
            threshold=percent / 100,
            description=description,
            topic=topic,
            missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        for construct_id, name, percent, description in (
            (
                "ClientErrorsAlarm",
                "4xxErrors",
                thresholds.client_errors_percent,
                "The bucket refuses requests. Look in its access logs for who lacks rights, or tries doors.",
            ),
            (
                "ServerErrorsAlarm",
                "5xxErrors",
                thresholds.server_errors_percent,
                "S3 fails requests. Look for too many a second on one prefix, and at the AWS Health Dashboard.",
            ),
        )
    ]
    if replication is None:
        return alarms
    target = Fn.select(5, Fn.split(":", replication.target.bucket_arn))
    copies = {"SourceBucket": bucket.bucket_name, "DestinationBucket": target, "RuleId": RULE}
    late = notifying_alarm(
        scope,
        "ReplicationLatencyAlarm",
        metric=_metric("ReplicationLatency", copies, "Maximum"),
        threshold=thresholds.replication_latency_seconds,
        description="Copies are behind. Look at the policies of the other bucket and key, and at the uploads.",
        topic=topic,
        missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    return [*alarms, late]


def _metric(name: str, dimensions: dict[str, str], statistic: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/S3",
        metric_name=name,
        dimensions_map=dimensions,
        statistic=statistic,
        period=Duration.minutes(5),
    )
