"""What a queue promises, what it refuses and what cannot be undone."""

import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.messaging.alarms import QueueAlarmThresholds
from pavedroad.messaging.secure_queue import SecureQueue

Findings = Callable[[cdk.Stack], list[str]]


def topic_in(stack: cdk.Stack) -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Alarms", "arn:aws:sns:eu-west-1:111111111111:alarms")


def queues(stack: cdk.Stack) -> dict[str, Any]:
    return {
        name: resource["Properties"]
        for name, resource in Template.from_stack(stack).find_resources("AWS::SQS::Queue").items()
    }


def test_keeps_what_cannot_be_worked_off(stack: cdk.Stack, pack_findings: Findings) -> None:
    secure = SecureQueue(stack, "Orders")
    queue = queues(stack)["Orders2A43276C"]
    assert {name: value for name, value in queue.items() if name != "Tags"} == {
        "KmsDataKeyReusePeriodSeconds": 3600,
        "KmsMasterKeyId": stack.resolve(secure.encryption_key.key_arn),
        "MessageRetentionPeriod": 345600,
        "ReceiveMessageWaitTimeSeconds": 20,
        "RedrivePolicy": {
            "deadLetterTargetArn": stack.resolve(secure.dead_letter_queue.queue_arn),
            "maxReceiveCount": 5,
        },
        "VisibilityTimeout": 300,
    }
    assert queues(stack)["OrdersDeadLetters6314E60F"]["MessageRetentionPeriod"] == 14 * 86400
    assert pack_findings(stack) == []


def test_takes_how_messages_are_handed_out(stack: cdk.Stack) -> None:
    SecureQueue(
        stack,
        "Orders",
        visibility_timeout=cdk.Duration.hours(1),
        max_receives=2,
        message_retention=cdk.Duration.days(1),
        delivery_delay=cdk.Duration.minutes(1),
        receive_wait=cdk.Duration.seconds(0),
    )
    Template.from_stack(stack).has_resource_properties(
        "AWS::SQS::Queue",
        {
            "DelaySeconds": 60,
            "MessageRetentionPeriod": 86400,
            "ReceiveMessageWaitTimeSeconds": 0,
            "RedrivePolicy": {"maxReceiveCount": 2},
            "VisibilityTimeout": 3600,
        },
    )


def test_a_fifo_queue_has_fifo_dead_letters(stack: cdk.Stack) -> None:
    SecureQueue(stack, "Orders", fifo=True, content_based_deduplication=True)
    found = queues(stack).values()
    assert [properties["FifoQueue"] for properties in found] == [True, True]
    assert [properties.get("ContentBasedDeduplication") for properties in found] == [None, True]


def test_grants_include_the_use_of_the_key(stack: cdk.Stack) -> None:
    secure = SecureQueue(stack, "Orders", encryption_key=kms.Key(stack, "Key", enable_key_rotation=True))
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    secure.grant_send(role)
    secure.grant_consume(role)
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    granted = {action for each in policy["Properties"]["PolicyDocument"]["Statement"] for action in each["Action"]}
    assert granted >= {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "kms:Decrypt"}
    assert "kms:GenerateDataKey*" in granted


