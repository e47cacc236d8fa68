import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.rds.database import Database
from pavedroad.database.rds.monitoring import DatabaseMonitoring
from pavedroad.database.rds.recovery import DatabaseRecovery
from pavedroad.database.rds.storage import DatabaseStorage

INSTANCE = "AWS::RDS::DBInstance"
ORDERS_KEY = {"Fn::GetAtt": ["OrdersKey6C690DD2", "Arn"]}
# The last part of the stack's id, which no other stack has.
UNIQUE = {"Fn::Select": [4, {"Fn::Split": ["-", {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}]}]}
TLS = {"postgres": "rds.force_ssl", "mysql": "require_secure_transport", "mariadb": "require_secure_transport"}
PORTS = {"postgres": "15432", "mysql": "13306", "mariadb": "13306"}
LOGS = {
    "postgres": ["postgresql", "upgrade", "iam-db-auth-error"],
    "mysql": ["audit", "error", "general", "slowquery", "iam-db-auth-error"],
    "mariadb": ["audit", "error", "general", "slowquery", "iam-db-auth-error"],
}

MakeDatabase = Callable[..., Database]
PackFindings = Callable[[cdk.Stack], list[str]]


def properties_of_instance(stack: cdk.Stack) -> dict[str, Any]:
    (instance,) = Template.from_stack(stack).find_resources(INSTANCE).values()
    properties: dict[str, Any] = instance["Properties"]
    return properties


def test_the_default_of_every_engine_is_hardened(
    stack: cdk.Stack, make: MakeDatabase, engine: rds.IInstanceEngine
) -> None:
    make(engine=engine)
    name = engine.engine_type
    Template.from_stack(stack).has_resource(
        INSTANCE,
        {
            "DeletionPolicy": "Snapshot",
            "UpdateReplacePolicy": "Snapshot",
            "Properties": {
                "AllocatedStorage": "100",
                "AutoMinorVersionUpgrade": True,
                "BackupRetentionPeriod": 35,
                "CopyTagsToSnapshot": True,
                "DatabaseInsightsMode": "standard",
                "DBInstanceClass": "db.m7g.large",
                "DeleteAutomatedBackups": False,
                "DeletionProtection": True,
                "EnableCloudwatchLogsExports": LOGS[name],
                "EnableIAMDatabaseAuthentication": True,
                "EnablePerformanceInsights": True,
                "Engine": name,
                "KmsKeyId": ORDERS_KEY,
                "ManageMasterUserPassword": True,
                "MasterUsername": "dbadmin",
                "MasterUserPassword": Match.absent(),
                "MasterUserSecret": {"KmsKeyId": ORDERS_KEY},
                "MaxAllocatedStorage": 1000,
                "MonitoringInterval": 60,
                "MonitoringRoleArn": Match.any_value(),
                "MultiAZ": True,
                "PerformanceInsightsKMSKeyId": ORDERS_KEY,
                "Port": PORTS[name],
                "PubliclyAccessible": False,
                "StorageEncrypted": True,
                "StorageType": "gp3",
            },
        },
    )


def test_every_engine_forces_tls(stack: cdk.Stack, make: MakeDatabase, engine: rds.IInstanceEngine) -> None:
    database = make(engine=engine)
    group = {TLS[engine.engine_type]: "1"}
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::RDS::DBParameterGroup", {"Parameters": Match.object_like(group)})
    assert properties_of_instance(stack)["DBParameterGroupName"] == stack.resolve(
        database.parameter_group.bind_to_instance().parameter_group_name
    )


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"read_replicas": 2, "monitoring": DatabaseMonitoring(insights=rds.DatabaseInsightsMode.ADVANCED)},
        {"snapshot_identifier": "arn:aws:rds:eu-west-1:111111111111:snapshot:orders"},
        {"removal_policy": RemovalPolicy.RETAIN},
    ],
    ids=["default", "replicas", "snapshot", "retain"],
)
def test_packs_find_nothing(
    stack: cdk.Stack,
    make: MakeDatabase,
    *,
    engine: rds.IInstanceEngine,
    topic: sns.Topic,
    options: dict[str, Any],
    pack_findings: PackFindings,
) -> None:
    database = make(engine=engine, **{"monitoring": DatabaseMonitoring(event_topic=topic), **options})
    database.add_alarms(topic)
    database.add_proxy()
    assert pack_findings(stack) == []


