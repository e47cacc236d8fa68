from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.documentdb.document_database import DocumentDatabase
from pavedroad.database.documentdb.recovery import DocumentDatabaseRecovery

CLUSTER = "AWS::DocDB::DBCluster"
GROUP = "AWS::DocDB::DBClusterParameterGroup"
INSTANCE = "AWS::DocDB::DBInstance"
ORDERS_KEY = {"Fn::GetAtt": ["OrdersKey6C690DD2", "Arn"]}
# The last part of the stack's id, which no other stack has.
UNIQUE = {"Fn::Select": [4, {"Fn::Split": ["-", {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}]}]}

MakeDatabase = Callable[..., DocumentDatabase]
PackFindings = Callable[[cdk.Stack], list[str]]


def properties_of_cluster(stack: cdk.Stack) -> dict[str, Any]:
    (cluster,) = Template.from_stack(stack).find_resources(CLUSTER).values()
    properties: dict[str, Any] = cluster["Properties"]
    return properties


def test_the_default_is_hardened(stack: cdk.Stack, make: MakeDatabase) -> None:
    make()
    template = Template.from_stack(stack)
    template.has_resource(
        CLUSTER,
        {
            "DeletionPolicy": "Snapshot",
            "UpdateReplacePolicy": "Snapshot",
            "Properties": {
                "BackupRetentionPeriod": 35,
                "CopyTagsToSnapshot": True,
                "DBClusterIdentifier": {"Fn::Join": ["", ["orders-", UNIQUE]]},
                "DeletionProtection": True,
                "EnableCloudwatchLogsExports": ["audit", "profiler"],
                "EngineVersion": "5.0.0",
                "KmsKeyId": ORDERS_KEY,
                "ManageMasterUserPassword": True,
                "MasterUserPassword": Match.absent(),
                "MasterUsername": "dbadmin",
                "MasterUserSecretKmsKeyId": ORDERS_KEY,
                "Port": 27117,
                "StorageEncrypted": True,
            },
        },
    )


