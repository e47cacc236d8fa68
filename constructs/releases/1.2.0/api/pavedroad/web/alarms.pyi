from dataclasses import dataclass
from aws_cdk import Aws, CfnCondition, Duration, Fn, Stack, Token
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.storage.s3.alarms import SecureBucketAlarmThresholds
from pavedroad.storage.s3.secure_bucket import SecureBucket
METRICS_REGION = 'us-east-1'

@dataclass(frozen=True, kw_only=True)
class StaticWebsiteAlarmThresholds:
    server_errors_percent: float = 1
    refused_reads_percent: float = 50

def website_metric(distribution_id: str, name: str, statistic: str, period: Duration | None=None) -> cloudwatch.Metric:
    ...

def website_alarms(scope: Construct, *, distribution: cloudfront.Distribution, content: SecureBucket, topic: sns.ITopic, thresholds: StaticWebsiteAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
