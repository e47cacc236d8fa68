from collections.abc import Callable
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
from pavedroad.database.aurora.aurora_cluster import AuroraCluster
from pavedroad.database.aurora.capacity import AuroraReaderScaling, AuroraServerlessCapacity
from pavedroad.database.aurora.global_cluster import AuroraGlobalCluster
from pavedroad.database.aurora.recovery import AuroraRecovery
from pavedroad.database.rds.monitoring import DatabaseMonitoring

CLUSTER = "AWS::RDS::DBCluster"
INSTANCE = "AWS::RDS::DBInstance"
ORDERS_KEY = {"Fn::GetAtt": ["OrdersKey6C690DD2", "Arn"]}
# The last part of the stack's id, which no other stack has.
UNIQUE = {"Fn::Select": [4, {"Fn::Split": ["-", {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}]}]}
PORTS = {"aurora-postgresql": 15432, "aurora-mysql": 13306}
TLS = {"aurora-postgresql": {"rds.force_ssl": "1"}, "aurora-mysql": {"require_secure_transport": "ON"}}
LOGS = {
    "aurora-postgresql": ["postgresql", "iam-db-auth-error"],
    "aurora-mysql": ["audit", "error", "general", "slowquery", "iam-db-auth-error"],
}

MakeCluster = Callable[..., AuroraCluster]
PackFindings = Callable[[cdk.Stack], list[str]]


def properties_of_cluster(stack: cdk.Stack) -> dict[str, Any]:
    (cluster,) = Template.from_stack(stack).find_resources(CLUSTER).values()
    properties: dict[str, Any] = cluster["Properties"]
    return properties


def instances(stack: cdk.Stack) -> list[dict[str, Any]]:
    return [each["Properties"] for each in Template.from_stack(stack).find_resources(INSTANCE).values()]


def test_the_default_of_every_engine_is_hardened(
    stack: cdk.Stack, make: MakeCluster, engine: rds.IClusterEngine
) -> None:
    make(engine=engine)
    name = engine.engine_type
    Template.from_stack(stack).has_resource(
        CLUSTER,
        {
            "DeletionPolicy": "Snapshot",
            "UpdateReplacePolicy": "Snapshot",
            "Properties": {
                "AutoMinorVersionUpgrade": True,
                "BackupRetentionPeriod": 35,
                "CopyTagsToSnapshot": True,
                "DatabaseInsightsMode": "standard",
                "DBClusterIdentifier": {"Fn::Join": ["", ["orders-", UNIQUE]]},
                "DeleteAutomatedBackups": False,
                "DeletionProtection": True,
                "EnableCloudwatchLogsExports": LOGS[name],
                "EnableIAMDatabaseAuthentication": True,
                "Engine": name,
                "KmsKeyId": ORDERS_KEY,
                "ManageMasterUserPassword": True,
                "MasterUsername": "dbadmin",
                "MasterUserPassword": Match.absent(),
                "MasterUserSecret": {"KmsKeyId": ORDERS_KEY},
                "PerformanceInsightsEnabled": True,
                "PerformanceInsightsKmsKeyId": ORDERS_KEY,
                "Port": PORTS[name],
                "ServerlessV2ScalingConfiguration": {"MinCapacity": 1, "MaxCapacity": 16},
                "StorageEncrypted": True,
            },
        },
    )


def test_every_engine_forces_tls(stack: cdk.Stack, make: MakeCluster, engine: rds.IClusterEngine) -> None:
    make(engine=engine)
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::RDS::DBClusterParameterGroup", {"Parameters": Match.object_like(TLS[engine.engine_type])}
    )
    (group,) = template.find_resources("AWS::RDS::DBClusterParameterGroup")
    assert properties_of_cluster(stack)["DBClusterParameterGroupName"] == {"Ref": group}


def test_mysql_audits_connections_schema_and_rights(
    stack: cdk.Stack, make: MakeCluster, mysql: rds.IClusterEngine
) -> None:
    make(engine=mysql)
    audit = {"server_audit_logging": "1", "server_audit_events": "CONNECT,QUERY_DDL,QUERY_DCL"}
    Template.from_stack(stack).has_resource_properties(
        "AWS::RDS::DBClusterParameterGroup", {"Parameters": Match.object_like(audit)}
    )


