"""What an operator wants to know of a website before its visitors do."""

from dataclasses import dataclass

from aws_cdk import Aws, CfnCondition, Duration, Fn, Stack, Token
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm
from pavedroad.storage.s3.alarms import SecureBucketAlarmThresholds
from pavedroad.storage.s3.secure_bucket import SecureBucket

METRICS_REGION = "us-east-1"
"""Where CloudFront publishes its metrics, wherever its visitors and its stack are."""


@dataclass(frozen=True, kw_only=True)
class StaticWebsiteAlarmThresholds:
    """When a website needs a person; each must be breached for three periods of five minutes.

    Attributes:
        server_errors_percent: Above this share of answers that are errors of CloudFront or of its origin (5xx), in
            percent.
        refused_reads_percent: Above this share of CloudFront's reads from the bucket that S3 refuses or finds nothing
            for (4xx), in percent.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#CloudFront
    """

    server_errors_percent: float = 1
    refused_reads_percent: float = 50


def website_metric(
    distribution_id: str, name: str, statistic: str, period: Duration | None = None
) -> cloudwatch.Metric:
    """A metric of the distribution in all its locations."""
    return cloudwatch.Metric(
        namespace="AWS/CloudFront",
        metric_name=name,
        dimensions_map={"DistributionId": distribution_id, "Region": "Global"},
        statistic=statistic,
        period=period or Duration.minutes(5),
    )


def website_alarms(
    scope: Construct,
    *,
    distribution: cloudfront.Distribution,
    content: SecureBucket,
    topic: sns.ITopic,
    thresholds: StaticWebsiteAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """Two alarms on the bucket, and one on the distribution where the stack is in the region of its metrics.

    An alarm reads metrics of its own region only.
    """
    alarms = content.add_alarms(
        topic,
        SecureBucketAlarmThresholds(
            client_errors_percent=thresholds.refused_reads_percent,
            server_errors_percent=thresholds.server_errors_percent,
        ),
    )
    region = Stack.of(scope).region
    if not Token.is_unresolved(region) and region != METRICS_REGION:
        return alarms
    failing = notifying_alarm(
        scope,
        "ServerErrorsAlarm",
        metric=website_metric(distribution.distribution_id, "5xxErrorRate", "Average"),
        threshold=thresholds.server_errors_percent,
        description="Visitors get errors. Look whether the bucket's and key's policies still admit the distribution, "
        "at what was deployed last, and at the AWS Health Dashboard.",
        topic=topic,
        missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    if Token.is_unresolved(region):
        resource = failing.node.default_child
        assert isinstance(resource, cloudwatch.CfnAlarm)
        resource.cfn_options.condition = CfnCondition(
            scope, "HasMetrics", expression=Fn.condition_equals(Aws.REGION, METRICS_REGION)
        )
    return [*alarms, failing]
