from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk.assertions import Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.rds.database import Database

MakeDatabase = Callable[..., Database]


def test_rds_manages_the_password_without_a_function(stack: cdk.Stack, make: MakeDatabase) -> None:
    make()
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::RDS::DBInstance", {"ManageMasterUserPassword": True})
    for kind in ("AWS::SecretsManager::Secret", "AWS::Serverless::Application", "AWS::Lambda::Function"):
        template.resource_count_is(kind, 0)


def test_with_replicas_the_stack_owns_the_secret_and_rotates_it_every_30_days(
    stack: cdk.Stack, make: MakeDatabase
) -> None:
    database = make(read_replicas=1)
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::RDS::DBInstance",
        {
            "ManageMasterUserPassword": Match.absent(),
            # In clear, so that an instance that gains replicas is not replaced.
            "MasterUsername": "dbadmin",
            "MasterUserPassword": Match.any_value(),
        },
    )
    template.has_resource_properties(
        "AWS::SecretsManager::Secret", {"KmsKeyId": stack.resolve(database.encryption_key.key_arn)}
    )
    template.has_resource_properties(
        "AWS::SecretsManager::RotationSchedule", {"RotationRules": {"ScheduleExpression": "rate(30 days)"}}
    )


def test_the_rotation_reaches_secrets_manager_and_the_database_alone(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(read_replicas=1)
    template = Template.from_stack(stack)
    egress = Match.object_like({"CidrIp": "0.0.0.0/0", "FromPort": 443, "ToPort": 443})
    template.has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": "The rotation of the administrator of the database Orders",
            "SecurityGroupEgress": [egress],
        },
    )
    template.has_resource_properties("AWS::EC2::SecurityGroupEgress", {"FromPort": 15432, "ToPort": 15432})
    template.has_resource_properties("AWS::EC2::SecurityGroupIngress", {"FromPort": 15432, "ToPort": 15432})


def test_the_rotation_is_named_after_the_instance(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(read_replicas=1, instance_identifier="orders-production")
    Template.from_stack(stack).has_resource_properties(
        "AWS::Serverless::Application",
        {"Parameters": Match.object_like({"functionName": "orders-production-rotation"})},
    )


def test_the_rotation_stands_in_private_subnets_where_there_are_any(app: cdk.App, stack: cdk.Stack) -> None:
    vpc = ec2.Vpc(
        stack,
        "Vpc",
        subnet_configuration=[
            ec2.SubnetConfiguration(name="public", subnet_type=ec2.SubnetType.PUBLIC),
            ec2.SubnetConfiguration(name="private", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        ],
    )
    engine = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17)
    Database(stack, "Orders", engine=engine, vpc=vpc, read_replicas=1)
    subnets: list[Any] = [stack.resolve(subnet.subnet_id) for subnet in vpc.private_subnets]
    Template.from_stack(stack).has_resource_properties(
        "AWS::Serverless::Application",
        {"Parameters": Match.object_like({"vpcSubnetIds": {"Fn::Join": ["", [subnets[0], ",", subnets[1]]]}})},
    )


def test_replicas_need_subnets_that_are_known_one_by_one(stack: cdk.Stack, make: MakeDatabase) -> None:
    ids = cdk.CfnParameter(stack, "SubnetIds", type="List<AWS::EC2::Subnet::Id>")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-12345678",
        availability_zones=cdk.Fn.get_azs(),
        isolated_subnet_ids=ids.value_as_list,
    )
    with pytest.raises(InvalidArgumentsError) as error:
        make(vpc=vpc, read_replicas=2)
    assert str(error.value) == (
        "Database 'Stack/Orders': read_replicas=2: needs subnets that are known one by one, as the rotation function "
        "takes them; vpc has them as one list parameter: take Fn.select for each"
    )


def test_subnets_selected_one_by_one_from_a_parameter_do(stack: cdk.Stack, make: MakeDatabase) -> None:
    ids = cdk.CfnParameter(stack, "SubnetIds", type="List<AWS::EC2::Subnet::Id>").value_as_list
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-12345678",
        availability_zones=[cdk.Fn.select(number, cdk.Fn.get_azs()) for number in range(2)],
        isolated_subnet_ids=[cdk.Fn.select(number, ids) for number in range(2)],
    )
    make(vpc=vpc, read_replicas=1)
    chosen = [{"Fn::Select": [number, {"Ref": "SubnetIds"}]} for number in range(2)]
    Template.from_stack(stack).has_resource_properties("AWS::RDS::DBSubnetGroup", {"SubnetIds": chosen})