def test_writer_and_reader_stand_in_different_zones_and_are_watched(
    stack: cdk.Stack, vpc: ec2.Vpc, make: MakeCluster
) -> None:
    make(monitoring=DatabaseMonitoring(interval=Duration.seconds(15)))
    writer, reader = instances(stack)
    zones = [stack.resolve(subnet.availability_zone) for subnet in vpc.isolated_subnets]
    assert [writer["AvailabilityZone"], reader["AvailabilityZone"]] == zones
    assert (writer["PromotionTier"], reader["PromotionTier"]) == (0, 1)
    for instance in (writer, reader):
        expected = {
            "AutoMinorVersionUpgrade": True,
            "DBInstanceClass": "db.serverless",
            "EnablePerformanceInsights": True,
            "MonitoringInterval": 15,
            "PerformanceInsightsKMSKeyId": ORDERS_KEY,
            "PubliclyAccessible": False,
        }
        assert {name: instance[name] for name in expected} == expected


def test_instances_of_a_class_have_no_capacity_units(stack: cdk.Stack, make: MakeCluster) -> None:
    make(instance_type=ec2.InstanceType("r7g.xlarge"), readers=2)
    assert [each["DBInstanceClass"] for each in instances(stack)] == ["db.r7g.xlarge"] * 3
    assert [each["PromotionTier"] for each in instances(stack)] == [0, 1, 2]
    assert "ServerlessV2ScalingConfiguration" not in properties_of_cluster(stack)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {
            "readers": 3,
            "instance_type": ec2.InstanceType("r7g.large"),
            "reader_scaling": AuroraReaderScaling(maximum=5),
        },
        {"snapshot_identifier": "arn:aws:rds:eu-west-1:111111111111:cluster-snapshot:orders"},
        {"removal_policy": RemovalPolicy.RETAIN},
        {"global_cluster": AuroraGlobalCluster(identifier="orders")},
        {"global_cluster": AuroraGlobalCluster(identifier="orders", primary_region="eu-west-1")},
    ],
    ids=["default", "readers", "snapshot", "retain", "primary", "secondary"],
)
def test_packs_find_nothing(
    stack: cdk.Stack,
    make: MakeCluster,
    *,
    engine: rds.IClusterEngine,
    topic: sns.Topic,
    options: dict[str, Any],
    pack_findings: PackFindings,
) -> None:
    cluster = make(engine=engine, **{"monitoring": DatabaseMonitoring(event_topic=topic), **options})
    cluster.add_alarms(topic)
    if cluster.secret is not None:
        cluster.add_proxy()
    assert pack_findings(stack) == []


def test_logs_are_encrypted_and_stand_before_the_cluster(stack: cdk.Stack, make: MakeCluster) -> None:
    make(log_retention=cdk.aws_logs.RetentionDays.FIVE_YEARS)
    template = Template.from_stack(stack)
    log_groups = template.find_resources("AWS::Logs::LogGroup")
    (cluster,) = template.find_resources(CLUSTER).values()
    assert set(cluster["DependsOn"]) == set(log_groups)
    assert len(log_groups) == 2
    name = {"Fn::Join": ["", ["/aws/rds/cluster/orders-", UNIQUE, "/postgresql"]]}
    template.has_resource_properties(
        "AWS::Logs::LogGroup", {"LogGroupName": name, "KmsKeyId": ORDERS_KEY, "RetentionInDays": 1827}
    )


def test_network_admits_nobody_until_asked(stack: cdk.Stack, make: MakeCluster) -> None:
    make()
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::SecurityGroupIngress", 0)
    template.has_resource_properties("AWS::EC2::SecurityGroup", {"SecurityGroupIngress": Match.absent()})


def test_admits_whom_it_is_asked_to_on_its_port(stack: cdk.Stack, vpc: ec2.Vpc, make: MakeCluster) -> None:
    cluster = make()
    client = ec2.SecurityGroup(stack, "Client", vpc=vpc, allow_all_outbound=False)
    client.connections.allow_to_default_port(cluster)
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroupIngress", {"FromPort": 15432, "ToPort": 15432}
    )


