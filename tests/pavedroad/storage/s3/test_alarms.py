import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from pavedroad.storage.s3.alarms import SecureBucketAlarmThresholds
from pavedroad.storage.s3.replication import Replication
from pavedroad.storage.s3.secure_bucket import SecureBucket


def test_requests_are_measured_and_watched(stack: cdk.Stack) -> None:
    topic = sns.Topic(stack, "Topic")
    uploads = SecureBucket(stack, "Uploads")
    alarms = uploads.add_alarms(topic, SecureBucketAlarmThresholds(client_errors_percent=2))
    template = Template.from_stack(stack)
    assert [alarm.node.id for alarm in alarms] == ["ClientErrorsAlarm", "ServerErrorsAlarm"]
    template.has_resource_properties("AWS::S3::Bucket", {"MetricsConfigurations": [{"Id": "EntireBucket"}]})
    for name, threshold in (("4xxErrors", 0.02), ("5xxErrors", 0.05)):
        template.has_resource_properties(
            "AWS::CloudWatch::Alarm",
            {
                "Namespace": "AWS/S3",
                "MetricName": name,
                "Statistic": "Average",
                "Threshold": threshold,
                "Dimensions": [
                    {"Name": "BucketName", "Value": stack.resolve(uploads.bucket.bucket_name)},
                    {"Name": "FilterId", "Value": "EntireBucket"},
                ],
                "AlarmActions": [stack.resolve(topic.topic_arn)],
                "OKActions": [stack.resolve(topic.topic_arn)],
            },
        )


def test_copies_that_are_late_are_told(stack: cdk.Stack) -> None:
    uploads = SecureBucket(
        stack,
        "Uploads",
        replication=Replication(
            bucket_arn="arn:aws:s3:::orders-copies",
            encryption_key_arn="arn:aws:kms:eu-central-1:111111111111:key/01234567-89ab-cdef-0123-456789abcdef",
        ),
    )
    assert len(uploads.add_alarms(sns.Topic(stack, "Topic"))) == 3
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "MetricName": "ReplicationLatency",
            "Threshold": 900,
            "Dimensions": Match.array_with(
                [
                    {"Name": "DestinationBucket", "Value": "orders-copies"},
                    {"Name": "RuleId", "Value": "replicate"},
                    {"Name": "SourceBucket", "Value": stack.resolve(uploads.bucket.bucket_name)},
                ]
            ),
        },
    )
    rule = {"Destination": Match.object_like({"Metrics": {"Status": "Enabled"}})}
    template.has_resource_properties(
        "AWS::S3::Bucket", {"ReplicationConfiguration": {"Rules": [Match.object_like(rule)]}}
    )