def test_tls_and_audit_are_forced_by_the_group_in_use(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(parameters={"ttl_monitor": "disabled"})
    forced = {"tls": "tls1.2+", "audit_logs": "enabled", "ttl_monitor": "disabled"}
    template = Template.from_stack(stack)
    template.has_resource_properties(GROUP, {"Family": "docdb5.0", "Parameters": Match.object_like(forced)})
    (group,) = template.find_resources(GROUP)
    template.has_resource_properties(CLUSTER, {"DBClusterParameterGroupName": {"Ref": group}})


def test_instances_stand_in_several_zones(stack: cdk.Stack, vpc: ec2.Vpc, make: MakeDatabase) -> None:
    make(instances=3, instance_type=ec2.InstanceType("r6g.xlarge"))
    first, second = (stack.resolve(subnet.availability_zone) for subnet in vpc.isolated_subnets)
    found = [each["Properties"] for each in Template.from_stack(stack).find_resources(INSTANCE).values()]
    assert [each["AvailabilityZone"] for each in found] == [first, second, first]
    assert {each["DBInstanceClass"] for each in found} == {"db.r6g.xlarge"}


def test_logs_are_encrypted_and_stand_before_the_database(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(log_retention=cdk.aws_logs.RetentionDays.FIVE_YEARS)
    template = Template.from_stack(stack)
    log_groups = template.find_resources("AWS::Logs::LogGroup")
    (cluster,) = template.find_resources(CLUSTER).values()
    assert set(cluster["DependsOn"]) == set(log_groups)
    name = {"Fn::Join": ["", ["/aws/docdb/orders-", UNIQUE, "/audit"]]}
    template.has_resource_properties(
        "AWS::Logs::LogGroup", {"LogGroupName": name, "KmsKeyId": ORDERS_KEY, "RetentionInDays": 1827}
    )


def test_network_admits_nobody_until_asked(stack: cdk.Stack, make: MakeDatabase) -> None:
    make()
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::SecurityGroupIngress", 0)
    template.has_resource_properties("AWS::EC2::SecurityGroup", {"SecurityGroupIngress": Match.absent()})


def test_admits_whom_it_is_asked_to_on_its_port(stack: cdk.Stack, vpc: ec2.Vpc, make: MakeDatabase) -> None:
    database = make()
    client = ec2.SecurityGroup(stack, "Client", vpc=vpc, allow_all_outbound=False)
    client.connections.allow_to_default_port(database)
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroupIngress", {"FromPort": 27117, "ToPort": 27117}
    )


def test_takes_what_it_is_given(stack: cdk.Stack, make: MakeDatabase) -> None:
    key = kms.Key(stack, "Key")
    make(
        administrator_name="keeper",
        cluster_identifier="orders-production",
        encryption_key=key,
        engine_version="8.0.0",
        maintenance_window="sun:04:00-sun:05:00",
        port=6000,
        recovery=DocumentDatabaseRecovery(backup_retention=Duration.days(10), backup_window="02:00-03:00"),
    )
    properties = properties_of_cluster(stack)
    wanted = {
        "BackupRetentionPeriod": 10,
        "DBClusterIdentifier": "orders-production",
        "EngineVersion": "8.0.0",
        "KmsKeyId": stack.resolve(key.key_arn),
        "MasterUsername": "keeper",
        "Port": 6000,
        "PreferredBackupWindow": "02:00-03:00",
        "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
    }
    assert {name: properties[name] for name in wanted} == wanted
    Template.from_stack(stack).has_resource_properties(GROUP, {"Family": "docdb8.0"})


def test_restored_from_a_snapshot_it_has_the_administrator_of_the_snapshot(
    stack: cdk.Stack, make: MakeDatabase
) -> None:
    make(snapshot_identifier="orders-final")
    properties = properties_of_cluster(stack)
    assert properties["SnapshotIdentifier"] == "orders-final"
    assert (properties["StorageEncrypted"], properties["KmsKeyId"]) == (True, ORDERS_KEY)
    assert "MasterUsername" not in properties


def test_a_kept_database_keeps_what_it_uses(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(removal_policy=RemovalPolicy.RETAIN)
    template = Template.from_stack(stack)
    for kind in (CLUSTER, INSTANCE, GROUP, "AWS::DocDB::DBSubnetGroup", "AWS::EC2::SecurityGroup"):
        template.all_resources(kind, {"DeletionPolicy": "Retain"})


@pytest.mark.parametrize(
    "options",
    [{}, {"instances": 1}, {"snapshot_identifier": "orders-final"}, {"removal_policy": RemovalPolicy.RETAIN}],
    ids=["default", "single", "snapshot", "retain"],
)
def test_packs_find_nothing(
    stack: cdk.Stack, make: MakeDatabase, topic: sns.Topic, options: dict[str, Any], pack_findings: PackFindings
) -> None:
    make(event_topic=topic, **options).add_alarms(topic)
    assert pack_findings(stack) == []


@pytest.mark.parametrize(
    ("argument", "value", "warning"),
    [
        ("instances", 1, "single-instance"),
        ("deletion_protection", False, "no-deletion-protection"),
        ("removal_policy", RemovalPolicy.DESTROY, "no-final-snapshot"),
        ("port", 27017, "default-port"),
    ],
)
def test_a_weakened_default_leaves_its_warning(
    stack: cdk.Stack, make: MakeDatabase, *, argument: str, value: object, warning: str
) -> None:
    make(**{argument: value})
    found = Annotations.from_stack(stack).find_warning("/Stack/Orders", Match.any_value())
    told = [str(each.entry.data).partition(" [ack: ")[2] for each in found]
    assert told == [f"pavedroad:document-database-{warning}]"]


def test_the_default_leaves_no_warning(stack: cdk.Stack, make: MakeDatabase) -> None:
    make()
    assert Annotations.from_stack(stack).find_warning("*", Match.any_value()) == []


def undo_encryption(database: DocumentDatabase) -> None:
    database.cluster.storage_encrypted = False


def undo_key(database: DocumentDatabase) -> None:
    database.cluster.kms_key_id = None


def take_another_group(database: DocumentDatabase) -> None:
    database.cluster.db_cluster_parameter_group_name = "default.docdb5.0"


def undo_tls(database: DocumentDatabase) -> None:
    database.parameter_group.parameters = {"tls": "enabled", "audit_logs": "enabled"}


def undo_audit(database: DocumentDatabase) -> None:
    database.parameter_group.parameters = {"tls": "tls1.2+", "audit_logs": "disabled"}


def undo_export(database: DocumentDatabase) -> None:
    database.cluster.enable_cloudwatch_logs_exports = ["profiler"]


@pytest.mark.parametrize(
    ("weaken", "promise"),
    [
        (
            undo_encryption,
            "DocumentDatabase encrypts its storage; StorageEncrypted or KmsKeyId of Stack/Orders/Resource",
        ),
        (undo_key, "DocumentDatabase encrypts its storage; StorageEncrypted or KmsKeyId of Stack/Orders/Resource was"),
        (take_another_group, "the parameter group of Stack/Orders/Resource was changed"),
        (undo_tls, "DocumentDatabase refuses connections without TLS and audits; audit_logs, tls or the parameter"),
        (undo_audit, "DocumentDatabase refuses connections without TLS and audits; audit_logs, tls or the parameter"),
        (undo_export, "DocumentDatabase exports its audit log; EnableCloudwatchLogsExports was changed"),
    ],
)
def test_what_cannot_be_weakened_stops_the_synthesis(
    stack: cdk.Stack, make: MakeDatabase, weaken: Callable[[DocumentDatabase], None], promise: str
) -> None:
    weaken(make())
    with pytest.raises(RuntimeError, match=promise):
        Template.from_stack(stack)


def test_all_that_is_wrong_is_told_at_once(make: MakeDatabase) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(
            administrator_name="root",
            engine_version="3.6.0",
            instances=17,
            parameters={"tls": "disabled", "audit_logs": "disabled"},
            port=80,
            recovery=DocumentDatabaseRecovery(backup_retention=Duration.days(1)),
        )
    assert str(error.value) == (
        "DocumentDatabase 'Stack/Orders': "
        "engine_version='3.6.0': must be 4.0.0, 5.0.0 or 8.0.0; "
        "administrator_name='root': is reserved or the name that is tried first; choose another; "
        "parameters={'audit_logs': 'disabled'}: cannot be given: every connection is encrypted and audited; "
        "parameters={'tls': 'disabled'}: cannot be given: every connection is encrypted and audited; "
        "recovery.backup_retention='1 days': must be from 7 (DocumentDB.2) to 35 whole days; "
        "port=80: must be from 1150 to 65535; "
        "instances=17: must be from 1 to 16"
    )


@pytest.mark.parametrize(
    ("rto", "instances"), [(None, 2), (Duration.minutes(2), 2), (Duration.minutes(59), 2), (Duration.hours(1), 1)]
)
def test_two_instances_are_built_unless_there_is_time_to_make_one(
    make: MakeDatabase, rto: Duration | None, instances: int
) -> None:
    assert len(make(recovery=DocumentDatabaseRecovery(rto=rto)).instances) == instances


@pytest.mark.parametrize(
    ("rto", "message"),
    [
        (Duration.minutes(1), "recovery.rto='60 seconds': cannot be met by DocumentDB: it takes up to 2 minutes until"),
        (Duration.minutes(5), "recovery.rto='300 seconds': cannot be met with instances=1: with its zone the only"),
    ],
)
def test_an_objective_that_cannot_be_met_is_refused_with_the_reason(
    make: MakeDatabase, rto: Duration, message: str
) -> None:
    with pytest.raises(InvalidArgumentsError, match=message):
        make(instances=1, recovery=DocumentDatabaseRecovery(rto=rto))


def test_grant_read_secret_is_for_the_secret_of_this_cluster_with_its_key(
    stack: cdk.Stack, make: MakeDatabase, pack_findings: PackFindings
) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    database = make()
    database.grant_read_secret(role)
    prefix = ["arn:", {"Ref": "AWS::Partition"}]
    suffix = [{"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}]
    cluster = {"Fn::Join": ["", [*prefix, ":rds:", *suffix, ":cluster:", {"Ref": "OrdersA9B65338"}]]}
    statement = {
        "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        "Condition": {"StringEquals": {"aws:ResourceTag/aws:rds:primaryDBClusterArn": cluster}},
        "Effect": "Allow",
        "Resource": {"Fn::Join": ["", [*prefix, ":secretsmanager:", *suffix, ":secret:rds!cluster-*"]]},
    }
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::IAM::Policy", {"PolicyDocument": {"Statement": Match.array_with([statement])}}
    )
    decrypt = {"Action": "kms:Decrypt", "Principal": {"AWS": stack.resolve(role.role_arn)}}
    template.has_resource_properties(
        "AWS::KMS::Key", {"KeyPolicy": {"Statement": Match.array_with([Match.object_like(decrypt)])}}
    )
    # Whether a grant stands in an inline policy is the role's matter.
    assert [finding for finding in pack_findings(stack) if "IAMNoInlinePolicy" not in finding] == []


def test_critical_events_reach_the_topic(stack: cdk.Stack, make: MakeDatabase, topic: sns.Topic) -> None:
    database = make(event_topic=topic)
    assert len(database.event_subscriptions) == 2
    template = Template.from_stack(stack)
    (policy,) = template.find_resources("AWS::SNS::TopicPolicy")
    template.all_resources("AWS::DocDB::EventSubscription", {"DependsOn": [policy]})
    template.has_resource_properties(
        "AWS::DocDB::EventSubscription",
        {
            "Enabled": True,
            "EventCategories": ["configuration change", "failover", "failure", "maintenance"],
            "SnsTopicArn": stack.resolve(topic.topic_arn),
            "SourceIds": [{"Ref": "OrdersA9B65338"}],
            "SourceType": "db-cluster",
        },
    )


def test_every_alarm_tells_the_topic_on_both_ways(stack: cdk.Stack, make: MakeDatabase, topic: sns.Topic) -> None:
    alarms = make().add_alarms(topic)
    actions = [stack.resolve(topic.topic_arn)]
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::CloudWatch::Alarm", len(alarms))
    template.all_resources_properties(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmActions": actions,
            "Dimensions": [{"Name": "DBClusterIdentifier", "Value": {"Ref": "OrdersA9B65338"}}],
            "Namespace": "AWS/DocDB",
            "OKActions": actions,
        },
    )
    for metric, comparison, threshold in (
        ("CPUUtilization", "GreaterThanThreshold", 80),
        ("DatabaseConnections", "GreaterThanThreshold", 2700),
        ("FreeableMemory", "LessThanThreshold", 512 * 1024**2),
        ("BufferCacheHitRatio", "LessThanThreshold", 90),
        ("DBClusterReplicaLagMaximum", "GreaterThanThreshold", 1000),
    ):
        template.has_resource_properties(
            "AWS::CloudWatch::Alarm",
            {"MetricName": metric, "ComparisonOperator": comparison, "Threshold": threshold},
        )


def test_a_single_instance_has_no_lag(make: MakeDatabase, topic: sns.Topic) -> None:
    assert "ReplicaLagAlarm" not in [alarm.node.id for alarm in make(instances=1).add_alarms(topic)]


def test_metrics_and_endpoints_are_of_the_cluster(stack: cdk.Stack, make: MakeDatabase) -> None:
    database = make()
    metrics = (
        database.metric_cpu_utilization(),
        database.metric_database_connections(),
        database.metric_replica_lag(period=Duration.minutes(1)),
    )
    assert [metric.metric_name for metric in metrics] == [
        "CPUUtilization",
        "DatabaseConnections",
        "DBClusterReplicaLagMaximum",
    ]
    assert metrics[2].period.to_minutes() == 1
    assert stack.resolve([database.endpoint, database.reader_endpoint]) == [
        {"Fn::GetAtt": ["OrdersA9B65338", "Endpoint"]},
        {"Fn::GetAtt": ["OrdersA9B65338", "ReadEndpoint"]},
    ]


def test_logical_ids_are_a_contract(stack: cdk.Stack, make: MakeDatabase) -> None:
    make()
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {
        "OrdersA9B65338",
        "OrdersAuditLog4E355BDC",
        "OrdersInstance1B0AAF178",
        "OrdersInstance2BAB80B93",
        "OrdersKey6C690DD2",
        "OrdersParameterGroup87BF8E02",
        "OrdersProfilerLogA1A981FA",
        "OrdersSecurityGroup2E5456CF",
        "OrdersSubnetGroup60D14C2A",
    }


def test_a_retention_chosen_at_launch_is_passed_on(stack: cdk.Stack, make: MakeDatabase) -> None:
    days = cdk.CfnParameter(stack, "Days", type="Number").value_as_number
    make(recovery=DocumentDatabaseRecovery(backup_retention=Duration.days(days)))
    assert properties_of_cluster(stack)["BackupRetentionPeriod"] == {"Ref": "Days"}


def test_in_a_product_the_parameters_reach_the_database(
    product: servicecatalog.ProductStack,
    product_template: Callable[[], dict[str, Any]],
    pack_findings: PackFindings,
) -> None:
    def parameter(name: str, kind: str = "String") -> cdk.CfnParameter:
        return cdk.CfnParameter(product, name, type=kind)

    DocumentDatabase(
        product,
        "Database",
        vpc=ec2.Vpc.from_vpc_attributes(
            product,
            "Vpc",
            vpc_id=parameter("VpcId", "AWS::EC2::VPC::Id").value_as_string,
            availability_zones=cdk.Fn.get_azs(),
            isolated_subnet_ids=parameter("SubnetIds", "List<AWS::EC2::Subnet::Id>").value_as_list,
        ),
        instance_type=ec2.InstanceType(parameter("InstanceClass").value_as_string),
        recovery=DocumentDatabaseRecovery(
            backup_window=parameter("BackupWindow").value_as_string,
        ),
    )
    resources = product_template()["Resources"].values()
    (cluster,) = [each["Properties"] for each in resources if each["Type"] == CLUSTER]
    (subnets,) = [each["Properties"] for each in resources if each["Type"] == "AWS::DocDB::DBSubnetGroup"]
    instances = [each["Properties"] for each in resources if each["Type"] == INSTANCE]
    assert cluster["PreferredBackupWindow"] == {"Ref": "BackupWindow"}
    assert subnets["SubnetIds"] == {"Ref": "SubnetIds"}
    assert {str(each["DBInstanceClass"]) for each in instances} == {
        str({"Fn::Join": ["", ["db.", {"Ref": "InstanceClass"}]]})
    }
    assert pack_findings(product) == []