def test_the_version_may_be_a_parameter(stack: cdk.Stack, make: MakeCluster) -> None:
    version = cdk.CfnParameter(stack, "Version").value_as_string
    major = cdk.Fn.select(0, cdk.Fn.split(".", version))
    make(engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.of(version, major)))
    assert properties_of_cluster(stack)["EngineVersion"] == {"Ref": "Version"}


def test_takes_what_it_is_given(stack: cdk.Stack, make: MakeCluster) -> None:
    key = kms.Key(stack, "Key")
    make(
        administrator_name="keeper",
        recovery=AuroraRecovery(backup_retention=Duration.days(10), backup_window="02:00-03:00"),
        database_name="orders",
        encryption_key=key,
        cluster_identifier="orders-production",
        maintenance_window="sun:04:00-sun:05:00",
        parameters={"work_mem": "65536"},
        port=6000,
        serverless=AuroraServerlessCapacity(minimum=0.5, maximum=4),
    )
    properties = properties_of_cluster(stack)
    wanted = {
        "BackupRetentionPeriod": 10,
        "DBClusterIdentifier": "orders-production",
        "DatabaseName": "orders",
        "KmsKeyId": stack.resolve(key.key_arn),
        "MasterUsername": "keeper",
        "Port": 6000,
        "PreferredBackupWindow": "02:00-03:00",
        "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
        "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 4},
    }
    assert {name: properties[name] for name in wanted} == wanted
    assert {each["PreferredMaintenanceWindow"] for each in instances(stack)} == {"sun:04:00-sun:05:00"}
    Template.from_stack(stack).has_resource_properties(
        "AWS::RDS::DBClusterParameterGroup",
        {"Parameters": Match.object_like({"work_mem": "65536", "rds.force_ssl": "1"})},
    )


def test_restored_from_a_snapshot_it_leaves_out_what_the_snapshot_brings(stack: cdk.Stack, make: MakeCluster) -> None:
    make(snapshot_identifier="orders-final")
    properties = properties_of_cluster(stack)
    assert properties["SnapshotIdentifier"] == "orders-final"
    assert (properties["StorageEncrypted"], properties["KmsKeyId"]) == (True, ORDERS_KEY)
    assert properties["ManageMasterUserPassword"] is True
    assert properties.keys().isdisjoint({"DatabaseName", "MasterUsername", "MasterUserPassword"})


def test_a_kept_cluster_keeps_what_it_uses(stack: cdk.Stack, make: MakeCluster) -> None:
    make(removal_policy=RemovalPolicy.RETAIN)
    template = Template.from_stack(stack)
    for kind in (
        CLUSTER,
        INSTANCE,
        "AWS::RDS::DBSubnetGroup",
        "AWS::RDS::DBClusterParameterGroup",
        "AWS::EC2::SecurityGroup",
    ):
        template.all_resources(kind, {"DeletionPolicy": "Retain"})


@pytest.mark.parametrize(
    ("argument", "value", "warning"),
    [
        ("readers", 0, "single-instance"),
        ("deletion_protection", False, "no-deletion-protection"),
        ("removal_policy", RemovalPolicy.DESTROY, "no-final-snapshot"),
        ("iam_authentication", False, "no-iam-authentication"),
        ("monitoring", DatabaseMonitoring(insights=None), "no-insights"),
        ("port", 5432, "default-port"),
    ],
)
def test_a_weakened_default_leaves_its_warning(
    stack: cdk.Stack, make: MakeCluster, *, argument: str, value: object, warning: str
) -> None:
    make(**{argument: value})
    found = Annotations.from_stack(stack).find_warning("/Stack/Orders", Match.any_value())
    assert [str(each.entry.data).partition(" [ack: ")[2] for each in found] == [f"pavedroad:aurora-cluster-{warning}]"]


