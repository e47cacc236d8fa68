from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from pavedroad.observability.alarms import notifying_alarm

TOPIC = "arn:aws:sns:eu-west-1:111111111111:alarms"


@pytest.fixture
def topic(stack: cdk.Stack) -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Topic", TOPIC)


METRIC = cloudwatch.Metric(namespace="Orders", metric_name="Failures", statistic="Sum", period=cdk.Duration.minutes(1))


def test_tells_the_topic_on_alarm_and_on_recovery(
    stack: cdk.Stack, topic: sns.ITopic, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    alarm = notifying_alarm(
        stack, "Failures", metric=METRIC, threshold=5, description="Orders fail: see the log.", topic=topic
    )
    assert isinstance(alarm, cloudwatch.Alarm)
    Template.from_stack(stack).has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmActions": [TOPIC],
            "OKActions": [TOPIC],
            "AlarmDescription": "Orders fail: see the log.",
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 3,
            "Threshold": 5,
            "TreatMissingData": "missing",
        },
    )
    assert pack_findings(stack) == []


def test_comparison_periods_and_gaps_can_be_chosen(stack: cdk.Stack, topic: sns.ITopic) -> None:
    notifying_alarm(
        stack,
        "Idle",
        metric=cloudwatch.MathExpression(expression="orders / 2", using_metrics={"orders": METRIC}),
        threshold=1,
        description="Too few orders.",
        topic=topic,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluation_periods=1,
        missing_data=cloudwatch.TreatMissingData.BREACHING,
    )
    Template.from_stack(stack).has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {"ComparisonOperator": "LessThanThreshold", "EvaluationPeriods": 1, "TreatMissingData": "breaching"},
    )