def test_no_standby_is_a_finding_that_nobody_acknowledged(
    stack: cdk.Stack, make: MakeDatabase, pack_findings: PackFindings
) -> None:
    make(recovery=DatabaseRecovery(multi_az=False))
    assert pack_findings(stack) == [
        "AwsSolutions-RDS3: Stack/Orders/Resource/Resource",
        "NIST.800.53.R5-RDSMultiAZSupport: Stack/Orders/Resource/Resource",
    ]


def test_logs_are_encrypted_and_stand_before_the_instance(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(log_retention=cdk.aws_logs.RetentionDays.FIVE_YEARS)
    template = Template.from_stack(stack)
    log_groups = template.find_resources("AWS::Logs::LogGroup")
    (instance,) = template.find_resources(INSTANCE).values()
    assert set(instance["DependsOn"]) == set(log_groups)
    assert len(log_groups) == 3
    name = {"Fn::Join": ["", ["/aws/rds/instance/orders-", UNIQUE, "/postgresql"]]}
    template.has_resource_properties(
        "AWS::Logs::LogGroup", {"LogGroupName": name, "KmsKeyId": ORDERS_KEY, "RetentionInDays": 1827}
    )
    assert instance["Properties"]["DBInstanceIdentifier"] == {"Fn::Join": ["", ["orders-", UNIQUE]]}


def test_mysql_and_mariadb_audit_connections_schema_and_rights(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(engine=rds.DatabaseInstanceEngine.mysql(version=rds.MysqlEngineVersion.VER_8_4_7))
    events = {"Name": "SERVER_AUDIT_EVENTS", "Value": "CONNECT,QUERY_DDL,QUERY_DCL"}
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::RDS::OptionGroup",
        {"OptionConfigurations": [{"OptionName": "MARIADB_AUDIT_PLUGIN", "OptionSettings": [events]}]},
    )
    template.has_resource_properties(INSTANCE, {"OptionGroupName": Match.any_value()})


def test_network_admits_nobody_until_asked(stack: cdk.Stack, make: MakeDatabase) -> None:
    make()
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::SecurityGroupIngress", 0)
    template.has_resource_properties("AWS::EC2::SecurityGroup", {"SecurityGroupIngress": Match.absent()})


def test_admits_whom_it_is_asked_to_on_its_port(stack: cdk.Stack, vpc: ec2.Vpc, make: MakeDatabase) -> None:
    client = ec2.SecurityGroup(stack, "Client", vpc=vpc, allow_all_outbound=False)
    make().connections.allow_default_port_from(client, "Orders service")
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroupIngress", {"FromPort": 15432, "ToPort": 15432, "Description": "Orders service"}
    )


def test_other_constructs_connect_to_it_as_to_any_connectable(
    stack: cdk.Stack, vpc: ec2.Vpc, make: MakeDatabase
) -> None:
    client = ec2.SecurityGroup(stack, "Client", vpc=vpc, allow_all_outbound=False)
    client.connections.allow_to_default_port(make())
    Template.from_stack(stack).has_resource_properties("AWS::EC2::SecurityGroupEgress", {"FromPort": 15432})


def test_enhanced_monitoring_acts_for_this_account_only(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(monitoring=DatabaseMonitoring(interval=Duration.seconds(15)))
    own_account = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Statement": [Match.object_like({"Condition": own_account})]}}
    )
    template.has_resource_properties(INSTANCE, {"MonitoringInterval": 15})


