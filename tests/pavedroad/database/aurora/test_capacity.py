from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk.assertions import Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.aurora.aurora_cluster import AuroraCluster
from pavedroad.database.aurora.capacity import AuroraReaderScaling, AuroraServerlessCapacity

MakeCluster = Callable[..., AuroraCluster]
PAUSE = AuroraServerlessCapacity(maximum=4, auto_pause_after=Duration.minutes(10))


def test_a_cluster_that_may_pause_goes_down_to_nothing(stack: cdk.Stack, make: MakeCluster) -> None:
    make(serverless=PAUSE)
    Template.from_stack(stack).has_resource_properties(
        "AWS::RDS::DBCluster",
        {"ServerlessV2ScalingConfiguration": {"MinCapacity": 0, "MaxCapacity": 4, "SecondsUntilAutoPause": 600}},
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"minimum": 0.7}, "serverless.minimum=0.7: must be a multiple of 0.5"),
        ({"minimum": 300, "maximum": 300}, "serverless.maximum=300: must be from 1 to 256"),
        ({"minimum": -1}, "serverless.minimum=-1: must be from 0 to 256"),
        ({"minimum": 8, "maximum": 4}, "serverless.minimum=8: must not be above maximum=4"),
        ({"minimum": 0}, "serverless.minimum=0: lets the cluster pause: say when with auto_pause_after"),
        (
            {"minimum": 1, "auto_pause_after": Duration.minutes(10)},
            "serverless.minimum=1: must be 0, or left out, with auto_pause_after",
        ),
        (
            {"auto_pause_after": Duration.minutes(1)},
            "serverless.auto_pause_after=60: must be from 300 to 86400",
        ),
    ],
)
def test_refuses_capacities_that_aurora_does_not_offer(
    make: MakeCluster, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(serverless=AuroraServerlessCapacity(**arguments))
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("engine", "needed"),
    [
        (rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_16_2), "16.3"),
        (rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_15_6), "15.7"),
        (rds.DatabaseClusterEngine.aurora_mysql(version=rds.AuroraMysqlEngineVersion.VER_3_07_1), "3.8"),
    ],
)
def test_a_version_that_cannot_pause_is_refused_where_it_shall(
    make: MakeCluster, engine: rds.IClusterEngine, needed: str
) -> None:
    with pytest.raises(InvalidArgumentsError, match=f"must be {needed} or newer for serverless.auto_pause_after"):
        make(engine=engine, serverless=PAUSE)


def test_an_older_version_runs_without_pauses(make: MakeCluster) -> None:
    make(engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_16_2))


def test_an_instance_class_and_capacity_units_exclude_each_other(make: MakeCluster) -> None:
    with pytest.raises(InvalidArgumentsError, match=r"instance_type='r7g.large': must be left out with serverless"):
        make(instance_type=ec2.InstanceType("r7g.large"), serverless=PAUSE)


def test_readers_come_and_go_by_their_load(stack: cdk.Stack, make: MakeCluster) -> None:
    scaling = AuroraReaderScaling(maximum=6, cpu_percent=50, connections=400)
    cluster = make(cluster_identifier="orders", readers=2, reader_scaling=scaling)
    assert cluster.reader_scaling is not None
    template = Template.from_stack(stack)
    template.has_resource(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        {
            "Properties": {
                "MinCapacity": 2,
                "MaxCapacity": 6,
                "ResourceId": "cluster:orders",
                "ScalableDimension": "rds:cluster:ReadReplicaCount",
                "ServiceNamespace": "rds",
            },
            "DependsOn": Match.array_with(["OrdersWriter9EC817F4"]),
        },
    )
    for metric, value in (("RDSReaderAverageCPUUtilization", 50), ("RDSReaderAverageDatabaseConnections", 400)):
        template.has_resource_properties(
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            {
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingScalingPolicyConfiguration": {
                    "PredefinedMetricSpecification": {"PredefinedMetricType": metric},
                    "ScaleInCooldown": 900,
                    "ScaleOutCooldown": 300,
                    "TargetValue": value,
                },
            },
        )
    template.resource_count_is("AWS::IAM::Policy", 0)


@pytest.mark.parametrize(
    ("readers", "arguments", "message"),
    [
        (0, {"maximum": 4}, "reader_scaling='maximum=4': needs readers=1 or more to measure"),
        (3, {"maximum": 2}, "reader_scaling.maximum=2: must be from 3 to 15"),
        (1, {"maximum": 16}, "reader_scaling.maximum=16: must be from 1 to 15"),
        (1, {"maximum": 2, "cpu_percent": 95}, "reader_scaling.cpu_percent=95: must be from 10 to 90"),
        (1, {"maximum": 2, "connections": 0}, "reader_scaling.connections=0: must be from 1 to 16000"),
    ],
)
def test_refuses_what_readers_cannot_scale_by_or_to(
    make: MakeCluster, readers: int, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(readers=readers, reader_scaling=AuroraReaderScaling(**arguments))
    assert message in str(error.value)


def test_without_scaling_there_is_none(stack: cdk.Stack, make: MakeCluster) -> None:
    assert make().reader_scaling is None
    Template.from_stack(stack).resource_count_is("AWS::ApplicationAutoScaling::ScalableTarget", 0)
