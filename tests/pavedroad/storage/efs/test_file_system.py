from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_efs as efs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import FileSystem
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.storage.efs.access import Directory
from pavedroad.storage.efs.alarms import FileSystemAlarmThresholds

ORDERS = Directory(path="/orders")


def network(scope: cdk.Stack, *tiers: str) -> ec2.IVpc:
    subnets = {
        f"{tier}_subnet_{what}": [f"{kind}-{tier}-{zone}" for zone in "ab"]
        for tier in tiers
        for what, kind in (("ids", "subnet"), ("route_table_ids", "rtb"))
    }
    zones = ["eu-west-1a", "eu-west-1b"]
    return ec2.Vpc.from_vpc_attributes(scope, "Vpc", vpc_id="vpc-1", availability_zones=zones, **subnets)


@pytest.fixture
def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return network(stack, "public", "private", "isolated")


def only(stack: cdk.Stack, kind: str) -> dict[str, Any]:
    [resource] = Template.from_stack(stack).find_resources(kind).values()
    properties: dict[str, Any] = resource["Properties"]
    return properties


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


class TestDefaultShape:
    def test_encrypts_with_its_own_rotated_key(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        FileSystem(stack, "Files", vpc=vpc)
        made = only(stack, "AWS::EFS::FileSystem")
        assert made["Encrypted"] is True
        assert made["KmsKeyId"] == {"Fn::GetAtt": ["FilesKeyF4491C5F", "Arn"]}
        assert only(stack, "AWS::KMS::Key")["EnableKeyRotation"] is True

    def test_nobody_comes_in_without_tls_and_nobody_by_the_network_alone(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        FileSystem(stack, "Files", vpc=vpc)
        assert only(stack, "AWS::EFS::FileSystem")["FileSystemPolicy"]["Statement"] == [
            {
                "Action": "elasticfilesystem:Client*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Sid": "TlsOnly",
            }
        ]

    def test_is_backed_up_elastic_and_moves_what_nobody_reads(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        FileSystem(stack, "Files", vpc=vpc)
        made = only(stack, "AWS::EFS::FileSystem")
        assert made["BackupPolicy"] == {"Status": "ENABLED"}
        assert made["ThroughputMode"] == "elastic"
        assert made["LifecyclePolicies"] == [
            {"TransitionToIA": "AFTER_30_DAYS"},
            {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
            {"TransitionToArchive": "AFTER_90_DAYS"},
        ]
        assert "ReplicationConfiguration" not in made

    def test_is_reached_in_each_zone_from_isolated_subnets_by_those_let_in(
        self, stack: cdk.Stack, vpc: ec2.IVpc
    ) -> None:
        files = FileSystem(stack, "Files", vpc=vpc)
        client = ec2.SecurityGroup.from_security_group_id(stack, "Client", "sg-1", mutable=False)
        files.connections.allow_default_port_from(client, "Order service")
        template = Template.from_stack(stack)
        targets = template.find_resources("AWS::EFS::MountTarget").values()
        assert {it["Properties"]["SubnetId"] for it in targets} == {"subnet-isolated-a", "subnet-isolated-b"}
        assert only(stack, "AWS::EC2::SecurityGroup")["SecurityGroupEgress"][0]["CidrIp"] == "255.255.255.255/32"
        ingress = only(stack, "AWS::EC2::SecurityGroupIngress")
        assert (ingress["FromPort"], ingress["ToPort"], ingress["SourceSecurityGroupId"]) == (2049, 2049, "sg-1")

    def test_uses_private_subnets_where_there_are_no_isolated_ones(self, stack: cdk.Stack) -> None:
        FileSystem(stack, "Files", vpc=network(stack, "public", "private"))
        targets = Template.from_stack(stack).find_resources("AWS::EFS::MountTarget").values()
        assert {it["Properties"]["SubnetId"] for it in targets} == {"subnet-private-a", "subnet-private-b"}

    def test_outlives_its_stack_under_a_logical_id_that_stays(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        FileSystem(stack, "Files", vpc=vpc)
        template = Template.from_stack(stack)
        assert list(template.find_resources("AWS::EFS::FileSystem")) == ["Files74647968"]
        assert list(template.find_resources("AWS::KMS::Key")) == ["FilesKeyF4491C5F"]
        for kind in ("AWS::EFS::FileSystem", "AWS::KMS::Key"):
            template.all_resources(kind, {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"})

    def test_packs_find_nothing_and_nothing_is_warned_of(
        self, stack: cdk.Stack, vpc: ec2.IVpc, pack_findings: Callable[[cdk.Stack], list[str]]
    ) -> None:
        FileSystem(stack, "Files", vpc=vpc).add_access_point("Orders", ORDERS)
        assert pack_findings(stack) == []
        assert warnings(stack) == []


class TestAccessPoints:
    def test_shows_one_directory_whose_clients_act_as_one_user(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        files = FileSystem(stack, "Files", vpc=vpc)
        point = files.add_access_point("Orders", Directory(path="/orders/new", user_id=1001, group_id=1002))
        made = only(stack, "AWS::EFS::AccessPoint")
        assert made["PosixUser"] == {"Uid": "1001", "Gid": "1002"}
        assert made["RootDirectory"] == {
            "CreationInfo": {"OwnerUid": "1001", "OwnerGid": "1002", "Permissions": "750"},
            "Path": "/orders/new",
        }
        assert files.access_points == {"Orders": point}

    @pytest.mark.parametrize(
        ("directory", "told"),
        [
            (Directory(path="/"), "directory.path='/': must be 1 to 4 names, such as /orders/uploads"),
            (Directory(path="orders"), "directory.path='orders': must be 1 to 4 names"),
            (Directory(path="/orders", user_id=0), "directory.user_id=0: must be from 1 to 4294967295"),
            (Directory(path="/orders", group_id=0), "directory.group_id=0: must be from 1 to 4294967295"),
            (Directory(path="/orders", permissions="rwx"), "directory.permissions='rwx': must be octal, such as 750"),
        ],
    )
    def test_neither_everything_nor_root(
        self, stack: cdk.Stack, vpc: ec2.IVpc, directory: Directory, told: str
    ) -> None:
        files = FileSystem(stack, "Files", vpc=vpc)
        with pytest.raises(InvalidArgumentsError) as caught:
            files.add_access_point("Orders", directory)
        assert told in str(caught.value)
        assert files.access_points == {}

    @pytest.mark.parametrize(
        ("grant", "actions"),
        [
            ("grant_read", "elasticfilesystem:ClientMount"),
            ("grant_read_write", ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]),
        ],
    )
    def test_a_role_may_mount_that_access_point_alone(
        self, stack: cdk.Stack, vpc: ec2.IVpc, grant: str, actions: object
    ) -> None:
        files = FileSystem(stack, "Files", vpc=vpc)
        point = files.add_access_point("Orders", ORDERS)
        principal = iam.ServicePrincipal("ecs-tasks.amazonaws.com")
        getattr(files, grant)(ManagedPolicyRole(stack, "Role", assumed_by=principal, description="Orders"), point)
        [statement] = only(stack, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
        assert statement["Action"] == actions
        assert statement["Condition"] == {
            "StringEquals": {"elasticfilesystem:AccessPointArn": stack.resolve(point.access_point_arn)},
            "Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"},
        }
        assert statement["Resource"] == {"Fn::GetAtt": ["Files74647968", "Arn"]}


class TestOptions:
    def test_a_copy_in_another_region(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        key = "arn:aws:kms:eu-central-1:111111111111:key/abc"
        FileSystem(stack, "Files", vpc=vpc, replica_region="eu-central-1", replica_key_arn=key)
        assert only(stack, "AWS::EFS::FileSystem")["ReplicationConfiguration"] == {
            "Destinations": [{"KmsKeyId": key, "Region": "eu-central-1"}]
        }

    def test_a_given_key_is_used_and_none_is_made(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        key = kms.Key.from_key_arn(stack, "Shared", "arn:aws:kms:eu-west-1:111111111111:key/abc")
        assert FileSystem(stack, "Files", vpc=vpc, encryption_key=key).encryption_key is key
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 0)

    def test_throughput_can_be_provisioned(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        mode = efs.ThroughputMode.PROVISIONED
        FileSystem(stack, "Files", vpc=vpc, throughput_mode=mode, provisioned_throughput_mibps=64)
        made = only(stack, "AWS::EFS::FileSystem")
        assert (made["ThroughputMode"], made["ProvisionedThroughputInMibps"]) == ("provisioned", 64)

    @pytest.mark.parametrize(
        ("arguments", "warning"),
        [
            ({"automatic_backups": False}, "pavedroad:file-system-no-backups"),
            ({"removal_policy": cdk.RemovalPolicy.DESTROY}, "pavedroad:file-system-not-retained"),
        ],
    )
    def test_a_weakened_default_leaves_a_warning(
        self, stack: cdk.Stack, vpc: ec2.IVpc, arguments: dict[str, Any], warning: str
    ) -> None:
        FileSystem(stack, "Files", vpc=vpc, **arguments)
        [told] = warnings(stack)
        assert warning in told

    def test_alarms_watch_the_limit_and_the_copy_where_there_is_one(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:alarms")
        assert len(FileSystem(stack, "Alone", vpc=vpc).add_alarms(topic)) == 1
        copied = FileSystem(stack, "Copied", vpc=vpc, replica_region="eu-central-1")
        copied.add_alarms(topic, FileSystemAlarmThresholds(io_limit_percent=80, replication_lag_seconds=3600))
        alarms = Template.from_stack(stack).find_resources("AWS::CloudWatch::Alarm").values()
        watched = sorted((it["Properties"]["MetricName"], it["Properties"]["Threshold"]) for it in alarms)
        assert watched == [("PercentIOLimit", 80), ("PercentIOLimit", 90), ("TimeSinceLastSync", 3600)]

    def test_metrics_are_of_this_file_system(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        files = FileSystem(stack, "Files", vpc=vpc)
        for metric in (files.metric_client_connections(), files.metric_io_limit()):
            assert stack.resolve(metric.dimensions) == {"FileSystemId": {"Ref": "Files74647968"}}


class TestPromises:
    @pytest.mark.parametrize(
        ("name", "value", "promise"),
        [
            ("encrypted", False, "FileSystem is encrypted at rest; Encrypted was turned off"),
            ("file_system_policy", None, "FileSystem is mounted over TLS by those who may; its FileSystemPolicy was"),
        ],
    )
    def test_an_escape_hatch_that_weakens_fails_the_synthesis(
        self, stack: cdk.Stack, vpc: ec2.IVpc, name: str, value: object, promise: str
    ) -> None:
        resource = FileSystem(stack, "Files", vpc=vpc).file_system.node.default_child
        setattr(resource, name, value)
        with pytest.raises(RuntimeError, match=promise):
            Template.from_stack(stack)

    def test_everything_that_is_wrong_is_told_at_once(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        with pytest.raises(InvalidArgumentsError) as caught:
            FileSystem(stack, "Files", vpc=vpc, provisioned_throughput_mibps=0.5, replica_region="Frankfurt")
        assert str(caught.value) == (
            "FileSystem 'Stack/Files': provisioned_throughput_mibps=0.5: needs throughput_mode PROVISIONED; "
            "provisioned_throughput_mibps=0.5: must be from 1 to 3072; "
            "replica_region='Frankfurt': must be the name of a region, such as eu-central-1"
        )

    def test_a_mode_without_its_number_and_a_key_without_a_copy_are_refused(
        self, stack: cdk.Stack, vpc: ec2.IVpc
    ) -> None:
        mode = efs.ThroughputMode.PROVISIONED
        with pytest.raises(InvalidArgumentsError) as caught:
            FileSystem(stack, "Files", vpc=vpc, throughput_mode=mode, replica_key_arn="arn:aws:kms:x")
        told = str(caught.value)
        assert "provisioned_throughput_mibps=None: is needed by throughput_mode PROVISIONED" in told
        assert "replica_key_arn='arn:aws:kms:x': needs replica_region" in told

    def test_works_in_a_product_with_parameters(
        self, product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
    ) -> None:
        region, path = cdk.CfnParameter(product, "Region"), cdk.CfnParameter(product, "Directory")
        user = cdk.CfnParameter(product, "User", type="Number")
        files = FileSystem(product, "Files", vpc=network(product, "isolated"), replica_region=region.value_as_string)
        files.add_access_point("Orders", Directory(path=path.value_as_string, user_id=user.value_as_number))
        resources = {it["Type"]: it["Properties"] for it in product_template()["Resources"].values()}
        point = resources["AWS::EFS::AccessPoint"]
        assert point["RootDirectory"]["Path"] == {"Ref": "Directory"}
        assert point["PosixUser"]["Uid"] == {"Ref": "User"}
        destinations = resources["AWS::EFS::FileSystem"]["ReplicationConfiguration"]["Destinations"]
        assert destinations == [{"Region": {"Ref": "Region"}}]
