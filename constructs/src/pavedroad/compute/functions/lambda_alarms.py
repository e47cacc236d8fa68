"""What is watched of a function."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm

_NOT_BREACHING = cloudwatch.TreatMissingData.NOT_BREACHING


@dataclass(frozen=True, kw_only=True)
class LambdaServiceAlarmThresholds:
    """When the alarms of a function go off.

    Attributes:
        errors: Calls that fail, in five minutes. Left out: 5.
        throttles: Calls that are turned away since too many run already, in five minutes. Left out: 0.
        duration_percent: The 99th percentile of the duration, in percent of the timeout, for 15 minutes. Left out: 80.
        dead_letters: Messages in the dead-letter queue. Left out: 0.
        concurrency_percent: Calls that run at once for 15 minutes, in percent of the reserved concurrency; without one,
            of what the account may run, all functions together. Left out: 80.
        iterator_age_seconds: How far the function is behind a stream, for 15 minutes. Left out: 5 minutes.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#Lambda
    """

    errors: float = 5
    throttles: float = 0
    duration_percent: float = 80
    dead_letters: float = 0
    concurrency_percent: float = 80
    iterator_age_seconds: float = 300


@dataclass(frozen=True, kw_only=True)
class WatchedMetrics:
    """The metrics of a function that the alarms watch, each as the function gives it."""

    errors: cloudwatch.Metric
    throttles: cloudwatch.Metric
    duration_percent: cloudwatch.MathExpression
    dead_letters: cloudwatch.Metric
    concurrency_percent: cloudwatch.MathExpression
    iterator_age: cloudwatch.Metric | None


def add_function_alarms(
    service: Construct, watched: WatchedMetrics, topic: sns.ITopic, thresholds: LambdaServiceAlarmThresholds
) -> list[cloudwatch.Alarm]:
    """Five alarms, and one on the delay behind a stream where there is one; the topic hears of alarm and recovery."""
    alarms = [
        notifying_alarm(
            service,
            "ErrorsAlarm",
            metric=watched.errors,
            threshold=thresholds.errors,
            description="Calls fail. Look at the function's log and traces, and at the last deployment.",
            topic=topic,
            evaluation_periods=1,
            missing_data=_NOT_BREACHING,
        ),
        notifying_alarm(
            service,
            "ThrottlesAlarm",
            metric=watched.throttles,
            threshold=thresholds.throttles,
            description="Calls are turned away. Look at reserved_concurrency, and at the account's concurrency.",
            topic=topic,
            evaluation_periods=1,
            missing_data=_NOT_BREACHING,
        ),
        notifying_alarm(
            service,
            "DurationAlarm",
            metric=watched.duration_percent,
            threshold=thresholds.duration_percent,
            description="Calls come near the timeout. Look at dependencies in the traces, at memory and timeout.",
            topic=topic,
            missing_data=_NOT_BREACHING,
        ),
        notifying_alarm(
            service,
            "DeadLettersAlarm",
            metric=watched.dead_letters,
            threshold=thresholds.dead_letters,
            description="Calls, events or schedules failed for good. Look at the messages, then send them again.",
            topic=topic,
            evaluation_periods=1,
        ),
        notifying_alarm(
            service,
            "ConcurrencyAlarm",
            metric=watched.concurrency_percent,
            threshold=thresholds.concurrency_percent,
            description="Calls come near the limit of how many may run at once. Look at duration, then at the limit.",
            topic=topic,
            missing_data=_NOT_BREACHING,
        ),
    ]
    if watched.iterator_age is None:
        return alarms
    behind = notifying_alarm(
        service,
        "IteratorAgeAlarm",
        metric=watched.iterator_age,
        threshold=thresholds.iterator_age_seconds * 1000,
        description="The function is behind its stream. Look for a record that fails, then at the parallelization.",
        topic=topic,
        missing_data=_NOT_BREACHING,
    )
    return [*alarms, behind]
