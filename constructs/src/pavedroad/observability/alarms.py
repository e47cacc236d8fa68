"""Alarms as every construct makes them."""

from aws_cdk import Aws, Duration, Names
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.severities import topic_for


def notifying_alarm(
    scope: Construct,
    construct_id: str,
    *,
    metric: cloudwatch.Metric | cloudwatch.MathExpression,
    threshold: float,
    description: str,
    topic: sns.ITopic,
    comparison: cloudwatch.ComparisonOperator = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluation_periods: int = 3,
    missing_data: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.MISSING,
) -> cloudwatch.Alarm:
    """An alarm that tells ``topic`` when it goes off and when it is well again.

    Args:
        scope: The construct whose metric is watched.
        construct_id: The alarm's id in it.
        metric: What is watched, with its period and statistic.
        threshold: The value that is compared with, in the metric's unit.
        description: What is wrong and what to look at first; the person who is woken reads it.
        topic: Told on alarm and on recovery; ``AlarmTopics.by_severity()`` gives one that chooses by the alarm's id.
        comparison: Left out: above the threshold.
        evaluation_periods: Periods in a row that must breach. Left out: 3.
        missing_data: What a gap means. Left out: the state stays unknown, so that a dead source is seen.

    Controls: CloudWatch.15 (an action), CloudWatch.17 (actions enabled).
    """
    alarm = metric.create_alarm(
        scope,
        construct_id,
        threshold=threshold,
        alarm_description=description,
        comparison_operator=comparison,
        evaluation_periods=evaluation_periods,
        treat_missing_data=missing_data,
    )
    _notify(alarm, topic_for(topic, construct_id))
    return alarm


def notifying_composite_alarm(
    scope: Construct,
    construct_id: str,
    *,
    rule: cloudwatch.IAlarmRule,
    description: str,
    topic: sns.ITopic,
    suppressor: cloudwatch.IAlarm | None = None,
) -> cloudwatch.CompositeAlarm:
    """An alarm on the states of other alarms that tells ``topic`` when it goes off and when it is well again.

    Args:
        scope: The construct whose alarms are combined.
        construct_id: The alarm's id in it.
        rule: The states that make an alarm, such as ``cloudwatch.AlarmRule.all_of(slow, failing)``.
        description: What is wrong and what to look at first; the person who is woken reads it.
        topic: Told on alarm and on recovery; ``AlarmTopics.by_severity()`` gives one that chooses by the alarm's id.
        suppressor: Nobody is told while this alarm is on, such as one that stands for maintenance, nor in the two
            minutes after. Left out: always told.

    Controls: CloudWatch.15 (an action), CloudWatch.17 (actions enabled).
    """
    wait = Duration.minutes(2) if suppressor else None
    alarm = cloudwatch.CompositeAlarm(
        scope,
        construct_id,
        # The CDK's own name is the same in every stack that is launched from one template.
        composite_alarm_name=f"{Aws.STACK_NAME}-{Names.unique_resource_name(scope, max_length=100)}-{construct_id}",
        alarm_rule=rule,
        alarm_description=description,
        actions_suppressor=suppressor,
        actions_suppressor_wait_period=wait,
        actions_suppressor_extension_period=wait,
    )
    _notify(alarm, topic_for(topic, construct_id))
    return alarm


def _notify(alarm: cloudwatch.AlarmBase, topic: sns.ITopic) -> None:
    action = actions.SnsAction(topic)
    alarm.add_alarm_action(action)
    alarm.add_ok_action(action)
