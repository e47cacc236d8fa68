from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.dynamodb.replicas import TableReplica
from pavedroad.database.dynamodb.table import Table

MakeTable = Callable[..., Table]
MakeReplica = Callable[[str], TableReplica]


def test_point_in_time_recovery_meets_five_minutes_and_four_hours(make: MakeTable) -> None:
    assert make(rpo=Duration.minutes(5), rto=Duration.hours(4)).strongly_consistent is False


@pytest.mark.parametrize(
    ("objectives", "message"),
    [
        ({"rpo": Duration.seconds(299)}, "rpo='299 seconds': cannot be met without replicas: point-in-time recovery"),
        ({"rto": Duration.minutes(10)}, "rto='600 seconds': cannot be met without replicas: restoring a table takes"),
        ({"witness_region": "eu-west-3"}, "witness_region='eu-west-3': needs one replica beside it"),
    ],
)
def test_stricter_objectives_need_replicas(make: MakeTable, objectives: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=message):
        make(**objectives)


def test_an_asynchronous_replica_meets_seconds(make: MakeTable, replica: MakeReplica) -> None:
    table = make(rpo=Duration.seconds(5), rto=Duration.seconds(10), replicas=[replica("eu-central-1")])
    assert table.strongly_consistent is False


def test_no_loss_makes_writes_wait_for_a_second_of_three_regions(
    make: MakeTable, replica: MakeReplica, properties: Callable[[], dict[str, Any]]
) -> None:
    table = make(rpo=Duration.seconds(0), replicas=[replica("eu-central-1"), replica("eu-west-2")])
    assert table.strongly_consistent is True
    assert properties()["MultiRegionConsistency"] == "STRONG"
    assert "GlobalTableWitnesses" not in properties()


def test_a_witness_stands_for_the_third_region(
    make: MakeTable, replica: MakeReplica, properties: Callable[[], dict[str, Any]]
) -> None:
    assert make(replicas=[replica("eu-central-1")], witness_region="eu-west-2").strongly_consistent is True
    assert properties()["GlobalTableWitnesses"] == [{"Region": "eu-west-2"}]
    assert "StreamSpecification" not in properties()


def test_two_regions_are_not_enough_for_no_loss(make: MakeTable, replica: MakeReplica) -> None:
    with pytest.raises(
        InvalidArgumentsError,
        match=r"replicas=\['eu-central-1'\]: strong consistency needs two replicas, or one replica and witness_region; "
        r"rpo=0 seconds needs it, from 5 seconds on one replica does",
    ):
        make(rpo=Duration.seconds(0), replicas=[replica("eu-central-1")])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"time_to_live_attribute": "expires"}, "time_to_live_attribute='expires': does not exist with strong cons"),
        (
            {
                "local_secondary_indexes": [
                    dynamodb.LocalSecondaryIndexProps(
                        index_name="state",
                        sort_key=dynamodb.Attribute(name="state", type=dynamodb.AttributeType.STRING),
                    )
                ]
            },
            r"local_secondary_indexes=\['state'\]: do not exist with strong consistency",
        ),
        ({"replicas": []}, "witness_region='eu-west-2': needs one replica beside it"),
    ],
)
def test_what_does_not_exist_with_strong_consistency(
    make: MakeTable, replica: MakeReplica, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidArgumentsError, match=message):
        make(**{"replicas": [replica("eu-central-1")], "witness_region": "eu-west-2", **arguments})


def test_an_objective_is_known_at_synth(stack: cdk.Stack, make: MakeTable) -> None:
    seconds = cdk.CfnParameter(stack, "Seconds", type="Number").value_as_number
    with pytest.raises(InvalidArgumentsError, match="rto='a token': must be known at synth"):
        make(rto=Duration.seconds(seconds))
