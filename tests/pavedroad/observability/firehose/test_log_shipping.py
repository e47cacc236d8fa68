import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import LogShipping, ServiceDashboard
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.observability.cloudwatch.service_dashboard import DashboardRow
from pavedroad.observability.firehose.alarms import LogShippingAlarmThresholds
from pavedroad.observability.firehose.destinations import (
    CollectorDestination,
    DatadogDestination,
    HttpDestination,
    SplunkDestination,
)
from pavedroad.observability.firehose.log_shipping import Buffering

SPLUNK = "https://http-inputs-firehose-orders.splunkcloud.com:443"


def secret(scope: cdk.Stack) -> secretsmanager.ISecret:
    return secretsmanager.Secret.from_secret_name_v2(scope, "Token", "orders/token")


def make(scope: cdk.Stack, **arguments: Any) -> LogShipping:
    destination = arguments.pop("destination", None) or DatadogDestination(secret=secret(scope))
    return LogShipping(scope, "Shipping", destination=destination, **arguments)


def splunk(scope: cdk.Stack, **arguments: Any) -> LogShipping:
    return make(scope, destination=SplunkDestination(url=SPLUNK, secret=secret(scope)), **arguments)


def log_group(scope: cdk.Stack, name: str = "orders") -> logs.ILogGroup:
    return logs.LogGroup.from_log_group_name(scope, name, f"/{name}/application")


def stream(stack: cdk.Stack) -> dict[str, Any]:
    (found,) = Template.from_stack(stack).find_resources("AWS::KinesisFirehose::DeliveryStream").values()
    properties: dict[str, Any] = found["Properties"]
    return properties


def http(stack: cdk.Stack) -> dict[str, Any]:
    found: dict[str, Any] = stream(stack)["HttpEndpointDestinationConfiguration"]
    return found


def statements(stack: cdk.Stack, role: str) -> list[dict[str, Any]]:
    policies = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy")
    (policy,) = [each for name, each in policies.items() if name.startswith(f"Shipping{role}Policy")]
    found: list[dict[str, Any]] = policy["Properties"]["PolicyDocument"]["Statement"]
    return found


def trust(stack: cdk.Stack, service: str) -> dict[str, Any]:
    roles = Template.from_stack(stack).find_resources("AWS::IAM::Role").values()
    trusted = [each["Properties"]["AssumeRolePolicyDocument"]["Statement"][0] for each in roles]
    (found,) = [each for each in trusted if each["Principal"] == {"Service": service}]
    return dict(found["Condition"])