def test_the_default_leaves_no_warning(stack: cdk.Stack, make: MakeCluster, engine: rds.IClusterEngine) -> None:
    make(engine=engine, readers=3)
    assert Annotations.from_stack(stack).find_warning("*", Match.any_value()) == []


def undo_encryption(cluster: AuroraCluster) -> None:
    resource(cluster).storage_encrypted = False


def undo_key(cluster: AuroraCluster) -> None:
    resource(cluster).kms_key_id = None


def open_to_the_internet(cluster: AuroraCluster) -> None:
    cluster.instances[1].publicly_accessible = True


def take_another_group(cluster: AuroraCluster) -> None:
    resource(cluster).db_cluster_parameter_group_name = "default.aurora-postgresql17"


def undo_tls(cluster: AuroraCluster) -> None:
    group = cluster.parameter_group.node.default_child
    assert isinstance(group, rds.CfnDBClusterParameterGroup)
    group.parameters = {"rds.force_ssl": "0"}


def resource(cluster: AuroraCluster) -> rds.CfnDBCluster:
    found = cluster.cluster.node.default_child
    assert isinstance(found, rds.CfnDBCluster)
    return found


@pytest.mark.parametrize(
    ("weaken", "promise"),
    [
        (undo_encryption, "AuroraCluster encrypts its storage; StorageEncrypted or KmsKeyId of"),
        (undo_key, "AuroraCluster encrypts its storage; StorageEncrypted or KmsKeyId of"),
        (
            open_to_the_internet,
            "AuroraCluster has no public address; PubliclyAccessible of Stack/Orders",
        ),
        (take_another_group, "or the parameter group of Stack/Orders/Resource/Resource was changed"),
        (undo_tls, "AuroraCluster refuses connections without TLS; rds.force_ssl or the parameter group"),
    ],
)
def test_what_cannot_be_weakened_stops_the_synthesis(
    stack: cdk.Stack, make: MakeCluster, weaken: Callable[[AuroraCluster], None], promise: str
) -> None:
    weaken(make())
    with pytest.raises(RuntimeError, match=promise):
        Template.from_stack(stack)


def test_all_that_is_wrong_is_told_at_once(make: MakeCluster) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(
            administrator_name="postgres",
            cluster_identifier="Orders",
            recovery=AuroraRecovery(backup_retention=Duration.days(3)),
            port=80,
            readers=16,
            parameters={"rds.force_ssl": "0"},
        )
    assert str(error.value) == (
        "AuroraCluster 'Stack/Orders': "
        "administrator_name='postgres': is reserved or the name that is tried first (RDS.25); choose another; "
        "parameters={'rds.force_ssl': '0'}: cannot be given: every connection is encrypted; "
        "cluster_identifier='Orders': must be 1 to 52 lower-case letters, digits or single hyphens, a letter first; "
        "recovery.backup_retention='3 days': must be from 7 (RDS.11) to 35 whole days; "
        "port=80: must be from 1150 to 65535; "
        "readers=16: must be from 0 to 15"
    )


@pytest.mark.parametrize(
    ("engine", "message"),
    [
        (
            rds.DatabaseClusterEngine.AURORA_MYSQL,
            "must name its version, as in rds.DatabaseClusterEngine.aurora_mysql(version=...)",
        ),
        (
            rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_12_9),
            "engine='12.9': must be Aurora PostgreSQL 13 or newer",
        ),
        (
            rds.DatabaseClusterEngine.aurora_mysql(version=rds.AuroraMysqlEngineVersion.VER_2_11_1),
            "engine='5.7.mysql_aurora.2.11.1': must be Aurora MySQL 8.0 or newer",
        ),
    ],
)
def test_refuses_an_engine_that_cannot_keep_the_promises(
    make: MakeCluster, engine: rds.IClusterEngine, message: str
) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(engine=engine)
    assert message in str(error.value)


def test_grant_connect_is_for_one_user_of_this_cluster(stack: cdk.Stack, make: MakeCluster) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    make().grant_connect(role, user="orders_service")
    prefix = ["arn:", {"Ref": "AWS::Partition"}, ":rds-db:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}]
    cluster_id = {"Fn::GetAtt": ["Orders2A43276C", "DBClusterResourceId"]}
    arn = {"Fn::Join": ["", [*prefix, ":dbuser:", cluster_id, "/orders_service"]]}
    statement = {"Action": "rds-db:connect", "Effect": "Allow", "Resource": arn}
    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Policy", {"PolicyDocument": {"Statement": [statement]}}
    )


