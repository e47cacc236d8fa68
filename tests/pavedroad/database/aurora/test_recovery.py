from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_rds as rds
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.aurora.aurora_cluster import AuroraCluster
from pavedroad.database.aurora.global_cluster import AuroraGlobalCluster
from pavedroad.database.aurora.recovery import AuroraRecovery

MakeCluster = Callable[..., AuroraCluster]
DAY = Duration.hours(24)


@pytest.mark.parametrize(
    ("rpo", "rto", "readers"),
    [
        (None, None, 1),
        (Duration.seconds(0), Duration.minutes(1), 1),
        (Duration.hours(8), None, 1),
        (None, Duration.minutes(59), 1),
        (None, Duration.hours(1), 0),
    ],
)
def test_a_reader_is_built_unless_there_is_time_to_make_an_instance(
    stack: cdk.Stack, make: MakeCluster, rpo: Duration | None, rto: Duration | None, readers: int
) -> None:
    assert make(recovery=AuroraRecovery(rpo=rpo, rto=rto)).readers == readers
    Template.from_stack(stack).resource_count_is("AWS::RDS::DBInstance", 1 + readers)


def test_readers_that_were_asked_for_are_built(make: MakeCluster) -> None:
    assert make(readers=2, recovery=AuroraRecovery(rto=Duration.hours(8))).readers == 2


@pytest.mark.parametrize(
    ("recovery", "message"),
    [
        (
            AuroraRecovery(rto=Duration.seconds(30)),
            "recovery.rto='30 seconds': cannot be met by an Aurora cluster: it takes up to 60 seconds until a reader",
        ),
        (
            AuroraRecovery(rto=Duration.minutes(5)),
            "recovery.rto='300 seconds': cannot be met with readers=0: with its zone the only instance is lost, and",
        ),
        (
            AuroraRecovery(region_rpo=Duration.seconds(1)),
            "recovery.region_rpo='1 seconds': cannot be promised: Aurora copies to other regions asynchronously, and",
        ),
        (
            AuroraRecovery(region_rto=Duration.minutes(1)),
            "recovery.region_rto='60 seconds': cannot be met: a person begins the failover to another region, which",
        ),
    ],
)
def test_an_objective_that_cannot_be_met_is_refused_with_the_reason(
    make: MakeCluster, recovery: AuroraRecovery, message: str
) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(readers=0, recovery=recovery)
    assert message in str(error.value)


def test_objectives_must_be_known_at_synth(stack: cdk.Stack, make: MakeCluster) -> None:
    minutes = Duration.minutes(cdk.CfnParameter(stack, "Minutes", type="Number").value_as_number)
    with pytest.raises(InvalidArgumentsError) as error:
        make(recovery=AuroraRecovery(rpo=minutes, rto=minutes, region_rpo=minutes, region_rto=minutes))
    for name in ("rpo", "rto", "region_rpo", "region_rto"):
        assert f"recovery.{name}='a token': must be known at synth" in str(error.value)


@pytest.mark.parametrize(
    ("rpo", "rto", "is_global"),
    [
        (None, None, False),
        (DAY, Duration.hours(4), False),
        (DAY, None, True),
        (None, Duration.hours(4), True),
        (Duration.hours(23), Duration.hours(4), True),
        (DAY, Duration.hours(3), True),
    ],
)
def test_the_loss_of_a_region_needs_a_global_cluster_unless_a_daily_copy_does(
    stack: cdk.Stack, make: MakeCluster, rpo: Duration | None, rto: Duration | None, is_global: bool
) -> None:
    cluster = make(cluster_identifier="orders", recovery=AuroraRecovery(region_rpo=rpo, region_rto=rto))
    assert (cluster.global_cluster is not None) is is_global
    Template.from_stack(stack).resource_properties_count_is(
        "AWS::RDS::GlobalCluster", {"GlobalClusterIdentifier": "orders-global"}, int(is_global)
    )