class TestDefaultShape:
    def test_the_stream_is_encrypted_with_its_own_rotated_key(self, stack: cdk.Stack) -> None:
        shipping = make(stack)
        assert stream(stack)["DeliveryStreamEncryptionConfigurationInput"] == {
            "KeyType": "CUSTOMER_MANAGED_CMK",
            "KeyARN": stack.resolve(shipping.encryption_key.key_arn),
        }
        Template.from_stack(stack).all_resources_properties("AWS::KMS::Key", {"EnableKeyRotation": True})

    def test_credentials_come_from_secrets_manager_and_stand_in_no_template(self, stack: cdk.Stack) -> None:
        token = secret(stack)
        shipping = make(stack, destination=DatadogDestination(secret=token))
        assert http(stack)["SecretsManagerConfiguration"] == {
            "Enabled": True,
            "SecretARN": stack.resolve(token.secret_arn),
            "RoleARN": stack.resolve(shipping.role.role_arn),
        }
        assert "AccessKey" not in str(http(stack)["EndpointConfiguration"])

    def test_what_is_not_delivered_stays_in_an_encrypted_bucket(self, stack: cdk.Stack) -> None:
        shipping = make(stack)
        configuration = http(stack)
        assert configuration["S3BackupMode"] == "FailedDataOnly"
        backup = configuration["S3Configuration"]
        assert backup["BucketARN"] == stack.resolve(shipping.backup_bucket.bucket_arn)
        key = stack.resolve(shipping.encryption_key.key_arn)
        assert backup["EncryptionConfiguration"] == {"KMSEncryptionConfig": {"AWSKMSKeyARN": key}}
        assert backup["ErrorOutputPrefix"].startswith("failed/!{firehose:error-output-type}/")

    def test_tries_for_an_hour_and_sends_every_minute(self, stack: cdk.Stack) -> None:
        make(stack)
        assert http(stack)["RetryOptions"] == {"DurationInSeconds": 3600}
        assert http(stack)["BufferingHints"] == {"IntervalInSeconds": 60, "SizeInMBs": 4}

    def test_says_in_an_encrypted_log_why_something_was_not_delivered(self, stack: cdk.Stack) -> None:
        shipping = make(stack)
        logging = http(stack)["CloudWatchLoggingOptions"]
        assert logging["Enabled"] is True
        assert logging["LogGroupName"] == stack.resolve(shipping.log_group.log_group_name)
        Template.from_stack(stack).has_resource_properties(
            "AWS::Logs::LogGroup", {"RetentionInDays": 365, "KmsKeyId": stack.resolve(shipping.encryption_key.key_arn)}
        )

    def test_firehose_may_write_read_and_log_here_and_nowhere_else(self, stack: cdk.Stack) -> None:
        make(stack)
        assert trust(stack, "firehose.amazonaws.com") == {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        }
        granted = statements(stack, "Role")
        assert all(each["Resource"] != "*" for each in granted)
        actions = [each["Action"] if isinstance(each["Action"], list) else [each["Action"]] for each in granted]
        assert {action for each in actions for action in each} == {
            "s3:AbortMultipartUpload",
            "s3:GetBucketLocation",
            "s3:ListBucket",
            "s3:ListBucketMultipartUploads",
            "s3:PutObject",
            "kms:Decrypt",
            "kms:GenerateDataKey",
            "logs:PutLogEvents",
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
        }

    def test_packs_find_nothing_and_nothing_is_warned_of(
        self, stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
    ) -> None:
        make(stack, log_groups=[log_group(stack)])
        assert pack_findings(stack) == []
        Annotations.from_stack(stack).has_no_warning("*", Match.any_value())


class TestSubscriptions:
    def test_each_log_group_is_subscribed(self, stack: cdk.Stack) -> None:
        shipping = make(stack, log_groups=[log_group(stack, "orders")], filter_pattern="ERROR")
        shipping.add_log_group(log_group(stack, "payments"))
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::Logs::SubscriptionFilter", 2)
        for name in ("orders", "payments"):
            template.has_resource_properties(
                "AWS::Logs::SubscriptionFilter",
                {
                    "LogGroupName": f"/{name}/application",
                    "FilterPattern": "ERROR",
                    "DestinationArn": stack.resolve(shipping.delivery_stream.attr_arn),
                    "RoleArn": stack.resolve(shipping.subscription_role.role_arn),
                },
            )

    def test_cloudwatch_logs_may_write_to_this_stream_for_this_account(self, stack: cdk.Stack) -> None:
        shipping = make(stack, log_groups=[log_group(stack)])
        condition = trust(stack, "logs.amazonaws.com")
        assert condition["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert ":logs:" in json.dumps(condition["ArnLike"])
        assert statements(stack, "SubscriptionRole") == [
            {
                "Action": ["firehose:PutRecord", "firehose:PutRecordBatch"],
                "Effect": "Allow",
                "Resource": stack.resolve(shipping.delivery_stream.attr_arn),
            }
        ]

    def test_the_right_to_write_is_there_before_the_subscription(self, stack: cdk.Stack) -> None:
        make(stack, log_groups=[log_group(stack)])
        (found,) = Template.from_stack(stack).find_resources("AWS::Logs::SubscriptionFilter").values()
        assert any(name.startswith("ShippingSubscriptionRolePolicy") for name in found["DependsOn"])

    def test_a_whole_account_never_sends_the_delivery_log_itself(self, stack: cdk.Stack) -> None:
        shipping = make(stack, all_log_groups=True, excluded_log_groups=["/payments/cards"])
        own = stack.resolve(shipping.log_group.log_group_name)
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::Logs::AccountPolicy",
            {
                "PolicyType": "SUBSCRIPTION_FILTER_POLICY",
                "Scope": "ALL",
                "SelectionCriteria": {
                    "Fn::Join": ["", ['LogGroupName NOT IN ["/payments/cards", "', own, '"]']],
                },
            },
        )
        Annotations.from_stack(stack).has_warning(
            "/Stack/Shipping", Match.string_like_regexp("pavedroad:logs-all-groups")
        )


