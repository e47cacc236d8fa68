"""Rules for resources that watch others and tell of them."""

from collections.abc import Callable, Mapping
from typing import Any

from pavedroad_platform.checks.findings import FinishedTemplate
from pavedroad_platform.checks.rules.rule import Rule, equals, is_true, present

_SENT_ON = ("HttpEndpointDestinationConfiguration", "SplunkDestinationConfiguration")
_TO_PEOPLE = ("email", "email-json", "https")
_CHANNELS = ("AWS::Chatbot::SlackChannelConfiguration", "AWS::Chatbot::MicrosoftTeamsChannelConfiguration")


def _has(destination: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda properties: destination in properties


def _has_a_queue(_subscription: Mapping[str, Any], template: FinishedTemplate) -> bool:
    return any(resource["Type"] == "AWS::SQS::Queue" for resource in template.resources.values())


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-SNS-5",
        resource_type="AWS::SNS::Subscription",
        place="RedrivePolicy",
        requires=present,
        message="loses what could not be delivered: name the dead-letter queue in RedrivePolicy",
        source="https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html",
        when=lambda properties: properties.get("Protocol") in _TO_PEOPLE,
        within=_has_a_queue,
    ),
    Rule(
        id="PavedRoad-CloudWatch-2",
        resource_type="AWS::CloudWatch::CompositeAlarm",
        place="AlarmActions",
        requires=present,
        message="tells nobody: set AlarmActions",
        source="AWS Security Hub CloudWatch.15",
    ),
    *(
        rule
        for number, channel in enumerate(_CHANNELS)
        for rule in (
            Rule(
                id=f"PavedRoad-Chatbot-{number * 2 + 1}",
                resource_type=channel,
                place="GuardrailPolicies",
                requires=present,
                message="lets the channel do whatever the role may: name guardrail policies",
                source="https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html",
            ),
            Rule(
                id=f"PavedRoad-Chatbot-{number * 2 + 2}",
                resource_type=channel,
                place="LoggingLevel",
                requires=equals("ERROR", "INFO"),
                message="tells nobody of messages that do not arrive: set LoggingLevel to ERROR",
                source="https://docs.aws.amazon.com/chatbot/latest/adminguide/cloudwatch-logs.html",
            ),
        )
    ),
    Rule(
        id="PavedRoad-Logs-3",
        resource_type="AWS::Logs::LogStream",
        place="DeletionPolicy",
        requires=equals("Retain"),
        message="loses the evidence with the stack: set DeletionPolicy to Retain",
        source="NIST SP 800-53 AU-11",
    ),
    *(
        rule
        for number, destination in enumerate(_SENT_ON)
        for rule in (
            Rule(
                id=f"PavedRoad-Firehose-{number * 4 + 1}",
                resource_type="AWS::KinesisFirehose::DeliveryStream",
                place=f"{destination}.SecretsManagerConfiguration.Enabled",
                requires=is_true,
                message="takes credentials from the template: set SecretsManagerConfiguration",
                source="https://docs.aws.amazon.com/firehose/latest/dev/using-secrets-manager.html",
                when=_has(destination),
            ),
            Rule(
                id=f"PavedRoad-Firehose-{number * 4 + 2}",
                resource_type="AWS::KinesisFirehose::DeliveryStream",
                place=f"{destination}.CloudWatchLoggingOptions.Enabled",
                requires=is_true,
                message="tells nobody why logs do not arrive: set CloudWatchLoggingOptions",
                source="https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html",
                when=_has(destination),
            ),
            Rule(
                id=f"PavedRoad-Firehose-{number * 4 + 3}",
                resource_type="AWS::KinesisFirehose::DeliveryStream",
                place=f"{destination}.S3Configuration.CloudWatchLoggingOptions.Enabled",
                requires=is_true,
                message="tells nobody why the backup fails: set CloudWatchLoggingOptions",
                source="https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html",
                when=_has(destination),
            ),
            Rule(
                id=f"PavedRoad-Firehose-{number * 4 + 4}",
                resource_type="AWS::KinesisFirehose::DeliveryStream",
                place=f"{destination}.S3Configuration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN",
                requires=present,
                message="keeps the backup with the bucket's default alone: name a customer managed key",
                source="NIST SP 800-53 SC-12",
                when=_has(destination),
            ),
        )
    ),
    Rule(
        id="PavedRoad-Synthetics-1",
        resource_type="AWS::Synthetics::Canary",
        place="ArtifactConfig.S3Encryption.EncryptionMode",
        requires=equals("SSE_KMS"),
        message="keeps what it got with the bucket's default alone: set EncryptionMode to SSE_KMS",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_artifact_encryption.html",
    ),
    Rule(
        id="PavedRoad-Synthetics-2",
        resource_type="AWS::Synthetics::Canary",
        place="ArtifactConfig.S3Encryption.KmsKeyArn",
        requires=present,
        message="encrypts what it got with the key that AWS manages: name a customer managed key",
        source="NIST SP 800-53 SC-12",
    ),
    Rule(
        id="PavedRoad-Synthetics-3",
        resource_type="AWS::Synthetics::Canary",
        place="KmsKeyArn",
        requires=present,
        message="encrypts its environment variables with the key that AWS manages: name a customer managed key",
        source="NIST SP 800-53 SC-12",
    ),
    Rule(
        id="PavedRoad-Synthetics-4",
        resource_type="AWS::Synthetics::Canary",
        place="StartCanaryAfterCreation",
        requires=is_true,
        message="checks nothing: set StartCanaryAfterCreation",
        source="NIST SP 800-53 CA-7",
    ),
    Rule(
        id="PavedRoad-XRay-1",
        resource_type="AWS::XRay::Group",
        place="InsightsConfiguration.InsightsEnabled",
        requires=is_true,
        message="finds no anomalies: set InsightsEnabled",
        source="https://docs.aws.amazon.com/xray/latest/devguide/xray-console-insights.html",
    ),
)
