from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from pavedroad.database.dynamodb.alarms import TableAlarmThresholds
from pavedroad.database.dynamodb.replicas import TableReplica
from pavedroad.database.dynamodb.table import Table

MakeTable = Callable[..., Table]
MakeReplica = Callable[[str], TableReplica]

MOST_METRICS_OF_AN_ALARM = 10


@pytest.fixture
def topic(stack: cdk.Stack) -> sns.Topic:
    return sns.Topic(stack, "Topic", master_key=kms.Key(stack, "TopicKey", enable_key_rotation=True), enforce_ssl=True)


def alarms(stack: cdk.Stack) -> list[dict[str, Any]]:
    found = Template.from_stack(stack).find_resources("AWS::CloudWatch::Alarm").values()
    return [alarm["Properties"] for alarm in found]


def test_what_is_throttled_of_the_table_and_each_index_is_told(
    stack: cdk.Stack, make: MakeTable, topic: sns.Topic
) -> None:
    index = dynamodb.GlobalSecondaryIndexPropsV2(
        index_name="by-date", partition_key=dynamodb.Attribute(name="date", type=dynamodb.AttributeType.STRING)
    )
    table = make(global_secondary_indexes=[index])
    table.add_alarms(topic, TableAlarmThresholds(read_throttle_events=7))
    throttled = [alarm for alarm in alarms(stack) if "Throttle" in alarm.get("MetricName", "")]
    name = {"Name": "TableName", "Value": stack.resolve(table.table.table_name)}
    of_index = {"Name": "GlobalSecondaryIndexName", "Value": "by-date"}
    assert [(alarm["MetricName"], alarm["Threshold"]) for alarm in throttled] == [
        ("ReadThrottleEvents", 7),
        ("WriteThrottleEvents", 0),
    ] * 2
    assert [sorted(alarm["Dimensions"], key=str) for alarm in throttled] == [[name]] * 2 + [[of_index, name]] * 2
    assert {alarm["Statistic"] for alarm in throttled} == {"Sum"}


def test_failed_requests_are_told_within_the_metrics_that_an_alarm_may_read(
    stack: cdk.Stack, make: MakeTable, topic: sns.Topic
) -> None:
    make().add_alarms(topic)
    (errors,) = (alarm for alarm in alarms(stack) if "Metrics" in alarm)
    read = [metric for metric in errors["Metrics"] if "MetricStat" in metric]
    assert len(read) <= MOST_METRICS_OF_AN_ALARM
    assert {metric["MetricStat"]["Metric"]["MetricName"] for metric in read} == {"SystemErrors"}


def test_a_replica_that_is_behind_is_told_in_milliseconds(
    stack: cdk.Stack, make: MakeTable, topic: sns.Topic, replica: MakeReplica
) -> None:
    table = make(replicas=[replica("eu-central-1")])
    table.add_alarms(topic, TableAlarmThresholds(replication_latency_seconds=30))
    (late,) = (alarm for alarm in alarms(stack) if alarm.get("MetricName") == "ReplicationLatency")
    assert {"Name": "ReceivingRegion", "Value": "eu-central-1"} in late["Dimensions"]
    assert late["Threshold"] == 30_000


def test_nothing_is_behind_with_strong_consistency(
    stack: cdk.Stack, make: MakeTable, topic: sns.Topic, replica: MakeReplica
) -> None:
    make(replicas=[replica("eu-central-1")], witness_region="eu-west-2").add_alarms(topic)
    assert [alarm for alarm in alarms(stack) if alarm.get("MetricName") == "ReplicationLatency"] == []


def test_all_notify_on_alarm_and_recovery(
    stack: cdk.Stack, make: MakeTable, topic: sns.Topic, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    made = make().add_alarms(topic)
    told = [stack.resolve(topic.topic_arn)]
    found = alarms(stack)
    assert len(found) == len(made) == 3
    assert all(alarm["AlarmActions"] == alarm["OKActions"] == told for alarm in found)
    assert pack_findings(stack) == []


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("metric_consumed_read_capacity_units", "ConsumedReadCapacityUnits"),
        ("metric_consumed_write_capacity_units", "ConsumedWriteCapacityUnits"),
        ("metric_read_throttle_events", "ReadThrottleEvents"),
        ("metric_write_throttle_events", "WriteThrottleEvents"),
    ],
)
def test_metrics_are_of_the_table(stack: cdk.Stack, make: MakeTable, method: str, name: str) -> None:
    table = make()
    metric = getattr(table, method)(period=cdk.Duration.minutes(1))
    assert (metric.metric_name, metric.statistic, metric.period.to_seconds()) == (name, "Sum", 60)
    assert stack.resolve(metric.dimensions) == {"TableName": stack.resolve(table.table.table_name)}
