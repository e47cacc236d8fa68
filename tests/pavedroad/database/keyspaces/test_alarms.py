from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from pavedroad.database.keyspaces.alarms import WideColumnAlarmThresholds
from pavedroad.database.keyspaces.schema import WideColumnTable
from pavedroad.database.keyspaces.wide_column_keyspace import WideColumnKeyspace

MakeKeyspace = Callable[..., WideColumnKeyspace]


@pytest.fixture
def topic(stack: cdk.Stack) -> sns.Topic:
    return sns.Topic(stack, "Topic", master_key=kms.Key(stack, "TopicKey", enable_key_rotation=True), enforce_ssl=True)


def alarms(stack: cdk.Stack) -> list[dict[str, Any]]:
    found = Template.from_stack(stack).find_resources("AWS::CloudWatch::Alarm").values()
    return [alarm["Properties"] for alarm in found]


def read_by(alarm: dict[str, Any]) -> list[tuple[str, str]]:
    """The metrics of an alarm, each with its operation."""
    metrics = [it["MetricStat"]["Metric"] for it in alarm["Metrics"] if "MetricStat" in it]
    operation = [next(it["Value"] for it in metric["Dimensions"] if it["Name"] == "Operation") for metric in metrics]
    return sorted(zip((metric["MetricName"] for metric in metrics), operation, strict=True))


def test_throttled_and_failed_requests_are_told_of_every_operation(
    stack: cdk.Stack, make: MakeKeyspace, topic: sns.Topic
) -> None:
    make().add_alarms(topic, WideColumnAlarmThresholds(write_throttle_events=5))
    reads, writes, errors = alarms(stack)
    assert read_by(reads) == [("ReadThrottleEvents", "SELECT")]
    assert read_by(writes) == [("WriteThrottleEvents", each) for each in ("DELETE", "INSERT", "UPDATE")]
    assert read_by(errors) == [("SystemErrors", each) for each in ("DELETE", "INSERT", "SELECT", "UPDATE")]
    assert [alarm["Threshold"] for alarm in (reads, writes, errors)] == [0, 5, 0]
    assert {alarm["TreatMissingData"] for alarm in (reads, writes, errors)} == {"notBreaching"}


def test_a_replica_that_is_behind_is_told_in_milliseconds(
    stack: cdk.Stack, make: MakeKeyspace, topic: sns.Topic
) -> None:
    make(replica_regions=["eu-central-1"]).add_alarms(topic, WideColumnAlarmThresholds(replication_latency_seconds=9))
    (late,) = (alarm for alarm in alarms(stack) if alarm.get("MetricName") == "ReplicationLatency")
    assert {"Name": "ReceivingRegion", "Value": "eu-central-1"} in late["Dimensions"]
    assert late["Threshold"] == 9000
    assert late["TreatMissingData"] == "missing"


def test_every_table_is_watched_and_all_notify_on_alarm_and_recovery(
    stack: cdk.Stack,
    make: MakeKeyspace,
    table: Callable[..., WideColumnTable],
    topic: sns.Topic,
    pack_findings: Callable[[cdk.Stack], list[str]],
) -> None:
    made = make(tables=[table(), table(name="alerts")]).add_alarms(topic)
    told = [stack.resolve(topic.topic_arn)]
    found = alarms(stack)
    assert len(found) == len(made) == 6
    assert all(alarm["AlarmActions"] == alarm["OKActions"] == told for alarm in found)
    assert pack_findings(stack) == []


def test_any_metric_of_a_table(stack: cdk.Stack, make: MakeKeyspace) -> None:
    keyspace = make()
    metric = keyspace.metric("UserErrors", table="readings", operation="SELECT", period=cdk.Duration.minutes(1))
    assert (metric.metric_name, metric.statistic, metric.period.to_seconds()) == ("UserErrors", "Sum", 60)
    assert stack.resolve(metric.dimensions) == {
        "Keyspace": stack.resolve(keyspace.keyspace.ref),
        "TableName": "readings",
        "Operation": "SELECT",
    }
    assert "Operation" not in (keyspace.metric("ConsumedReadCapacityUnits", table="readings").dimensions or {})