def test_the_global_cluster_that_was_given_is_taken(make: MakeCluster) -> None:
    cluster = make(
        global_cluster=AuroraGlobalCluster(identifier="world"),
        recovery=AuroraRecovery(region_rpo=Duration.minutes(1)),
    )
    assert cluster.global_cluster is not None
    assert cluster.global_cluster.global_cluster_identifier == "world"


def test_postgresql_is_held_to_the_objective_of_the_region(stack: cdk.Stack, make: MakeCluster) -> None:
    make(recovery=AuroraRecovery(region_rpo=Duration.minutes(1)))
    Template.from_stack(stack).has_resource_properties(
        "AWS::RDS::DBClusterParameterGroup", {"Parameters": Match.object_like({"rds.global_db_rpo": "60"})}
    )


def test_mysql_has_no_such_parameter(stack: cdk.Stack, make: MakeCluster, mysql: rds.IClusterEngine) -> None:
    make(engine=mysql, recovery=AuroraRecovery(region_rpo=Duration.minutes(1)))
    Template.from_stack(stack).has_resource_properties(
        "AWS::RDS::DBClusterParameterGroup", {"Parameters": Match.object_like({"rds.global_db_rpo": Match.absent()})}
    )


@pytest.mark.parametrize(("given", "seconds"), [(None, 86400), (Duration.hours(72), 259200)])
def test_mysql_can_be_turned_back(
    stack: cdk.Stack, make: MakeCluster, mysql: rds.IClusterEngine, given: Duration | None, seconds: int
) -> None:
    make(engine=mysql, recovery=AuroraRecovery(backtrack=given))
    Template.from_stack(stack).has_resource_properties("AWS::RDS::DBCluster", {"BacktrackWindow": seconds})


def test_without_backtrack_mysql_leaves_a_warning(
    stack: cdk.Stack, make: MakeCluster, mysql: rds.IClusterEngine
) -> None:
    make(engine=mysql, recovery=AuroraRecovery(backtrack=Duration.seconds(0)))
    text = "A wrong statement costs this cluster a restore. [ack: pavedroad:aurora-cluster-no-backtrack]"
    Annotations.from_stack(stack).has_warning("/Stack/Orders", text)
    Template.from_stack(stack).has_resource_properties("AWS::RDS::DBCluster", {"BacktrackWindow": Match.absent()})


def test_postgresql_cannot_be_turned_back(make: MakeCluster) -> None:
    message = "recovery.backtrack='3600 seconds': must be left out: Aurora PostgreSQL has no backtrack"
    with pytest.raises(InvalidArgumentsError, match=message):
        make(recovery=AuroraRecovery(backtrack=Duration.hours(1)))


def test_a_global_cluster_cannot_be_turned_back(stack: cdk.Stack, make: MakeCluster, mysql: rds.IClusterEngine) -> None:
    world = AuroraGlobalCluster(identifier="world")
    make(engine=mysql, global_cluster=world, recovery=AuroraRecovery(backtrack=Duration.seconds(0)))
    assert Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("no-backtrack")) == []


def test_backtrack_is_refused_in_a_global_cluster(make: MakeCluster, mysql: rds.IClusterEngine) -> None:
    world = AuroraGlobalCluster(identifier="world")
    message = "recovery.backtrack='3600 seconds': must be left out: a global cluster has no backtrack"
    with pytest.raises(InvalidArgumentsError, match=message):
        make(engine=mysql, global_cluster=world, recovery=AuroraRecovery(backtrack=Duration.hours(1)))


def test_nothing_is_turned_back_by_more_than_three_days(make: MakeCluster, mysql: rds.IClusterEngine) -> None:
    with pytest.raises(InvalidArgumentsError, match=r"recovery.backtrack='259201 seconds': must be 72 hours or less"):
        make(engine=mysql, recovery=AuroraRecovery(backtrack=Duration.seconds(259201)))
