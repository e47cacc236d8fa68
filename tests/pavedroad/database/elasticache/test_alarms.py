from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.elasticache.alarms import CacheAlarmThresholds
from pavedroad.database.elasticache.cache import Cache
from pavedroad.database.elasticache.capacity import NodeCapacity, ServerlessCapacity

MakeCache = Callable[..., Cache]


@pytest.fixture
def topic(stack: cdk.Stack) -> sns.Topic:
    return sns.Topic(stack, "Topic", master_key=kms.Key(stack, "TopicKey", enable_key_rotation=True), enforce_ssl=True)


def alarms(stack: cdk.Stack) -> list[dict[str, Any]]:
    found = Template.from_stack(stack).find_resources("AWS::CloudWatch::Alarm").values()
    return [alarm["Properties"] for alarm in found]


def test_every_node_is_watched(stack: cdk.Stack, make: MakeCache, topic: sns.Topic) -> None:
    cache = make(capacity=NodeCapacity(shards=2))
    cache.add_alarms(topic, CacheAlarmThresholds(memory_percent=70, connections=99))
    found = alarms(stack)
    names = ["EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "Evictions", "CurrConnections", "ReplicationLag"]
    assert [alarm["MetricName"] for alarm in found] == names * 4
    nodes = {alarm["Dimensions"][0]["Value"]["Fn::Join"][1][1] for alarm in found}
    assert nodes == {"-0001-001", "-0001-002", "-0002-001", "-0002-002"}
    assert [alarm["Threshold"] for alarm in found[:5]] == [80, 70, 1000, 99, 10]


def test_a_node_alone_has_no_lag(make: MakeCache, topic: sns.Topic) -> None:
    assert len(make(capacity=NodeCapacity(replicas_per_shard=0)).add_alarms(topic)) == 4


def test_a_serverless_cache_is_watched_for_what_it_throttles(
    stack: cdk.Stack, make: MakeCache, topic: sns.Topic
) -> None:
    cache = make(capacity=ServerlessCapacity(), cache_name="sessions")
    cache.add_alarms(topic)
    found = alarms(stack)
    assert [alarm["MetricName"] for alarm in found] == ["Evictions", "CurrConnections", "ThrottledCmds"]
    assert all(
        alarm["Dimensions"] == [{"Name": "clusterId", "Value": stack.resolve(cache.cache.ref)}] for alarm in found
    )


def test_all_notify_on_alarm_and_recovery(
    stack: cdk.Stack, make: MakeCache, topic: sns.Topic, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    make().add_alarms(topic)
    told = [stack.resolve(topic.topic_arn)]
    assert all(alarm["AlarmActions"] == alarm["OKActions"] == told for alarm in alarms(stack))
    assert pack_findings(stack) == []


def test_nodes_that_are_known_at_deployment_only_cannot_be_watched(
    stack: cdk.Stack, make: MakeCache, topic: sns.Topic
) -> None:
    shards = cdk.CfnParameter(stack, "Shards", type="Number").value_as_number
    cache = make(capacity=NodeCapacity(shards=shards))
    with pytest.raises(InvalidArgumentsError, match="capacity='a token': must be known at synth"):
        cache.add_alarms(topic)


def test_any_metric_of_a_node_or_of_the_serverless_cache(stack: cdk.Stack, make: MakeCache) -> None:
    metric = make().metric("CacheHits", statistic="Sum", period=cdk.Duration.minutes(1), shard=2, node=3)
    assert (metric.metric_name, metric.statistic, metric.period.to_seconds()) == ("CacheHits", "Sum", 60)
    assert "-0002-003" in str(stack.resolve(metric.dimensions))
    other = cdk.Stack(stack.node.root, "Other")  # type: ignore[arg-type]
    serverless = make(other, capacity=ServerlessCapacity()).metric("CacheHits")
    assert set(serverless.dimensions or {}) == {"clusterId"}
