from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.assertions import Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.aurora.aurora_cluster import AuroraCluster
from pavedroad.database.aurora.capacity import AuroraServerlessCapacity
from pavedroad.database.aurora.global_cluster import AuroraGlobalCluster

MakeCluster = Callable[..., AuroraCluster]
CLUSTER = "AWS::RDS::DBCluster"
PRIMARY = AuroraGlobalCluster(identifier="world")
SECONDARY = AuroraGlobalCluster(identifier="world", primary_region="eu-west-1")


def test_a_primary_makes_the_global_cluster_and_protects_it(stack: cdk.Stack, make: MakeCluster) -> None:
    make(global_cluster=PRIMARY)
    Template.from_stack(stack).has_resource_properties(
        "AWS::RDS::GlobalCluster",
        {
            "DeletionProtection": True,
            "GlobalClusterIdentifier": "world",
            "SourceDBClusterIdentifier": {"Fn::GetAtt": ["Orders2A43276C", "DBClusterArn"]},
        },
    )


def test_a_primary_owns_the_secret_and_rotates_it_every_30_days(stack: cdk.Stack, make: MakeCluster) -> None:
    make(global_cluster=PRIMARY)
    template = Template.from_stack(stack)
    template.has_resource_properties(
        CLUSTER,
        {
            "ManageMasterUserPassword": Match.absent(),
            "MasterUsername": "dbadmin",
            "MasterUserPassword": Match.any_value(),
        },
    )
    template.has_resource_properties(
        "AWS::SecretsManager::RotationSchedule", {"RotationRules": {"ScheduleExpression": "rate(30 days)"}}
    )


def test_a_secondary_has_no_administrator_and_its_own_key(stack: cdk.Stack, make: MakeCluster) -> None:
    cluster = make(global_cluster=SECONDARY)
    assert (cluster.secret, cluster.global_cluster) == (None, None)
    template = Template.from_stack(stack)
    (resource,) = template.find_resources(CLUSTER).values()
    properties = resource["Properties"]
    assert properties["GlobalClusterIdentifier"] == "world"
    assert (properties["StorageEncrypted"], properties["KmsKeyId"]) == (
        True,
        {"Fn::GetAtt": ["OrdersKey6C690DD2", "Arn"]},
    )
    administrator = {"MasterUsername", "MasterUserPassword", "MasterUserSecret", "ManageMasterUserPassword"}
    assert properties.keys().isdisjoint(administrator | {"DatabaseName"})
    for kind in ("AWS::RDS::GlobalCluster", "AWS::SecretsManager::Secret", "AWS::Serverless::Application"):
        template.resource_count_is(kind, 0)


def test_a_secondary_has_no_secret_to_read_or_to_pool_with(stack: cdk.Stack, make: MakeCluster) -> None:
    cluster = make(global_cluster=SECONDARY)
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    message = "secret=None: a secondary of a global cluster has none: its primary has it"
    with pytest.raises(InvalidArgumentsError, match=message):
        cluster.grant_read_secret(role)
    with pytest.raises(InvalidArgumentsError, match=message):
        cluster.add_proxy()
    cluster.add_proxy(secrets=[secretsmanager.Secret(stack, "Service")])
    Template.from_stack(stack).resource_count_is("AWS::RDS::DBProxy", 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"global_cluster": SECONDARY, "database_name": "orders", "snapshot_identifier": None},
            "database_name='orders': must be left out: a secondary has the data of its primary",
        ),
        (
            {"global_cluster": SECONDARY, "snapshot_identifier": "last"},
            "snapshot_identifier='last': must be left out: a secondary has the data of its primary",
        ),
        (
            {
                "global_cluster": PRIMARY,
                "serverless": AuroraServerlessCapacity(auto_pause_after=Duration.minutes(5)),
            },
            "serverless.auto_pause_after='given': must be left out: a global cluster never pauses",
        ),
        (
            {"global_cluster": AuroraGlobalCluster(identifier="The world")},
            "global_cluster.identifier='The world': must be 1 to 52 lower-case letters",
        ),
        (
            {"global_cluster": AuroraGlobalCluster(identifier="world", primary_region="Ireland")},
            "global_cluster.primary_region='Ireland': must be a region, such as eu-west-1",
        ),
    ],
)
def test_refuses_what_a_global_cluster_cannot_have(make: MakeCluster, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(**arguments)
    assert message in str(error.value)


def test_a_primary_needs_subnets_that_are_known_one_by_one(stack: cdk.Stack, make: MakeCluster) -> None:
    ids = cdk.CfnParameter(stack, "SubnetIds", type="List<AWS::EC2::Subnet::Id>")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-12345678",
        availability_zones=cdk.Fn.get_azs(),
        isolated_subnet_ids=ids.value_as_list,
    )
    with pytest.raises(InvalidArgumentsError, match="global_cluster='a primary': needs subnets that are known one by"):
        make(vpc=vpc, global_cluster=PRIMARY)