class TestDestinations:
    def test_datadog_unpacks_itself(self, stack: cdk.Stack) -> None:
        make(stack, destination=DatadogDestination(secret=secret(stack), attributes={"env": "production"}))
        assert http(stack)["EndpointConfiguration"] == {
            "Url": "https://aws-kinesis-http-intake.logs.datadoghq.eu/v1/input",
            "Name": "Datadog",
        }
        assert http(stack)["RequestConfiguration"] == {
            "ContentEncoding": "GZIP",
            "CommonAttributes": [{"AttributeName": "env", "AttributeValue": "production"}],
        }
        assert "ProcessingConfiguration" not in http(stack)

    @pytest.mark.parametrize(
        ("kind", "name"), [(HttpDestination, "HTTP endpoint"), (CollectorDestination, "OpenTelemetry Collector")]
    )
    def test_an_endpoint_and_a_collector_get_what_cloudwatch_logs_packed(
        self, stack: cdk.Stack, kind: type[HttpDestination], name: str
    ) -> None:
        make(stack, destination=kind(url="https://collector.example.com/logs", secret=secret(stack)))
        assert http(stack)["EndpointConfiguration"] == {"Url": "https://collector.example.com/logs", "Name": name}
        assert "ProcessingConfiguration" not in http(stack)

    def test_splunk_gets_unpacked_messages_with_acknowledgment(self, stack: cdk.Stack) -> None:
        splunk(stack, buffering=Buffering(interval=cdk.Duration.minutes(5), size_mebibytes=16))
        found = stream(stack)["SplunkDestinationConfiguration"]
        assert found["HECEndpoint"] == SPLUNK
        assert found["HECEndpointType"] == "Raw"
        assert found["HECAcknowledgmentTimeoutInSeconds"] == 180
        assert found["S3BackupMode"] == "FailedEventsOnly"
        assert found["BufferingHints"] == {"IntervalInSeconds": 60, "SizeInMBs": 5}
        assert found["SecretsManagerConfiguration"]["Enabled"] is True
        assert "HECToken" not in found
        kinds = [each["Type"] for each in found["ProcessingConfiguration"]["Processors"]]
        assert kinds == ["Decompression", "CloudWatchLogProcessing"]

    def test_an_endpoint_can_keep_everything(self, stack: cdk.Stack) -> None:
        make(stack, backup_all=True)
        assert http(stack)["S3BackupMode"] == "AllData"

    def test_splunk_can_keep_everything(self, stack: cdk.Stack) -> None:
        splunk(stack, backup_all=True)
        assert stream(stack)["SplunkDestinationConfiguration"]["S3BackupMode"] == "AllEvents"


