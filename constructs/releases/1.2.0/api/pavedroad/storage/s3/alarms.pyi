from dataclasses import dataclass
from aws_cdk import Duration, Fn
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.storage.s3.replication import RULE, BucketReplication
REQUEST_METRICS = 'EntireBucket'

@dataclass(frozen=True, kw_only=True)
class SecureBucketAlarmThresholds:
    client_errors_percent: float = 5
    server_errors_percent: float = 5
    replication_latency_seconds: float = 900

def bucket_alarms(scope: Construct, *, bucket: s3.Bucket, replication: BucketReplication | None, topic: sns.ITopic, thresholds: SecureBucketAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
