from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.rds.database import Database
from pavedroad.database.rds.monitoring import DatabaseMonitoring
from pavedroad.database.rds.recovery import DatabaseRecovery
from pavedroad.database.rds.storage import DatabaseStorage

MakeDatabase = Callable[..., Database]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"storage": DatabaseStorage(allocated_storage=70000)},
            "storage.allocated_storage=70000: must be from 20 to 65536",
        ),
        (
            {"storage": DatabaseStorage(allocated_storage=100, max_allocated_storage=105)},
            "storage.max_allocated_storage=105: must be a tenth or more above allocated_storage=100",
        ),
        (
            {"storage": DatabaseStorage(max_allocated_storage=0)},
            "storage.max_allocated_storage=0: must be from 20 to 65536",
        ),
        (
            {"recovery": DatabaseRecovery(backup_retention=Duration.days(36))},
            "recovery.backup_retention='36 days': must be from 7 (RDS.11) to 35 whole",
        ),
        (
            {"recovery": DatabaseRecovery(backup_retention=Duration.hours(180))},
            "recovery.backup_retention='7.5 days': must be from 7 (RDS.11) to 35 whole",
        ),
        (
            {"monitoring": DatabaseMonitoring(interval=Duration.minutes(2))},
            "monitoring.interval='120 seconds': must be one of 1, 5, 10, 15, 30, 60 seconds",
        ),
        (
            {"database_name": "1orders"},
            "database_name='1orders': must be 1 to 63 letters, digits or underscores, a letter first",
        ),
        (
            {"instance_identifier": "orders--production"},
            "instance_identifier='orders--production': must be 1 to 52 lower-case letters, digits or single hyphens",
        ),
        ({"instance_identifier": "a" * 53}, "must be 1 to 52 lower-case letters"),
        (
            {"database_name": "orders", "snapshot_identifier": "orders-final"},
            "database_name='orders': must be left out: the databases come from the snapshot",
        ),
    ],
)
def test_refuses_what_rds_would_refuse_late(make: MakeDatabase, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(**arguments)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("allocated", "limit"),
    [(20, 200), (10000, 65536), (65536, 65536)],
    ids=["tenfold", "RDS's largest", "at the limit"],
)
def test_storage_grows_by_itself(stack: cdk.Stack, make: MakeDatabase, allocated: int, limit: int) -> None:
    make(storage=DatabaseStorage(allocated_storage=allocated))
    Template.from_stack(stack).has_resource_properties("AWS::RDS::DBInstance", {"MaxAllocatedStorage": limit})


@pytest.fixture
def mixed_vpc(stack: cdk.Stack) -> ec2.Vpc:
    return ec2.Vpc(stack, "Mixed")


def test_needs_an_isolated_tier_or_a_choice(make: MakeDatabase, mixed_vpc: ec2.Vpc) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(vpc=mixed_vpc)
    assert str(error.value) == (
        "Database 'Stack/Orders': vpc='Stack/Mixed': has no isolated subnets; "
        "add that tier, or say with vpc_subnets which to take"
    )


def test_stands_in_the_subnets_that_were_chosen(stack: cdk.Stack, make: MakeDatabase, mixed_vpc: ec2.Vpc) -> None:
    make(vpc=mixed_vpc, vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS))
    chosen = [stack.resolve(subnet.subnet_id) for subnet in mixed_vpc.private_subnets]
    Template.from_stack(stack).has_resource_properties("AWS::RDS::DBSubnetGroup", {"SubnetIds": chosen})


def test_public_subnets_are_refused_however_chosen(make: MakeDatabase, mixed_vpc: ec2.Vpc) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(vpc=mixed_vpc, vpc_subnets=ec2.SubnetSelection(subnets=mixed_vpc.public_subnets))
    assert str(error.value) == (
        "Database 'Stack/Orders': vpc_subnets='Stack/Mixed': must not be public: "
        "a database is never reached from the internet"
    )


def test_one_zone_is_refused(make: MakeDatabase, mixed_vpc: ec2.Vpc) -> None:
    with pytest.raises(InvalidArgumentsError, match="vpc_subnets='Stack/Mixed': must be in two zones or more, as RDS"):
        make(vpc=mixed_vpc, vpc_subnets=ec2.SubnetSelection(subnets=[mixed_vpc.private_subnets[0]]))


def test_a_retention_chosen_at_launch_is_passed_on(stack: cdk.Stack, make: MakeDatabase) -> None:
    days = cdk.CfnParameter(stack, "Days", type="Number", min_value=7, max_value=35)
    make(recovery=DatabaseRecovery(backup_retention=Duration.days(days.value_as_number)))
    Template.from_stack(stack).has_resource_properties(
        "AWS::RDS::DBInstance", {"BackupRetentionPeriod": {"Ref": "Days"}}
    )
