"""What a topic promises, what it refuses and what cannot be undone."""

import json
import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.messaging.alarms import TopicAlarmThresholds
from pavedroad.messaging.secure_queue import SecureQueue
from pavedroad.messaging.secure_topic import SecureTopic

Findings = Callable[[cdk.Stack], list[str]]


def statements(stack: cdk.Stack, resource_type: str, document: str = "PolicyDocument") -> list[dict[str, Any]]:
    found = Template.from_stack(stack).find_resources(resource_type).values()
    return [statement for each in found for statement in each["Properties"][document]["Statement"]]


def test_encrypts_with_its_own_rotated_key_and_refuses_plain_text(stack: cdk.Stack, pack_findings: Findings) -> None:
    topic = SecureTopic(stack, "Orders")
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})
    template.has_resource_properties(
        "AWS::SNS::Topic", {"KmsMasterKeyId": stack.resolve(topic.encryption_key.key_arn), "FifoTopic": Match.absent()}
    )
    (denial,) = statements(stack, "AWS::SNS::TopicPolicy")
    assert denial["Effect"] == "Deny"
    assert denial["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert pack_findings(stack) == []


def test_a_service_publishes_and_uses_the_key_for_this_account_only(stack: cdk.Stack) -> None:
    SecureTopic(stack, "Orders", publishers=["s3.amazonaws.com"])
    own = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    by_service = [
        (statement["Action"], statement["Condition"])
        for kind, document in (("AWS::SNS::TopicPolicy", "PolicyDocument"), ("AWS::KMS::Key", "KeyPolicy"))
        for statement in statements(stack, kind, document)
        if statement["Principal"] == {"Service": "s3.amazonaws.com"}
    ]
    assert ("sns:Publish", own) in by_service
    assert (["kms:Decrypt", "kms:GenerateDataKey*"], own) in by_service
    assert all(condition == own for _, condition in by_service)


def test_who_may_publish_may_use_the_key(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    SecureTopic(stack, "Orders").grant_publish(role)
    actions = json.dumps([statement["Action"] for statement in statements(stack, "AWS::IAM::Policy")])
    for action in ("sns:Publish", "kms:Decrypt", "kms:GenerateDataKey*"):
        assert action in actions


class TestDelivery:
    def test_nothing_is_lost_on_the_way_to_a_queue(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        queue = SecureQueue(stack, "Invoices")
        topic = SecureTopic(stack, "Orders")
        topic.deliver_to(queue)
        arn = {name: stack.resolve(it.queue_arn) for name, it in vars(queue).items() if name.endswith("queue")}
        Template.from_stack(stack).has_resource_properties(
            "AWS::SNS::Subscription",
            {
                "Endpoint": arn["queue"],
                "FilterPolicy": Match.absent(),
                "Protocol": "sqs",
                "RawMessageDelivery": True,
                "RedrivePolicy": {"deadLetterTargetArn": arn["dead_letter_queue"]},
                "TopicArn": stack.resolve(topic.topic.topic_arn),
            },
        )
        sending = [s for s in statements(stack, "AWS::SQS::QueuePolicy") if s["Effect"] == "Allow"]
        assert sorted(json.dumps(each["Resource"]) for each in sending) == sorted(map(json.dumps, arn.values()))
        for each in sending:
            assert each["Principal"] == {"Service": "sns.amazonaws.com"}
            assert each["Condition"] == {"ArnEquals": {"aws:SourceArn": stack.resolve(topic.topic.topic_arn)}}
        assert pack_findings(stack) == []

    def test_topics_of_this_account_alone_use_the_key_of_the_queue(self, stack: cdk.Stack) -> None:
        SecureTopic(stack, "Orders").deliver_to(SecureQueue(stack, "Invoices"))
        (by_sns,) = (
            statement
            for statement in statements(stack, "AWS::KMS::Key", "KeyPolicy")
            if statement["Principal"] == {"Service": "sns.amazonaws.com"}
        )
        assert {"Ref": "AWS::AccountId"} in by_sns["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Join"][1]

    def test_one_key_serves_topic_and_queue(self, stack: cdk.Stack) -> None:
        key = kms.Key(stack, "Key", enable_key_rotation=True)
        queue = SecureQueue(stack, "Invoices", encryption_key=key)
        SecureTopic(stack, "Orders", encryption_key=key).deliver_to(queue)
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 1)  # and no circle of references

    def test_a_queue_may_hear_of_several_topics_and_of_some_messages_only(self, stack: cdk.Stack) -> None:
        queue = SecureQueue(stack, "Invoices")
        SecureTopic(stack, "Orders").deliver_to(queue, filter_policy={"event": ["placed", "changed"]})
        SecureTopic(stack, "Returns").deliver_to(queue, raw_message_delivery=False)
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::SNS::Subscription", 2)
        template.has_resource_properties("AWS::SNS::Subscription", {"FilterPolicy": {"event": ["placed", "changed"]}})
        template.has_resource_properties("AWS::SNS::Subscription", {"RawMessageDelivery": False})

    @pytest.mark.parametrize("fifo", [True, False])
    def test_order_is_kept_by_both_or_neither(self, stack: cdk.Stack, fifo: bool) -> None:
        topic = SecureTopic(stack, "Orders", fifo=fifo)
        with pytest.raises(InvalidArgumentsError, match=f"'Stack/Odd': must have fifo={fifo}, as the topic has"):
            topic.deliver_to(SecureQueue(stack, "Odd", fifo=not fifo))
        topic.deliver_to(SecureQueue(stack, "Even", fifo=fifo))


class TestAlarms:
    def test_tell_of_failed_and_lost_deliveries(self, stack: cdk.Stack) -> None:
        alarms = sns.Topic.from_topic_arn(stack, "Alarms", "arn:aws:sns:eu-west-1:111111111111:alarms")
        topic = SecureTopic(stack, "Orders")
        topic.add_alarms(alarms, TopicAlarmThresholds(failed_deliveries=2))
        template = Template.from_stack(stack)
        for metric, threshold in {
            "NumberOfNotificationsFailed": 2,
            "NumberOfNotificationsFailedToRedriveToDlq": 0,
        }.items():
            template.has_resource_properties(
                "AWS::CloudWatch::Alarm",
                {
                    "AlarmActions": ["arn:aws:sns:eu-west-1:111111111111:alarms"],
                    "Dimensions": [{"Name": "TopicName", "Value": stack.resolve(topic.topic.topic_name)}],
                    "MetricName": metric,
                    "Threshold": threshold,
                },
            )

    def test_metrics_are_those_of_the_topic(self, stack: cdk.Stack) -> None:
        topic = SecureTopic(stack, "Orders")
        for metric in (topic.metric_messages_published(), topic.metric_failed_deliveries()):
            assert stack.resolve(metric.dimensions) == {"TopicName": stack.resolve(topic.topic.topic_name)}
        assert topic.metric_messages_published(period=cdk.Duration.minutes(1)).period.to_minutes() == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"publishers": ["lambda"]}, "publishers='lambda': must be a service principal such as 's3.amazonaws.com'"),
        ({"publishers": ["events.amazonaws.com"]}, "give the role of a rule grant_publish"),
        ({"content_based_deduplication": True}, "content_based_deduplication=True: needs fifo=True"),
    ],
)
def test_refuses_what_cannot_work(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=re.escape(message)):
        SecureTopic(stack, "Orders", **arguments)


class TestInvariants:
    def test_stays_encrypted(self, stack: cdk.Stack) -> None:
        SecureTopic(stack, "Orders").topic.node.default_child.kms_master_key_id = None  # type: ignore[union-attr]
        with pytest.raises(Exception, match="The topic Stack/Orders/Resource is encrypted with a key of the customer"):
            Template.from_stack(stack)

    def test_plain_text_stays_refused(self, stack: cdk.Stack) -> None:
        topic = SecureTopic(stack, "Orders").topic
        topic.node.find_child("Policy").node.default_child.policy_document = {"Statement": []}  # type: ignore[union-attr]
        with pytest.raises(Exception, match="The topic Stack/Orders/Resource is reached through TLS only"):
            Template.from_stack(stack)


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    SecureTopic(stack, "Orders").deliver_to(SecureQueue(stack, "Invoices"))
    resources = Template.from_stack(stack).to_json()["Resources"]
    assert {name for name, it in resources.items() if it["Type"] in {"AWS::SNS::Topic", "AWS::SNS::Subscription"}} == {
        "InvoicesFrom83fdb85713B2E356",
        "Orders2A43276C",
    }
