"""What is watched of queues and topics."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm

_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING


@dataclass(frozen=True, kw_only=True)
class QueueAlarmThresholds:
    """When the alarms of a queue go off.

    Attributes:
        oldest_message_age: Age of the oldest message, for five minutes; it may be a parameter. Left out: 15 minutes.
        dead_letters: Messages in the dead-letter queue. Left out: 0, each one.
    """

    oldest_message_age: Duration | None = None
    dead_letters: float = 0


@dataclass(frozen=True, kw_only=True)
class TopicAlarmThresholds:
    """When the alarms of a topic go off.

    Attributes:
        failed_deliveries: Deliveries in five minutes that SNS gave up. Left out: 0, each one.
        lost_messages: Messages in five minutes that reached neither a subscriber nor a dead-letter queue. Left out: 0,
            each one.
    """

    failed_deliveries: float = 0
    lost_messages: float = 0


def queue_alarms(
    scope: Construct,
    *,
    oldest_message_age: cloudwatch.Metric,
    dead_letters: cloudwatch.Metric,
    topic: sns.ITopic,
    thresholds: QueueAlarmThresholds,
    advice: str,
) -> list[cloudwatch.Alarm]:
    """Alarms on messages that wait too long or were given up.

    Args:
        scope: The construct that the queue belongs to.
        oldest_message_age: Seconds that the oldest message has waited.
        dead_letters: Messages in the dead-letter queue.
        topic: Told on alarm and on recovery.
        thresholds: When they go off.
        advice: What to look at first when messages wait.
    """
    return [
        notifying_alarm(
            scope,
            "OldestMessageAlarm",
            metric=oldest_message_age,
            threshold=(thresholds.oldest_message_age or Duration.minutes(15)).to_seconds(),
            description=f"Messages wait too long. {advice}",
            topic=topic,
            evaluation_periods=5,
            missing_data=_QUIET,
        ),
        notifying_alarm(
            scope,
            "DeadLettersAlarm",
            metric=dead_letters,
            threshold=thresholds.dead_letters,
            description="Messages could not be worked off and are in the dead-letter queue. Look at one, then redrive.",
            topic=topic,
            evaluation_periods=1,
            missing_data=_QUIET,
        ),
    ]


def topic_alarms(
    scope: Construct, *, watched: sns.Topic, topic: sns.ITopic, thresholds: TopicAlarmThresholds
) -> list[cloudwatch.Alarm]:
    """Alarms on what ``watched`` could not deliver, and on what was lost for good.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
    """
    wanted = {
        "FailedDeliveriesAlarm": (
            "NumberOfNotificationsFailed",
            thresholds.failed_deliveries,
            "Messages could not be delivered. Look at the subscriptions, their dead-letter queue and its key.",
        ),
        "LostMessagesAlarm": (
            "NumberOfNotificationsFailedToRedriveToDlq",
            thresholds.lost_messages,
            "Messages are lost: neither a subscriber nor a dead-letter queue took them. Look at both queues' policies.",
        ),
    }
    return [
        notifying_alarm(
            scope,
            construct_id,
            metric=watched.metric(name, statistic="Sum", period=Duration.minutes(5)),
            threshold=threshold,
            description=description,
            topic=topic,
            evaluation_periods=1,
            missing_data=_QUIET,
        )
        for construct_id, (name, threshold, description) in wanted.items()
    ]
