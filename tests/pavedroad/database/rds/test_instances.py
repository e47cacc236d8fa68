from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import RemovalPolicy
from aws_cdk import aws_rds as rds
from aws_cdk.assertions import Match, Template
from constructs import Construct

from pavedroad.database.identifiers import unique_identifier
from pavedroad.database.rds.database import Database

MakeDatabase = Callable[..., Database]
REPLICA = {"SourceDBInstanceIdentifier": Match.any_value()}


def test_a_replica_is_as_hardened_as_its_source(
    stack: cdk.Stack, make: MakeDatabase, engine: rds.IInstanceEngine
) -> None:
    database = make(engine=engine, read_replicas=1, instance_identifier="orders")
    key = stack.resolve(database.encryption_key.key_arn)
    template = Template.from_stack(stack)
    template.has_resource(
        "AWS::RDS::DBInstance",
        {
            "DeletionPolicy": "Delete",
            "Properties": {
                **REPLICA,
                "AutoMinorVersionUpgrade": True,
                "CopyTagsToSnapshot": True,
                "DBInstanceIdentifier": "orders-replica-1",
                "DBParameterGroupName": {"Ref": "OrdersParameterGroup6F967BFE"},
                "DeletionProtection": True,
                "EnableCloudwatchLogsExports": list(database.log_groups),
                "EnableIAMDatabaseAuthentication": True,
                "EnablePerformanceInsights": True,
                "KmsKeyId": Match.absent(),
                "MonitoringInterval": 60,
                "PerformanceInsightsKMSKeyId": key,
                "PubliclyAccessible": False,
                # CloudFormation refuses it: a replica is encrypted as its source is.
                "StorageEncrypted": Match.absent(),
            },
        },
    )
    template.has_resource_properties(
        "AWS::Logs::LogGroup",
        {"LogGroupName": "/aws/rds/instance/orders-replica-1/iam-db-auth-error", "KmsKeyId": key},
    )


def test_replicas_are_spread_over_the_zones(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(read_replicas=3)
    replicas = Template.from_stack(stack).find_resources("AWS::RDS::DBInstance", {"Properties": REPLICA})
    zones = [replicas[name]["Properties"]["AvailabilityZone"]["Fn::Select"][0] for name in sorted(replicas)]
    assert sorted(zones) == [0, 1, 1]


def test_a_kept_database_keeps_its_replicas(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(read_replicas=1, removal_policy=RemovalPolicy.RETAIN)
    Template.from_stack(stack).all_resources("AWS::RDS::DBInstance", {"DeletionPolicy": "Retain"})


def test_names_are_of_the_path_in_the_stack_as_rds_accepts_it(stack: cdk.Stack) -> None:
    def name_of(*path: str) -> str:
        scope: Construct = stack
        for part in path:
            scope = Construct(scope, part)
        joined: str = stack.resolve(unique_identifier(scope))["Fn::Join"][1][0]
        return joined

    assert name_of("Shop", "Orders_Database") == "shop-orders-database-"
    assert name_of("2ndDatabase") == "nddatabase-"
    assert name_of("42") == "database-"
    assert name_of("A" * 60) == f"{'a' * 39}-"
