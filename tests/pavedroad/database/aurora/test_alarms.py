from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from pavedroad.database.aurora.alarms import AuroraClusterAlarmThresholds
from pavedroad.database.aurora.aurora_cluster import AuroraCluster
from pavedroad.database.aurora.global_cluster import AuroraGlobalCluster

MakeCluster = Callable[..., AuroraCluster]
ALARM = "AWS::CloudWatch::Alarm"
CLUSTER = {"Name": "DBClusterIdentifier", "Value": {"Ref": "Orders2A43276C"}}


def test_every_alarm_tells_the_topic_on_both_ways(stack: cdk.Stack, make: MakeCluster, topic: sns.Topic) -> None:
    alarms = make().add_alarms(topic)
    actions = [stack.resolve(topic.topic_arn)]
    template = Template.from_stack(stack)
    template.resource_count_is(ALARM, len(alarms))
    template.all_resources_properties(
        ALARM, {"AlarmActions": actions, "OKActions": actions, "Dimensions": [CLUSTER], "EvaluationPeriods": 3}
    )
    for metric, comparison, threshold, statistic in (
        ("CPUUtilization", "GreaterThanThreshold", 80, "Maximum"),
        ("DatabaseConnections", "GreaterThanThreshold", 500, "Maximum"),
        ("FreeableMemory", "LessThanThreshold", 256 * 1024**2, "Minimum"),
        ("Deadlocks", "GreaterThanThreshold", 0.1, "Average"),
        ("ACUUtilization", "GreaterThanThreshold", 90, "Maximum"),
        ("AuroraReplicaLagMaximum", "GreaterThanThreshold", 1000, "Maximum"),
    ):
        template.has_resource_properties(
            ALARM,
            {
                "MetricName": metric,
                "ComparisonOperator": comparison,
                "Threshold": threshold,
                "Statistic": statistic,
            },
        )


def test_what_a_cluster_has_not_is_not_watched(make: MakeCluster, topic: sns.Topic) -> None:
    alarms = make(instance_type=ec2.InstanceType("r7g.large"), readers=0).add_alarms(topic)
    assert [alarm.node.id for alarm in alarms] == [
        "CpuAlarm",
        "ConnectionsAlarm",
        "FreeableMemoryAlarm",
        "DeadlocksAlarm",
    ]


def test_a_secondary_is_watched_for_its_lag_behind_the_primary(
    stack: cdk.Stack, make: MakeCluster, topic: sns.Topic
) -> None:
    world = AuroraGlobalCluster(identifier="world", primary_region="eu-west-1")
    make(global_cluster=world).add_alarms(topic, AuroraClusterAlarmThresholds(global_lag_seconds=5))
    Template.from_stack(stack).has_resource_properties(
        ALARM,
        {
            "Dimensions": Match.array_with([CLUSTER, {"Name": "SourceRegion", "Value": "eu-west-1"}]),
            "MetricName": "AuroraGlobalDBReplicationLag",
            "Threshold": 5000,
        },
    )
