"""Alarms as every construct makes them."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct


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
        topic: Told on alarm and on recovery.
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
    action = actions.SnsAction(topic)
    alarm.add_alarm_action(action)
    alarm.add_ok_action(action)
    return alarm