class TestOptions:
    def test_key_and_bucket_can_be_given(self, stack: cdk.Stack) -> None:
        key = kms.Key(stack, "Given")
        bucket_key = kms.Key(stack, "BucketKey")
        bucket = s3.Bucket(stack, "Bucket", encryption_key=bucket_key)
        shipping = make(stack, encryption_key=key, backup_bucket=bucket)
        assert shipping.backup_bucket is bucket
        backup = http(stack)["S3Configuration"]["EncryptionConfiguration"]["KMSEncryptionConfig"]
        assert backup == {"AWSKMSKeyARN": stack.resolve(bucket_key.key_arn)}
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 2)

    def test_a_url_and_a_size_may_be_parameters(self, stack: cdk.Stack) -> None:
        url = cdk.CfnParameter(stack, "Url").value_as_string
        size = cdk.CfnParameter(stack, "Size", type="Number").value_as_number
        make(
            stack,
            destination=SplunkDestination(url=url, secret=secret(stack)),
            buffering=Buffering(size_mebibytes=size),
        )
        found = stream(stack)["SplunkDestinationConfiguration"]
        assert found["HECEndpoint"] == {"Ref": "Url"}
        assert found["BufferingHints"]["SizeInMBs"] == {"Ref": "Size"}

    def test_alarms_follow_the_destination(self, stack: cdk.Stack) -> None:
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:alarms")
        alarms = splunk(stack).add_alarms(topic, LogShippingAlarmThresholds(freshness_seconds=300))
        assert [each.node.id for each in alarms] == [
            "DeliveryFailureAlarm",
            "DataFreshnessAlarm",
            "ThrottledRecordsAlarm",
        ]
        template = Template.from_stack(stack)
        for name, threshold, comparison in (
            ("DeliveryToSplunk.Success", 0.99, "LessThanThreshold"),
            ("DeliveryToSplunk.DataFreshness", 300, "GreaterThanThreshold"),
            ("ThrottledRecords", 0, "GreaterThanThreshold"),
        ):
            template.has_resource_properties(
                "AWS::CloudWatch::Alarm",
                {"MetricName": name, "Threshold": threshold, "ComparisonOperator": comparison},
            )

    def test_a_dashboard_shows_its_delivery(self, stack: cdk.Stack) -> None:
        ServiceDashboard(stack, "Dashboard", rows=[DashboardRow(title="Logs", component=make(stack))])
        (found,) = Template.from_stack(stack).find_resources("AWS::CloudWatch::Dashboard").values()
        assert "DeliveryToHttpEndpoint.DataFreshness" in str(found["Properties"]["DashboardBody"])


class TestWeakening:
    def test_encryption_cannot_be_removed(self, stack: cdk.Stack) -> None:
        make(stack).delivery_stream.delivery_stream_encryption_configuration_input = None
        with pytest.raises(Exception, match="its DeliveryStreamEncryptionConfigurationInput was weakened"):
            Template.from_stack(stack)

    def test_the_key_cannot_become_that_of_aws(self, stack: cdk.Stack) -> None:
        stream = make(stack).delivery_stream
        stream.delivery_stream_encryption_configuration_input = {"keyType": "AWS_OWNED_CMK"}
        with pytest.raises(Exception, match="its DeliveryStreamEncryptionConfigurationInput was weakened"):
            Template.from_stack(stack)


def test_all_bad_arguments_are_named(stack: cdk.Stack) -> None:
    with pytest.raises(InvalidArgumentsError) as refused:
        make(
            stack,
            destination=SplunkDestination(
                url="http://splunk.example.com", secret=secret(stack), acknowledgment_timeout_seconds=60
            ),
            buffering=Buffering(interval=cdk.Duration.hours(1), size_mebibytes=100),
            retry_duration=cdk.Duration.hours(3),
            excluded_log_groups=["/payments"],
        )
    text = str(refused.value)
    assert "destination.url='http://splunk.example.com': must be a URL that begins with https://" in text
    assert "destination.acknowledgment_timeout_seconds=60: must be from 180 to 600" in text
    assert "buffering.interval=3600: must be from 0 to 900" in text
    assert "buffering.size_mebibytes=100: must be from 1 to 64" in text
    assert "retry_duration=10800: must be from 0 to 7200" in text
    assert "excluded_log_groups=['/payments']: needs all_log_groups=True" in text


def test_works_inside_a_product(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    make(product, log_groups=[log_group(product)])
    types = [resource["Type"] for resource in product_template()["Resources"].values()]
    assert "AWS::KinesisFirehose::DeliveryStream" in types


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    make(stack)
    template = Template.from_stack(stack)
    kept = {
        name
        for kind in ("AWS::KMS::Key", "AWS::S3::Bucket", "AWS::Logs::LogGroup", "AWS::KinesisFirehose::DeliveryStream")
        for name in template.find_resources(kind)
    }
    assert kept == {
        "ShippingKeyF51691D4",
        "Shipping768E971C",
        "ShippingDeliveryLog14ED0243",
        "ShippingBackupAccessLogs978875B4",
        "ShippingBackupCE5966E8",
    }
