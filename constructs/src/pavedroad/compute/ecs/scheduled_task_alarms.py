"""What is watched of a scheduled task."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.observability.alarms import notifying_alarm

_NOT_BREACHING = cloudwatch.TreatMissingData.NOT_BREACHING
_LONGEST_HOURS = 7 * 24


@dataclass(frozen=True, kw_only=True)
class ScheduledTaskAlarmThresholds:
    """When the alarms of a scheduled task go off.

    Attributes:
        failed_runs: Runs that failed in five minutes. Left out: 0, each failure.
        not_started_runs: Runs in five minutes that could not be started, after all retries. Left out: 0.
        no_run_for: The longest time without a run, in whole hours up to 7 days, which is as far as an alarm looks
            back; longer than the time between two runs. Left out: 25 hours, for what runs daily or more often.
    """

    failed_runs: float = 0
    not_started_runs: float = 0
    no_run_for: Duration | None = None


def add_scheduled_task_alarms(
    task: Construct,
    *,
    failed_runs: cloudwatch.Metric,
    not_started_runs: cloudwatch.Metric,
    runs: cloudwatch.Metric,
    topic: sns.ITopic,
    thresholds: ScheduledTaskAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """Three alarms: a run failed, could not be started, or there was none; ``runs`` counts by the hour."""
    hours = _hours(task, thresholds.no_run_for)
    return [
        notifying_alarm(
            task,
            "FailedRunsAlarm",
            metric=failed_runs,
            threshold=thresholds.failed_runs,
            description="A run failed. Its event, with the reason, is in the dead-letter queue; look at its log.",
            topic=topic,
            evaluation_periods=1,
            missing_data=_NOT_BREACHING,
        ),
        notifying_alarm(
            task,
            "NotStartedRunsAlarm",
            metric=not_started_runs,
            threshold=thresholds.not_started_runs,
            description="A run could not be started. The dead-letter queue has the error: rights, subnets, capacity.",
            topic=topic,
            evaluation_periods=1,
            missing_data=_NOT_BREACHING,
        ),
        notifying_alarm(
            task,
            "NoRunAlarm",
            metric=runs,
            threshold=1,
            description="The task has not run for too long. Look whether its schedule is enabled and not at its end.",
            topic=topic,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            evaluation_periods=hours,
            missing_data=cloudwatch.TreatMissingData.BREACHING,
        ),
    ]


def _hours(task: Construct, no_run_for: Duration | None) -> int:
    hours = (no_run_for or Duration.hours(25)).to_hours(integral=False)
    arguments = Arguments(task)
    if not 1 <= hours <= _LONGEST_HOURS or hours != int(hours):
        arguments.refuse("no_run_for in hours", hours, f"must be whole, from 1 to {_LONGEST_HOURS}")
    arguments.check()
    return int(hours)