def test_grant_connect_needs_iam_authentication(stack: cdk.Stack, make: MakeCluster) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    with pytest.raises(InvalidArgumentsError, match="user='orders': cannot log in with IAM: iam_authentication is off"):
        make(iam_authentication=False).grant_connect(role, user="orders")


def test_grant_read_secret_includes_the_key(stack: cdk.Stack, make: MakeCluster) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    make().grant_read_secret(role)
    read = {
        "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        "Resource": {"Fn::GetAtt": ["Orders2A43276C", "MasterUserSecret.SecretArn"]},
    }
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::IAM::Policy", {"PolicyDocument": {"Statement": Match.array_with([Match.object_like(read)])}}
    )
    decrypt = {"Action": "kms:Decrypt", "Principal": {"AWS": stack.resolve(role.role_arn)}}
    template.has_resource_properties(
        "AWS::KMS::Key", {"KeyPolicy": {"Statement": Match.array_with([Match.object_like(decrypt)])}}
    )


def test_a_proxy_takes_tls_and_iam_only(stack: cdk.Stack, make: MakeCluster) -> None:
    make(cluster_identifier="orders").add_proxy()
    template = Template.from_stack(stack)
    secret = {"Fn::GetAtt": ["Orders2A43276C", "MasterUserSecret.SecretArn"]}
    template.has_resource_properties(
        "AWS::RDS::DBProxy",
        {
            "Auth": [{"AuthScheme": "SECRETS", "IAMAuth": "REQUIRED", "SecretArn": secret}],
            "DBProxyName": "orders-proxy",
            "EngineFamily": "POSTGRESQL",
            "RequireTLS": True,
        },
    )
    template.has_resource(
        "AWS::RDS::DBProxyTargetGroup",
        {
            "Properties": {"DBClusterIdentifiers": [{"Ref": "Orders2A43276C"}]},
            "DependsOn": Match.array_with(["OrdersReader1A4D25B62", "OrdersWriter9EC817F4"]),
        },
    )
    template.has_resource_properties("AWS::EC2::SecurityGroupIngress", {"FromPort": 15432, "ToPort": 15432})


def test_tls_of_a_proxy_cannot_be_switched_off(stack: cdk.Stack, make: MakeCluster) -> None:
    proxy = make().add_proxy().node.find_child("Resource")
    assert isinstance(proxy, rds.CfnDBProxy)
    proxy.require_tls = False
    with pytest.raises(RuntimeError, match="AuroraCluster refuses connections without TLS; RequireTLS of"):
        Template.from_stack(stack)


def test_critical_events_reach_the_topic(stack: cdk.Stack, make: MakeCluster, topic: sns.Topic) -> None:
    cluster = make(monitoring=DatabaseMonitoring(event_topic=topic))
    assert len(cluster.event_subscriptions) == 3
    template = Template.from_stack(stack)
    critical = ["configuration change", "failure", "maintenance"]
    members = [{"Ref": "OrdersWriter9EC817F4"}, {"Ref": "OrdersReader1A4D25B62"}]
    for source_type, categories, sources in (
        ("db-cluster", [*critical, "failover"], [{"Ref": "Orders2A43276C"}]),
        ("db-instance", critical, members),
        ("db-security-group", ["configuration change", "failure"], Match.absent()),
    ):
        template.has_resource_properties(
            "AWS::RDS::EventSubscription",
            {"Enabled": True, "EventCategories": categories, "SourceIds": sources, "SourceType": source_type},
        )


