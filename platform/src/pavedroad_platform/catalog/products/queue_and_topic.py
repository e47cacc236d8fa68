"""The product queue-and-topic: a topic that everybody publishes to and a queue that hears of it."""

from collections.abc import Mapping
from typing import cast

from aws_cdk import Aws, CfnCondition, Duration, Fn, Stack
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from pavedroad.messaging.alarms import QueueAlarmThresholds
from pavedroad.messaging.secure_queue import SecureQueue
from pavedroad.messaging.secure_topic import SecureTopic
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER, alarm_topic
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product

_MESSAGES = "Messages"
_WORK = "Working off"
_ALARMS = ALARM_EMAIL_PARAMETER.group
_SECONDS_OF_A_DAY = 86400


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    def seconds(name: str) -> Duration:
        return Duration.seconds(parameters[name].value_as_number)

    key = rotated_key(stack, "Key", description="Encrypts the messages and alarms")
    alarms = alarm_topic(stack, encryption_key=key, email=parameters[ALARM_EMAIL_PARAMETER.name].value_as_string)
    topic = SecureTopic(stack, "Topic", encryption_key=key)
    queue = SecureQueue(
        stack,
        "Queue",
        encryption_key=key,
        visibility_timeout=seconds("VisibilityTimeoutSeconds"),
        message_retention=seconds("RetentionSeconds"),
        # The CDK holds the place of a number with a float, even of a whole one.
        max_receives=cast("int", parameters["MaxReceives"].value_as_number),
    )
    subscription = topic.deliver_to(queue)
    topic.add_alarms(alarms)
    queue.add_alarms(alarms, QueueAlarmThresholds(oldest_message_age=seconds("OldestMessageSeconds")))
    _keep_order_if_asked(stack, topic, queue, parameters)
    _send_envelope_if_asked(subscription, parameters)
    _acknowledge_alarm_mail(alarms)
    return {
        "TopicArn": topic.topic.topic_arn,
        "QueueUrl": queue.queue.queue_url,
        "QueueArn": queue.queue.queue_arn,
        "DeadLetterQueueUrl": queue.dead_letter_queue.queue_url,
        "EncryptionKeyArn": key.key_arn,
    }


def _keep_order_if_asked(stack: Stack, topic: SecureTopic, queue: SecureQueue, parameters: Parameters) -> None:
    """What a construct decides in Python is decided here at launch: the properties themselves carry the condition."""
    ordered = CfnCondition(stack, "KeepsOrder", expression=Fn.condition_equals(parameters["Order"], "FIFO")).logical_id
    only_where_ordered = Fn.condition_if(ordered, True, Aws.NO_VALUE)  # noqa: FBT003
    resource = topic.topic.node.default_child
    assert isinstance(resource, sns.CfnTopic)
    resource.fifo_topic = only_where_ordered
    resource.content_based_deduplication = only_where_ordered
    for each in (queue.queue, queue.dead_letter_queue):
        of_queue = each.node.default_child
        assert isinstance(of_queue, sqs.CfnQueue)
        of_queue.fifo_queue = only_where_ordered
        of_queue.content_based_deduplication = only_where_ordered


def _send_envelope_if_asked(subscription: sns.Subscription, parameters: Parameters) -> None:
    resource = subscription.node.default_child
    assert isinstance(resource, sns.CfnSubscription)
    resource.add_property_override("RawMessageDelivery", parameters["RawMessageDelivery"].value_as_string)


def _acknowledge_alarm_mail(alarms: sns.Topic) -> None:
    for subscription in alarms.node.find_all():
        if isinstance(subscription, sns.CfnSubscription):
            acknowledge(
                subscription,
                "PavedRoad-SNS-5",
                "The only dead-letter queue of the product is for the team's messages: who redrives those would send "
                "alarms to their consumers. An alarm that could not be mailed is in the alarm's state and history.",
            )


PRODUCT = Product(
    key="queue-and-topic",
    title="Queue and topic",
    version="1.0.0",
    summary=(
        "A topic and a queue that hears of it, encrypted, reached over TLS only and watched; what cannot be delivered "
        "or worked off is kept."
    ),
    parameters=(
        Parameter(
            name="Order",
            label="Order of messages",
            group=_MESSAGES,
            help=(
                "STANDARD: nearly unlimited throughput; now and then a message comes twice or out of order. FIFO: in "
                "order and once within 5 minutes, 300 messages a second. It can be chosen only when they are made."
            ),
            default="STANDARD",
            allowed_values=("STANDARD", "FIFO"),
            constraint="Either STANDARD or FIFO.",
        ),
        Parameter(
            name="RawMessageDelivery",
            label="Deliver the text alone",
            group=_MESSAGES,
            help="true: the queue gets the text as it was published. false: in the JSON envelope of SNS, signed.",
            default="true",
            allowed_values=("true", "false"),
            constraint="Either true or false.",
        ),
        Parameter(
            name="RetentionSeconds",
            label="Seconds to keep messages",
            group=_MESSAGES,
            help="How long a message waits to be worked off before it is lost: 345600 are four days.",
            type="Number",
            default=4 * _SECONDS_OF_A_DAY,
            minimum=3600,
            maximum=14 * _SECONDS_OF_A_DAY,
        ),
        Parameter(
            name="VisibilityTimeoutSeconds",
            label="Seconds to work on a message",
            group=_WORK,
            help="Who receives a message has it alone for so long; six times the timeout of a Lambda function.",
            type="Number",
            default=300,
            minimum=1,
            maximum=43200,
        ),
        Parameter(
            name="MaxReceives",
            label="Attempts",
            group=_WORK,
            help="How often a message is received before it is put into the dead-letter queue, for 14 days.",
            type="Number",
            default=5,
            minimum=1,
            maximum=1000,
        ),
        Parameter(
            name="OldestMessageSeconds",
            label="Seconds that a message may wait",
            group=_ALARMS,
            help="The alarm goes off when the oldest message has waited longer for five minutes.",
            type="Number",
            default=900,
            minimum=60,
            maximum=_SECONDS_OF_A_DAY,
        ),
        ALARM_EMAIL_PARAMETER,
    ),
    outputs=(
        Output(name="TopicArn", purpose="Where messages are published; roles need sns:Publish on it."),
        Output(name="QueueUrl", purpose="Where messages are received and deleted."),
        Output(name="QueueArn", purpose="Goes into the policies of roles that work messages off."),
        Output(name="DeadLetterQueueUrl", purpose="What could not be delivered or worked off; redrive it from there."),
        Output(
            name="EncryptionKeyArn",
            purpose="Who publishes needs kms:GenerateDataKey and kms:Decrypt on it, who receives kms:Decrypt.",
        ),
    ),
    build=_build,
)