def test_advanced_insights_keep_fifteen_months(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(monitoring=DatabaseMonitoring(insights=rds.DatabaseInsightsMode.ADVANCED))
    properties = properties_of_instance(stack)
    assert (properties["DatabaseInsightsMode"], properties["PerformanceInsightsRetentionPeriod"]) == ("advanced", 465)


def test_takes_what_it_is_given(stack: cdk.Stack, make: MakeDatabase) -> None:
    key = kms.Key(stack, "Key")
    make(
        administrator_name="keeper",
        storage=DatabaseStorage(allocated_storage=40, max_allocated_storage=60),
        recovery=DatabaseRecovery(backup_retention=Duration.days(10), backup_window="02:00-03:00"),
        database_name="orders",
        encryption_key=key,
        instance_identifier="orders-production",
        instance_type=ec2.InstanceType("r7g.xlarge"),
        maintenance_window="sun:04:00-sun:05:00",
        parameters={"work_mem": "65536"},
        port=6000,
    )
    properties = properties_of_instance(stack)
    wanted = {
        "AllocatedStorage": "40",
        "BackupRetentionPeriod": 10,
        "DBInstanceClass": "db.r7g.xlarge",
        "DBInstanceIdentifier": "orders-production",
        "DBName": "orders",
        "KmsKeyId": stack.resolve(key.key_arn),
        "MasterUsername": "keeper",
        "MaxAllocatedStorage": 60,
        "Port": "6000",
        "PreferredBackupWindow": "02:00-03:00",
        "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
    }
    assert {name: properties[name] for name in wanted} == wanted
    Template.from_stack(stack).has_resource_properties(
        "AWS::RDS::DBParameterGroup", {"Parameters": {"work_mem": "65536", "rds.force_ssl": "1"}}
    )


def test_restored_from_a_snapshot_it_leaves_out_what_the_snapshot_brings(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(snapshot_identifier="orders-final")
    properties = properties_of_instance(stack)
    assert properties["DBSnapshotIdentifier"] == "orders-final"
    assert properties["StorageEncrypted"] is True
    assert properties["ManageMasterUserPassword"] is True
    assert properties.keys().isdisjoint({"DBName", "KmsKeyId", "MasterUsername", "MasterUserPassword"})


def test_a_kept_instance_keeps_what_it_uses(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(removal_policy=RemovalPolicy.RETAIN)
    template = Template.from_stack(stack)
    for kind in (INSTANCE, "AWS::RDS::DBSubnetGroup", "AWS::RDS::DBParameterGroup", "AWS::EC2::SecurityGroup"):
        template.all_resources(kind, {"DeletionPolicy": "Retain"})


@pytest.mark.parametrize(
    ("argument", "value", "warning", "text"),
    [
        (
            "recovery",
            DatabaseRecovery(multi_az=False),
            "single-az",
            "This database has no standby: with its zone it is lost for hours.",
        ),
        ("deletion_protection", False, "no-deletion-protection", "This database can be deleted by one call."),
        (
            "removal_policy",
            RemovalPolicy.DESTROY,
            "no-final-snapshot",
            "No snapshot is taken when this database is removed.",
        ),
        ("iam_authentication", False, "no-iam-authentication", "This database is logged in to with passwords only."),
        (
            "monitoring",
            DatabaseMonitoring(insights=None),
            "no-insights",
            "Nobody will see which statements load this database.",
        ),
        ("port", 5432, "default-port", "This database listens on the port that scanners try first."),
    ],
)
def test_a_weakened_default_leaves_its_warning(
    stack: cdk.Stack, make: MakeDatabase, *, argument: str, value: object, warning: str, text: str
) -> None:
    make(**{argument: value})
    Annotations.from_stack(stack).has_warning("/Stack/Orders", f"{text} [ack: pavedroad:database-{warning}]")


def test_the_default_leaves_no_warning(stack: cdk.Stack, make: MakeDatabase) -> None:
    make()
    assert Annotations.from_stack(stack).find_warning("*", Match.any_value()) == []


def undo_encryption(instance: rds.CfnDBInstance, _: rds.CfnDBParameterGroup) -> None:
    instance.storage_encrypted = False


def undo_key(instance: rds.CfnDBInstance, _: rds.CfnDBParameterGroup) -> None:
    instance.kms_key_id = None


def open_to_the_internet(instance: rds.CfnDBInstance, _: rds.CfnDBParameterGroup) -> None:
    instance.publicly_accessible = True


def take_another_group(instance: rds.CfnDBInstance, _: rds.CfnDBParameterGroup) -> None:
    instance.db_parameter_group_name = "default.postgres17"


def undo_tls(_: rds.CfnDBInstance, group: rds.CfnDBParameterGroup) -> None:
    group.parameters = {"rds.force_ssl": "0"}


@pytest.mark.parametrize(
    ("weaken", "promise"),
    [
        (
            undo_encryption,
            "Database encrypts its storage; StorageEncrypted or KmsKeyId of Stack/Orders/Resource/Resource was",
        ),
        (
            undo_key,
            "Database encrypts its storage; StorageEncrypted or KmsKeyId of Stack/Orders/Resource/Resource was removed",
        ),
        (
            open_to_the_internet,
            "Database has no public address; PubliclyAccessible of Stack/Orders/Resource/Resource was",
        ),
        (take_another_group, "or the parameter group of Stack/Orders/Resource/Resource was changed"),
        (undo_tls, "Database refuses connections without TLS; rds.force_ssl or the parameter group"),
    ],
)
def test_what_cannot_be_weakened_stops_the_synthesis(
    stack: cdk.Stack,
    make: MakeDatabase,
    weaken: Callable[[rds.CfnDBInstance, rds.CfnDBParameterGroup], None],
    promise: str,
) -> None:
    database = make()
    instance, group = database.instance.node.default_child, database.parameter_group.node.default_child
    assert isinstance(instance, rds.CfnDBInstance)
    assert isinstance(group, rds.CfnDBParameterGroup)
    weaken(instance, group)
    with pytest.raises(RuntimeError, match=promise):
        Template.from_stack(stack)


def test_a_replica_cannot_be_opened_either(stack: cdk.Stack, make: MakeDatabase) -> None:
    replica = make(read_replicas=1).read_replicas[0].node.default_child
    assert isinstance(replica, rds.CfnDBInstance)
    replica.publicly_accessible = True
    with pytest.raises(RuntimeError, match="PubliclyAccessible of Stack/Orders/ReadReplica1/Resource was changed"):
        Template.from_stack(stack)


def test_all_that_is_wrong_is_told_at_once(make: MakeDatabase) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(
            administrator_name="postgres",
            storage=DatabaseStorage(allocated_storage=10),
            recovery=DatabaseRecovery(backup_retention=Duration.days(3)),
            port=80,
            read_replicas=16,
            parameters={"rds.force_ssl": "0"},
        )
    assert str(error.value) == (
        "Database 'Stack/Orders': "
        "administrator_name='postgres': is reserved or the name that is tried first (RDS.25); choose another; "
        "parameters={'rds.force_ssl': '0'}: cannot be given: every connection is encrypted; "
        "storage.allocated_storage=10: must be from 20 to 65536; "
        "recovery.backup_retention='3 days': must be from 7 (RDS.11) to 35 whole days; "
        "port=80: must be from 1150 to 65535; "
        "read_replicas=16: must be from 0 to 15"
    )


def test_grant_connect_is_for_one_user_of_this_instance_and_its_replicas(stack: cdk.Stack, make: MakeDatabase) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    make(read_replicas=1).grant_connect(role, user="orders_service")
    prefix = ["arn:", {"Ref": "AWS::Partition"}, ":rds-db:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}]
    resources = [
        {"Fn::Join": ["", [*prefix, ":dbuser:", {"Fn::GetAtt": [logical_id, "DbiResourceId"]}, "/orders_service"]]}
        for logical_id in ("Orders2A43276C", "OrdersReadReplica1935BF897")
    ]
    statement = {"Action": "rds-db:connect", "Effect": "Allow", "Resource": resources}
    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Policy", {"PolicyDocument": {"Statement": [statement]}}
    )


def test_grant_connect_needs_iam_authentication(stack: cdk.Stack, make: MakeDatabase) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    message = "user='orders': cannot log in with IAM: iam_authentication is off; see grant_read_secret"
    with pytest.raises(InvalidArgumentsError, match=message):
        make(iam_authentication=False).grant_connect(role, user="orders")


def test_grant_read_secret_includes_the_key(stack: cdk.Stack, make: MakeDatabase) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    make().grant_read_secret(role)
    secret = {"Fn::GetAtt": ["Orders2A43276C", "MasterUserSecret.SecretArn"]}
    template = Template.from_stack(stack)
    read = {"Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], "Resource": secret}
    template.has_resource_properties(
        "AWS::IAM::Policy", {"PolicyDocument": {"Statement": Match.array_with([Match.object_like(read)])}}
    )
    decrypt = {"Action": "kms:Decrypt", "Principal": {"AWS": stack.resolve(role.role_arn)}}
    template.has_resource_properties(
        "AWS::KMS::Key", {"KeyPolicy": {"Statement": Match.array_with([Match.object_like(decrypt)])}}
    )


def test_metrics_are_of_the_instance(stack: cdk.Stack, make: MakeDatabase) -> None:
    database = make()
    metrics = (
        database.metric_cpu_utilization(),
        database.metric_database_connections(),
        database.metric_free_storage_space(statistic="Minimum"),
        database.metric_freeable_memory(period=Duration.minutes(1)),
        database.metric("ReadLatency"),
    )
    assert [metric.metric_name for metric in metrics] == [
        "CPUUtilization",
        "DatabaseConnections",
        "FreeStorageSpace",
        "FreeableMemory",
        "ReadLatency",
    ]
    assert {stack.resolve(metric.dimensions)["DBInstanceIdentifier"]["Ref"] for metric in metrics} == {"Orders2A43276C"}
    assert (metrics[2].statistic, metrics[3].period.to_minutes()) == ("Minimum", 1)


def test_endpoint_and_secret_are_of_the_instance(stack: cdk.Stack, make: MakeDatabase) -> None:
    database = make()
    assert stack.resolve(database.endpoint.hostname) == {"Fn::GetAtt": ["Orders2A43276C", "Endpoint.Address"]}
    assert stack.resolve(database.secret.secret_arn) == {"Fn::GetAtt": ["Orders2A43276C", "MasterUserSecret.SecretArn"]}


def test_logical_ids_are_a_contract(stack: cdk.Stack, make: MakeDatabase) -> None:
    make()
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {
        "Orders2A43276C",
        "OrdersIamDbAuthErrorLog773F0E94",
        "OrdersKey6C690DD2",
        "OrdersMonitoringRoleA4855900",
        "OrdersParameterGroup6F967BFE",
        "OrdersPostgresqlLog1FBA650D",
        "OrdersSecurityGroup2E5456CF",
        "OrdersSubnetGroup60D14C2A",
        "OrdersUpgradeLog6D47DF65",
    }


class OrdersProduct(servicecatalog.ProductStack):
    """What a product team launches: everything that it may choose is a CloudFormation parameter."""

    def __init__(self, scope: cdk.Stack, construct_id: str, engine: rds.IInstanceEngine) -> None:
        super().__init__(scope, construct_id)
        network = cdk.CfnParameter(self, "VpcId", type="AWS::EC2::VPC::Id")
        subnets = cdk.CfnParameter(self, "SubnetIds", type="List<AWS::EC2::Subnet::Id>")
        instance_class = cdk.CfnParameter(self, "InstanceClass", default="m7g.large")
        storage = cdk.CfnParameter(self, "Storage", type="Number", default=100)
        window = cdk.CfnParameter(self, "BackupWindow", default="02:00-03:00")
        name = cdk.CfnParameter(self, "DatabaseName", default="orders")
        self.database = Database(
            self,
            "Database",
            engine=engine,
            vpc=ec2.Vpc.from_vpc_attributes(
                self,
                "Vpc",
                vpc_id=network.value_as_string,
                availability_zones=cdk.Fn.get_azs(),
                isolated_subnet_ids=subnets.value_as_list,
            ),
            instance_type=ec2.InstanceType(instance_class.value_as_string),
            storage=DatabaseStorage(allocated_storage=storage.value_as_number),
            recovery=DatabaseRecovery(backup_window=window.value_as_string),
            database_name=name.value_as_string,
        )


def test_in_a_product_the_parameters_reach_the_instance(
    app: cdk.App, stack: cdk.Stack, engine: rds.IInstanceEngine, pack_findings: PackFindings
) -> None:
    product = OrdersProduct(stack, "Product", engine)
    servicecatalog.CloudFormationProduct(
        stack,
        "CloudFormationProduct",
        product_name="Database",
        owner="Platform",
        product_versions=[
            servicecatalog.CloudFormationProductVersion(
                cloud_formation_template=servicecatalog.CloudFormationTemplate.from_product_stack(product)
            )
        ],
    )
    assembly = app.synth()
    template = json.loads((Path(assembly.directory) / product.template_file).read_text())
    (instance,) = [each["Properties"] for each in template["Resources"].values() if each["Type"] == INSTANCE]
    (subnet_group,) = [each for each in template["Resources"].values() if each["Type"] == "AWS::RDS::DBSubnetGroup"]
    assert instance["AllocatedStorage"] == {"Ref": "Storage"}
    assert instance["MaxAllocatedStorage"] == 65536
    assert instance["DBInstanceClass"] == {"Fn::Join": ["", ["db.", {"Ref": "InstanceClass"}]]}
    assert instance["PreferredBackupWindow"] == {"Ref": "BackupWindow"}
    assert instance["DBName"] == {"Ref": "DatabaseName"}
    assert instance["DBInstanceIdentifier"] == {"Fn::Join": ["", ["database-", UNIQUE]]}
    assert subnet_group["Properties"]["SubnetIds"] == {"Ref": "SubnetIds"}
    assert set(template.get("Parameters", {})) == {
        "BackupWindow",
        "DatabaseName",
        "InstanceClass",
        "Storage",
        "SubnetIds",
        "VpcId",
    }
    assert "Transform" not in template
    assert pack_findings(product) == []