def test_metrics_are_of_the_cluster(stack: cdk.Stack, make: MakeCluster) -> None:
    cluster = make()
    metrics = (
        cluster.metric_cpu_utilization(),
        cluster.metric_database_connections(),
        cluster.metric_capacity_utilization(statistic="Maximum"),
        cluster.metric_replica_lag(period=Duration.minutes(1)),
        cluster.metric("VolumeBytesUsed"),
    )
    assert [metric.metric_name for metric in metrics] == [
        "CPUUtilization",
        "DatabaseConnections",
        "ACUUtilization",
        "AuroraReplicaLagMaximum",
        "VolumeBytesUsed",
    ]
    assert {stack.resolve(metric.dimensions)["DBClusterIdentifier"]["Ref"] for metric in metrics} == {"Orders2A43276C"}
    assert (metrics[2].statistic, metrics[3].period.to_minutes()) == ("Maximum", 1)


def test_endpoints_and_secret_are_of_the_cluster(stack: cdk.Stack, make: MakeCluster) -> None:
    cluster = make()
    assert cluster.secret is not None
    found = [cluster.endpoint.hostname, cluster.reader_endpoint.hostname, cluster.secret.secret_arn]
    attributes = ["Endpoint.Address", "ReadEndpoint.Address", "MasterUserSecret.SecretArn"]
    assert stack.resolve(found) == [{"Fn::GetAtt": ["Orders2A43276C", attribute]} for attribute in attributes]


def test_logical_ids_are_a_contract(stack: cdk.Stack, make: MakeCluster) -> None:
    make()
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {
        "Orders2A43276C",
        "OrdersIamDbAuthErrorLog773F0E94",
        "OrdersKey6C690DD2",
        "OrdersMonitoringRoleA4855900",
        "OrdersParameterGroup6F967BFE",
        "OrdersPostgresqlLog1FBA650D",
        "OrdersReader1A4D25B62",
        "OrdersSecurityGroup2E5456CF",
        "OrdersSubnetGroup60D14C2A",
        "OrdersWriter9EC817F4",
    }


def test_in_a_product_the_parameters_reach_the_cluster(
    product: servicecatalog.ProductStack,
    product_template: Callable[[], dict[str, Any]],
    engine: rds.IClusterEngine,
    pack_findings: PackFindings,
) -> None:
    def parameter(name: str, kind: str = "String") -> cdk.CfnParameter:
        return cdk.CfnParameter(product, name, type=kind)

    subnets = parameter("SubnetIds", "List<AWS::EC2::Subnet::Id>")
    AuroraCluster(
        product,
        "Cluster",
        engine=engine,
        vpc=ec2.Vpc.from_vpc_attributes(
            product,
            "Vpc",
            vpc_id=parameter("VpcId", "AWS::EC2::VPC::Id").value_as_string,
            availability_zones=cdk.Fn.get_azs(),
            isolated_subnet_ids=subnets.value_as_list,
        ),
        serverless=AuroraServerlessCapacity(
            minimum=parameter("Minimum", "Number").value_as_number,
            maximum=parameter("Maximum", "Number").value_as_number,
        ),
        reader_scaling=AuroraReaderScaling(maximum=parameter("Readers", "Number").value_as_number),
        recovery=AuroraRecovery(
            backup_retention=Duration.days(parameter("Days", "Number").value_as_number),
            backup_window=parameter("BackupWindow").value_as_string,
        ),
        database_name=parameter("DatabaseName").value_as_string,
    )
    resources = product_template()["Resources"].values()
    (cluster,) = [each["Properties"] for each in resources if each["Type"] == CLUSTER]
    (target,) = [e["Properties"] for e in resources if e["Type"] == "AWS::ApplicationAutoScaling::ScalableTarget"]
    assert cluster["ServerlessV2ScalingConfiguration"] == {
        "MinCapacity": {"Ref": "Minimum"},
        "MaxCapacity": {"Ref": "Maximum"},
    }
    assert cluster["BackupRetentionPeriod"] == {"Ref": "Days"}
    assert cluster["PreferredBackupWindow"] == {"Ref": "BackupWindow"}
    assert cluster["DatabaseName"] == {"Ref": "DatabaseName"}
    assert target["MaxCapacity"] == {"Ref": "Readers"}
    assert all("AvailabilityZone" not in each["Properties"] for each in resources if each["Type"] == INSTANCE)
    assert pack_findings(product) == []
