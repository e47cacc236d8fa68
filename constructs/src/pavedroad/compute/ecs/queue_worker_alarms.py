"""What is watched of a worker and its queue."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.messaging.alarms import QueueAlarmThresholds, queue_alarms
from pavedroad.observability.alarms import notifying_alarm


@dataclass(frozen=True, kw_only=True)
class QueueWorkerAlarmThresholds:
    """When the alarms of a worker go off.

    Attributes:
        oldest_message_age: Age of the oldest message, for five minutes. Left out: 15 minutes.
        dead_letters: Messages in the dead-letter queue. Left out: 0, each one.
        running_tasks: Fewer running tasks than this for three minutes. Left out: the worker's ``min_tasks``, and no
            alarm where that is 0 or a parameter.
    """

    oldest_message_age: Duration | None = None
    dead_letters: float = 0
    running_tasks: float | None = None


def add_queue_worker_alarms(
    worker: Construct,
    *,
    oldest_message_age: cloudwatch.Metric,
    dead_letters: cloudwatch.Metric,
    running_tasks: cloudwatch.Metric,
    topic: sns.ITopic,
    thresholds: QueueWorkerAlarmThresholds,
    min_tasks: float | None,
) -> list[cloudwatch.Alarm]:
    """Alarms on messages that wait too long or were given up, and on too few tasks where some must always run."""
    alarms = queue_alarms(
        worker,
        oldest_message_age=oldest_message_age,
        dead_letters=dead_letters,
        topic=topic,
        thresholds=QueueAlarmThresholds(
            oldest_message_age=thresholds.oldest_message_age, dead_letters=thresholds.dead_letters
        ),
        advice="Look at the worker's log, at max_tasks and at what it depends on.",
    )
    minimum = min_tasks if thresholds.running_tasks is None else thresholds.running_tasks
    if minimum is None:
        return alarms
    few = notifying_alarm(
        worker,
        "RunningTasksAlarm",
        metric=running_tasks,
        threshold=minimum,
        description="Fewer tasks run than the worker needs. Look at its events: image, secrets, capacity.",
        topic=topic,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        missing_data=cloudwatch.TreatMissingData.BREACHING,
    )
    return [*alarms, few]
