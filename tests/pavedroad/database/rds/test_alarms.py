from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from pavedroad.database.rds.alarms import DatabaseAlarmThresholds
from pavedroad.database.rds.database import Database

MakeDatabase = Callable[..., Database]


def test_every_alarm_tells_the_topic_on_both_ways(stack: cdk.Stack, make: MakeDatabase, topic: sns.Topic) -> None:
    alarms = make().add_alarms(topic)
    assert [alarm.node.id for alarm in alarms] == [
        "CpuAlarm",
        "ConnectionsAlarm",
        "FreeStorageAlarm",
        "FreeableMemoryAlarm",
    ]
    actions = [stack.resolve(topic.topic_arn)]
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::CloudWatch::Alarm", 4)
    template.all_resources_properties("AWS::CloudWatch::Alarm", {"AlarmActions": actions, "OKActions": actions})
    for metric, comparison, threshold in (
        ("CPUUtilization", "GreaterThanThreshold", 80),
        ("DatabaseConnections", "GreaterThanThreshold", 300),
        ("FreeStorageSpace", "LessThanThreshold", 10 * 1024**3),
        ("FreeableMemory", "LessThanThreshold", 256 * 1024**2),
    ):
        template.has_resource_properties(
            "AWS::CloudWatch::Alarm",
            {"MetricName": metric, "ComparisonOperator": comparison, "Threshold": threshold, "EvaluationPeriods": 3},
        )


def test_a_replica_has_the_same_alarms_and_one_for_its_lag(
    stack: cdk.Stack, make: MakeDatabase, topic: sns.Topic
) -> None:
    thresholds = DatabaseAlarmThresholds(cpu_percent=60, replica_lag_seconds=5)
    assert len(make(read_replicas=2).add_alarms(topic, thresholds)) == 14
    template = Template.from_stack(stack)
    replica = [{"Name": "DBInstanceIdentifier", "Value": {"Ref": "OrdersReadReplica1935BF897"}}]
    for metric, threshold in (("ReplicaLag", 5), ("CPUUtilization", 60)):
        template.has_resource_properties(
            "AWS::CloudWatch::Alarm",
            {
                "AlarmDescription": Match.string_like_regexp("read replica 1"),
                "Dimensions": replica,
                "MetricName": metric,
                "Threshold": threshold,
            },
        )