class TestAlarms:
    def test_tell_of_old_messages_and_dead_letters(self, stack: cdk.Stack) -> None:
        secure = SecureQueue(stack, "Orders")
        secure.add_alarms(topic_in(stack))
        template = Template.from_stack(stack)
        for metric, threshold, queue in (
            ("ApproximateAgeOfOldestMessage", 900, secure.queue),
            ("ApproximateNumberOfMessagesVisible", 0, secure.dead_letter_queue),
        ):
            template.has_resource_properties(
                "AWS::CloudWatch::Alarm",
                {
                    "AlarmActions": ["arn:aws:sns:eu-west-1:111111111111:alarms"],
                    "Dimensions": [{"Name": "QueueName", "Value": stack.resolve(queue.queue_name)}],
                    "MetricName": metric,
                    "Threshold": threshold,
                    "TreatMissingData": "notBreaching",
                },
            )

    def test_thresholds_are_taken(self, stack: cdk.Stack) -> None:
        thresholds = QueueAlarmThresholds(oldest_message_age=cdk.Duration.hours(2), dead_letters=3)
        alarms = SecureQueue(stack, "Orders").add_alarms(topic_in(stack), thresholds)
        assert [stack.resolve(alarm.node.default_child.threshold) for alarm in alarms] == [7200, 3]  # type: ignore[union-attr]

    def test_metrics_are_those_of_the_queue(self, stack: cdk.Stack) -> None:
        secure = SecureQueue(stack, "Orders")
        waiting = {"QueueName": stack.resolve(secure.queue.queue_name)}
        assert stack.resolve(secure.metric_waiting_messages().dimensions) == waiting
        assert secure.metric_oldest_message_age(period=cdk.Duration.minutes(3)).period.to_minutes() == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_receives": 0}, "max_receives=0: must be from 1 to 1000"),
        (
            {"visibility_timeout": cdk.Duration.hours(13)},
            "visibility_timeout in seconds=46800: must be from 0",
        ),
        ({"message_retention": cdk.Duration.days(15)}, "message_retention in seconds=1296000: must be from 60 to"),
        ({"delivery_delay": cdk.Duration.hours(1)}, "delivery_delay in seconds=3600: must be from 0 to 900"),
        ({"receive_wait": cdk.Duration.minutes(1)}, "receive_wait in seconds=60: must be from 0 to 20"),
        ({"content_based_deduplication": True}, "content_based_deduplication=True: needs fifo=True"),
    ],
)
def test_refuses_what_cannot_work(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=re.escape(message)):
        SecureQueue(stack, "Orders", **arguments)


def test_warns_of_queues_that_are_not_kept_only(stack: cdk.Stack) -> None:
    SecureQueue(stack, "Orders")
    SecureQueue(stack, "Drafts", removal_policy=cdk.RemovalPolicy.DESTROY)
    annotations = Annotations.from_stack(stack)
    annotations.has_no_warning("/Stack/Orders", Match.string_like_regexp("pavedroad:"))
    annotations.has_warning("/Stack/Drafts", Match.string_like_regexp("pavedroad:queue-not-retained"))


class TestInvariants:
    @pytest.mark.parametrize("name", ["queue", "dead_letter_queue"])
    def test_both_queues_stay_encrypted(self, stack: cdk.Stack, name: str) -> None:
        getattr(SecureQueue(stack, "Orders"), name).node.default_child.kms_master_key_id = None
        with pytest.raises(Exception, match="is encrypted with a key of the customer; its KmsMasterKeyId was removed"):
            Template.from_stack(stack)

    def test_plain_text_stays_refused(self, stack: cdk.Stack) -> None:
        secure = SecureQueue(stack, "Orders")
        secure.queue.node.find_child("Policy").node.default_child.policy_document = {"Statement": []}  # type: ignore[union-attr]
        with pytest.raises(Exception, match="The queue Stack/Orders/Resource is reached through TLS only"):
            Template.from_stack(stack)

    def test_a_queue_without_a_policy_is_no_secure_one(self, stack: cdk.Stack) -> None:
        SecureQueue(stack, "Orders").queue.node.try_remove_child("Policy")
        with pytest.raises(Exception, match="The queue Stack/Orders/Resource is reached through TLS only"):
            Template.from_stack(stack)


def test_works_in_a_product_with_parameters(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def seconds(name: str) -> cdk.Duration:
        return cdk.Duration.seconds(cdk.CfnParameter(product, name, type="Number").value_as_number)

    secure = SecureQueue(
        product,
        "Orders",
        visibility_timeout=seconds("Hidden"),
        message_retention=seconds("Kept"),
        max_receives=cdk.CfnParameter(product, "Receives", type="Number").value_as_number,  # type: ignore[arg-type]
    )
    secure.add_alarms(topic_in(product), QueueAlarmThresholds(oldest_message_age=seconds("Age")))
    text = str(product_template()["Resources"])
    for name in ("Hidden", "Kept", "Receives", "Age"):
        assert f"{{'Ref': '{name}'}}" in text


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    SecureQueue(stack, "Orders")
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {
        "Orders2A43276C",
        "OrdersDeadLetters6314E60F",
        "OrdersDeadLettersPolicy53A98FFA",
        "OrdersKey6C690DD2",
        "OrdersPolicy9E6644E2",
    }
