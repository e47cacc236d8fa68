from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from pavedroad import KubernetesCluster
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.eks.addons import ClusterAddon
from pavedroad.compute.eks.alarms import KubernetesClusterAlarmThresholds
from pavedroad.compute.eks.fargate_profiles import FargateProfile
from pavedroad.compute.eks.node_groups import NodeGroup, NodeTaint

Make = Callable[..., KubernetesCluster]
Only = Callable[[str], dict[str, Any]]
Findings = Callable[[cdk.Stack], list[str]]
Warnings = Callable[[], list[str]]

CLUSTER = "AWS::EKS::Cluster"
SYSTEM = FargateProfile(name="system", selectors=[eks.Selector(namespace="kube-system")])
NODES = {"node_groups": [NodeGroup(name="general")]}
NO_NODES: dict[str, Any] = {"node_groups": []}


def attached(template: Template, role_id: str) -> list[str]:
    """The AWS managed policies of a role."""
    role = template.to_json()["Resources"][role_id]["Properties"]
    return [each["Fn::Join"][1][-1].rpartition("/")[2] for each in role["ManagedPolicyArns"]]


def trust(template: Template, role_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = template.to_json()["Resources"][role_id]["Properties"]["AssumeRolePolicyDocument"][
        "Statement"
    ]
    return found


class TestDefaultShape:
    def test_the_endpoint_is_in_the_vpc_only(self, make_cluster: Make, only: Only) -> None:
        make_cluster()
        assert only(CLUSTER)["ResourcesVpcConfig"] == {
            "EndpointPrivateAccess": True,
            "EndpointPublicAccess": False,
            "SecurityGroupIds": [{"Fn::GetAtt": ["ShopSecurityGroup77912ED4", "GroupId"]}],
            "SubnetIds": ["subnet-private-1", "subnet-private-2"],
        }

    def test_secrets_are_encrypted_with_its_own_rotated_key(self, make_cluster: Make, only: Only) -> None:
        make_cluster()
        assert only(CLUSTER)["EncryptionConfig"] == [
            {"Provider": {"KeyArn": {"Fn::GetAtt": ["ShopKeyA44BF252", "Arn"]}}, "Resources": ["secrets"]}
        ]
        assert only("AWS::KMS::Key")["EnableKeyRotation"] is True

    def test_all_of_the_control_plane_is_logged_into_a_group_made_before_it(
        self, stack: cdk.Stack, make_cluster: Make
    ) -> None:
        cluster = make_cluster(cluster_name="shop")
        template = Template.from_stack(stack)
        template.has_resource(
            CLUSTER,
            {
                "Properties": {
                    "Logging": {
                        "ClusterLogging": {
                            "EnabledTypes": [
                                {"Type": "api"},
                                {"Type": "audit"},
                                {"Type": "authenticator"},
                                {"Type": "controllerManager"},
                                {"Type": "scheduler"},
                            ]
                        }
                    }
                },
                "DependsOn": Match.array_with(["ShopLogs069302D0"]),
            },
        )
        template.has_resource(
            "AWS::Logs::LogGroup",
            {
                "Properties": {
                    "LogGroupName": "/aws/eks/shop/cluster",
                    "RetentionInDays": 365,
                    "KmsKeyId": stack.resolve(cluster.encryption_key.key_arn),
                },
                "DeletionPolicy": "Retain",
            },
        )

    def test_nobody_has_access_by_having_made_it(self, stack: cdk.Stack, make_cluster: Make, only: Only) -> None:
        make_cluster()
        assert only(CLUSTER)["AccessConfig"] == {
            "AuthenticationMode": "API",
            "BootstrapClusterCreatorAdminPermissions": False,
        }
        Template.from_stack(stack).resource_count_is("AWS::EKS::AccessEntry", 0)

    def test_is_protected_upgraded_and_moved_out_of_zones_that_are_ill(self, make_cluster: Make, only: Only) -> None:
        make_cluster()
        properties = only(CLUSTER)
        assert properties["DeletionProtection"] is True
        assert properties["UpgradePolicy"] == {"SupportType": "STANDARD"}
        assert properties["ZonalShiftConfig"] == {"Enabled": True}
        assert properties["Version"] == "1.36"

    def test_the_name_is_known_beforehand_and_no_other_stack_has_it(self, make_cluster: Make, only: Only) -> None:
        make_cluster()
        name = only(CLUSTER)["Name"]["Fn::Join"][1]
        assert name[0] == "shop-"
        assert "AWS::StackId" in str(name[1])

    def test_the_control_planes_role_is_for_this_cluster_only(self, stack: cdk.Stack, make_cluster: Make) -> None:
        make_cluster(cluster_name="shop")
        template = Template.from_stack(stack)
        (statement,) = trust(template, "ShopClusterRole2F07B85A")
        assert statement["Principal"] == {"Service": "eks.amazonaws.com"}
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert ":cluster/shop" in str(statement["Condition"]["ArnEquals"]["aws:SourceArn"])
        assert attached(template, "ShopClusterRole2F07B85A") == ["AmazonEKSClusterPolicy"]

    def test_the_security_group_admits_nobody(self, make_cluster: Make, only: Only) -> None:
        make_cluster()
        properties = only("AWS::EC2::SecurityGroup")
        assert "SecurityGroupIngress" not in properties
        assert [rule["CidrIp"] for rule in properties["SecurityGroupEgress"]] == ["255.255.255.255/32"]

    def test_adds_no_function_and_no_custom_resource(self, stack: cdk.Stack, make_cluster: Make) -> None:
        make_cluster()
        types = {each["Type"] for each in Template.from_stack(stack).to_json()["Resources"].values()}
        assert not any(each.startswith(("Custom::", "AWS::Lambda", "AWS::CloudFormation")) for each in types)

    def test_packs_find_nothing(
        self, stack: cdk.Stack, make_cluster: Make, pack_findings: Findings, warnings: Warnings
    ) -> None:
        make_cluster()
        assert pack_findings(stack) == []
        assert warnings() == []


class TestOptions:
    def test_every_option_is_clean_in_the_packs(
        self, stack: cdk.Stack, make_cluster: Make, pack_findings: Findings
    ) -> None:
        cluster = make_cluster(
            node_groups=[
                NodeGroup(name="spot", spot=True, labels={"tier": "batch"}, taints=[NodeTaint(key="spot")]),
                NodeGroup(name="general", desired_size=3),
            ],
            fargate_profiles=[SYSTEM],
            auto_mode=True,
            addons=[
                ClusterAddon(name="vpc-cni", version="v1.20.4-eksbuild.1"),
                ClusterAddon(name="aws-ebs-csi-driver"),
            ],
            public_access_cidrs=["203.0.113.0/24"],
            service_ipv4_cidr="172.20.0.0/16",
            log_retention=logs.RetentionDays.TWO_YEARS,
            zonal_shift=False,
        )
        cluster.add_pod_identity(namespace="orders", service_account="api")
        assert pack_findings(stack) == []

    def test_the_endpoint_from_named_ranges_too(self, make_cluster: Make, only: Only, warnings: Warnings) -> None:
        make_cluster(public_access_cidrs=["203.0.113.0/24"])
        access = only(CLUSTER)["ResourcesVpcConfig"]
        assert access["EndpointPrivateAccess"] is True
        assert access["EndpointPublicAccess"] is True
        assert access["PublicAccessCidrs"] == ["203.0.113.0/24"]
        assert warnings() == ["pavedroad:cluster-public-endpoint"]

    def test_a_given_key_is_used_and_none_is_made(self, stack: cdk.Stack, make_cluster: Make, only: Only) -> None:
        key = kms.Key.from_key_arn(stack, "Shared", "arn:aws:kms:eu-west-1:111111111111:key/abc")
        make_cluster(encryption_key=key)
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 0)
        assert only(CLUSTER)["EncryptionConfig"][0]["Provider"] == {"KeyArn": key.key_arn}

    def test_services_have_the_given_range(self, make_cluster: Make, only: Only) -> None:
        make_cluster(service_ipv4_cidr="172.20.0.0/16")
        assert only(CLUSTER)["KubernetesNetworkConfig"]["ServiceIpv4Cidr"] == "172.20.0.0/16"

    def test_zonal_shift_off(self, make_cluster: Make, only: Only) -> None:
        make_cluster(zonal_shift=False)
        assert only(CLUSTER)["ZonalShiftConfig"] == {"Enabled": False}

    def test_logs_are_kept_as_long_as_asked(self, stack: cdk.Stack, make_cluster: Make) -> None:
        make_cluster(log_retention=logs.RetentionDays.TWO_YEARS)
        Template.from_stack(stack).all_resources_properties("AWS::Logs::LogGroup", {"RetentionInDays": 731})

    def test_extended_support_and_its_older_versions(self, make_cluster: Make, only: Only, warnings: Warnings) -> None:
        make_cluster(extended_support=True, version=eks.KubernetesVersion.V1_32)
        assert only(CLUSTER)["UpgradePolicy"] == {"SupportType": "EXTENDED"}
        assert warnings() == ["pavedroad:cluster-extended-support"]

    def test_without_deletion_protection(self, make_cluster: Make, only: Only, warnings: Warnings) -> None:
        make_cluster(deletion_protection=False)
        assert only(CLUSTER)["DeletionProtection"] is False
        assert warnings() == ["pavedroad:cluster-no-deletion-protection"]

    def test_isolated_subnets_where_there_are_no_private_ones(
        self, stack: cdk.Stack, make_cluster: Make, only: Only
    ) -> None:
        isolated = ec2.Vpc.from_vpc_attributes(
            stack,
            "Isolated",
            vpc_id="vpc-2",
            availability_zones=["a", "b"],
            isolated_subnet_ids=["subnet-isolated-1", "subnet-isolated-2"],
            isolated_subnet_route_table_ids=["rtb-4", "rtb-4"],
        )
        make_cluster(vpc=isolated)
        assert only(CLUSTER)["ResourcesVpcConfig"]["SubnetIds"] == ["subnet-isolated-1", "subnet-isolated-2"]


class TestAutoMode:
    def test_eks_runs_nodes_volumes_and_load_balancers(self, make_cluster: Make, only: Only) -> None:
        make_cluster(**NO_NODES, auto_mode=True)
        properties = only(CLUSTER)
        assert properties["ComputeConfig"] == {
            "Enabled": True,
            "NodePools": ["system", "general-purpose"],
            "NodeRoleArn": {"Fn::GetAtt": ["ShopAutoModeNodeRole6B0D46C9", "Arn"]},
        }
        assert properties["StorageConfig"] == {"BlockStorage": {"Enabled": True}}
        assert properties["KubernetesNetworkConfig"]["ElasticLoadBalancing"] == {"Enabled": True}

    def test_its_roles_have_what_it_needs_and_still_trust_this_cluster_only(
        self, stack: cdk.Stack, make_cluster: Make
    ) -> None:
        make_cluster(**NO_NODES, auto_mode=True)
        template = Template.from_stack(stack)
        assert attached(template, "ShopAutoModeNodeRole6B0D46C9") == [
            "AmazonEKSWorkerNodeMinimalPolicy",
            "AmazonEC2ContainerRegistryPullOnly",
        ]
        assert attached(template, "ShopClusterRole2F07B85A") == [
            "AmazonEKSClusterPolicy",
            "AmazonEKSComputePolicy",
            "AmazonEKSBlockStoragePolicy",
            "AmazonEKSLoadBalancingPolicy",
            "AmazonEKSNetworkingPolicy",
        ]
        (statement,) = trust(template, "ShopClusterRole2F07B85A")
        assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
        assert "Condition" in statement

    def test_packs_find_nothing(self, stack: cdk.Stack, make_cluster: Make, pack_findings: Findings) -> None:
        make_cluster(**NO_NODES, auto_mode=True)
        assert pack_findings(stack) == []


class TestFargate:
    def test_pods_run_in_private_subnets_with_a_role_of_this_cluster(
        self, stack: cdk.Stack, make_cluster: Make
    ) -> None:
        batch = FargateProfile(name="batch", selectors=[eks.Selector(namespace="batch", labels={"where": "fargate"})])
        cluster = make_cluster(**NO_NODES, fargate_profiles=[SYSTEM, batch], cluster_name="shop")
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::EKS::FargateProfile",
            {
                "Selectors": [{"Namespace": "batch", "Labels": [{"Key": "where", "Value": "fargate"}]}],
                "Subnets": ["subnet-private-1", "subnet-private-2"],
            },
        )
        (statement,) = trust(template, "ShopFargateRole7F15959B")
        assert statement["Principal"] == {"Service": "eks-fargate-pods.amazonaws.com"}
        assert ":fargateprofile/shop/*" in str(statement["Condition"]["ArnLike"])
        assert list(cluster.fargate_profiles) == ["system", "batch"]

    def test_profiles_are_made_one_after_the_other(self, stack: cdk.Stack, make_cluster: Make) -> None:
        batch = FargateProfile(name="batch", selectors=[eks.Selector(namespace="batch")])
        make_cluster(**NO_NODES, fargate_profiles=[SYSTEM, batch])
        resources = Template.from_stack(stack).to_json()["Resources"]
        assert "ShopFargateProfilesystemAB5E7913" in resources["ShopFargateProfilebatch710E3E2E"]["DependsOn"]


class TestAccess:
    def test_a_role_is_admitted_to_namespaces_and_a_second_grant_adds_to_its_entry(
        self, stack: cdk.Stack, make_cluster: Make, only: Only
    ) -> None:
        role = iam.Role.from_role_arn(stack, "Team", "arn:aws:iam::111111111111:role/orders")
        cluster = make_cluster()
        entry = cluster.grant_access(role, "AmazonEKSEditPolicy", namespaces=["orders"])
        assert cluster.grant_access(role, "AmazonEKSViewPolicy") is entry
        properties = only("AWS::EKS::AccessEntry")
        assert properties["PrincipalArn"] == "arn:aws:iam::111111111111:role/orders"
        assert [each["AccessScope"] for each in properties["AccessPolicies"]] == [
            {"Type": "namespace", "Namespaces": ["orders"]},
            {"Type": "cluster"},
        ]
        assert "cluster-access-policy/AmazonEKSEditPolicy" in str(properties["AccessPolicies"][0]["PolicyArn"])
        assert list(cluster.access_entries) == [role.role_arn]

    def test_a_policy_of_iam_is_refused(self, stack: cdk.Stack, make_cluster: Make) -> None:
        role = iam.Role.from_role_arn(stack, "Team", "arn:aws:iam::111111111111:role/orders")
        with pytest.raises(InvalidArgumentsError, match="policy='AdministratorAccess': must be a name such as Amazon"):
            make_cluster().grant_access(role, "AdministratorAccess")

    def test_connections_open_the_endpoint(self, stack: cdk.Stack, make_cluster: Make, vpc: ec2.IVpc) -> None:
        runner = ec2.SecurityGroup(stack, "Runner", vpc=vpc, allow_all_outbound=False)
        make_cluster().connections.allow_default_port_from(runner, "kubectl")
        Template.from_stack(stack).has_resource_properties(
            "AWS::EC2::SecurityGroupIngress",
            {"FromPort": 443, "GroupId": {"Fn::GetAtt": ["ShopSecurityGroup77912ED4", "GroupId"]}},
        )

    def test_attributes_tell_how_to_connect(self, stack: cdk.Stack, make_cluster: Make) -> None:
        cluster = make_cluster()
        told = {
            "Endpoint": cluster.cluster_endpoint,
            "CertificateAuthorityData": cluster.certificate_authority_data,
            "OpenIdConnectIssuerUrl": cluster.open_id_connect_issuer_url,
            "ClusterSecurityGroupId": cluster.node_security_group.security_group_id,
        }
        for attribute, value in told.items():
            assert stack.resolve(value) == {"Fn::GetAtt": ["ShopC16EE205", attribute]}
        assert stack.resolve(cluster.cluster_name) == {"Ref": "ShopC16EE205"}


class TestPodIdentity:
    def test_makes_a_role_for_pods_of_this_cluster_only(self, stack: cdk.Stack, make_cluster: Make, only: Only) -> None:
        cluster = make_cluster(cluster_name="shop")
        role = cluster.add_pod_identity(namespace="orders", service_account="api")
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:orders")
        assert topic.grant_publish(role).success
        template = Template.from_stack(stack)
        (statement,) = trust(template, "ShopPodRoleordersapi6AF47969")
        assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
        assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
        assert ":cluster/shop" in str(statement["Condition"]["ArnEquals"]["aws:SourceArn"])
        assert only("AWS::EKS::PodIdentityAssociation") == {
            "ClusterName": {"Ref": "ShopC16EE205"},
            "Namespace": "orders",
            "ServiceAccount": "api",
            "RoleArn": {"Fn::GetAtt": ["ShopPodRoleordersapi6AF47969", "Arn"]},
        }

    def test_takes_a_given_role(self, stack: cdk.Stack, make_cluster: Make, only: Only) -> None:
        given = iam.Role.from_role_arn(stack, "Given", "arn:aws:iam::111111111111:role/orders")
        cluster = make_cluster()
        assert cluster.add_pod_identity(namespace="orders", service_account="api", role=given) is given
        assert only("AWS::EKS::PodIdentityAssociation")["RoleArn"] == given.role_arn
        assert list(cluster.pod_identities) == ["orders/api"]

    def test_one_service_account_has_one_role(self, make_cluster: Make) -> None:
        cluster = make_cluster()
        cluster.add_pod_identity(namespace="orders", service_account="api")
        with pytest.raises(InvalidArgumentsError, match="service_account='orders/api': has a role already"):
            cluster.add_pod_identity(namespace="orders", service_account="api")

    def test_needs_the_agent(self, make_cluster: Make) -> None:
        cluster = make_cluster(**NO_NODES, fargate_profiles=[SYSTEM])
        with pytest.raises(InvalidArgumentsError, match="needs the add-on eks-pod-identity-agent or auto_mode"):
            cluster.add_pod_identity(namespace="orders", service_account="api")

    def test_hyphens_do_not_confuse_two_service_accounts(self, make_cluster: Make) -> None:
        cluster = make_cluster()
        cluster.add_pod_identity(namespace="orders", service_account="eu-api")
        cluster.add_pod_identity(namespace="orders-eu", service_account="api")
        assert list(cluster.pod_identities) == ["orders/eu-api", "orders-eu/api"]

    def test_names_are_those_of_kubernetes(self, make_cluster: Make) -> None:
        with pytest.raises(InvalidArgumentsError, match="namespace='Orders': must be a name that Kubernetes accepts"):
            make_cluster().add_pod_identity(namespace="Orders", service_account="api")


class TestAlarms:
    def test_watch_the_control_plane_nodes_and_pods(self, stack: cdk.Stack, make_cluster: Make) -> None:
        topic = sns.Topic(stack, "Topic")
        alarms = make_cluster().add_alarms(topic, KubernetesClusterAlarmThresholds(node_cpu_percent=70))
        assert [alarm.node.id for alarm in alarms] == [
            "ApiServerErrorsAlarm",
            "UnschedulablePodsAlarm",
            "FailedNodesAlarm",
            "FailedPodsAlarm",
            "NodeCpuAlarm",
            "NodeMemoryAlarm",
        ]
        template = Template.from_stack(stack)
        for namespace, metric, statistic, threshold in (
            ("AWS/EKS", "apiserver_request_total_5XX", "Sum", 10),
            ("AWS/EKS", "scheduler_pending_pods_UNSCHEDULABLE", "Minimum", 0),
            ("ContainerInsights", "cluster_failed_node_count", "Average", 0),
            ("ContainerInsights", "pod_status_failed", "Average", 0),
            ("ContainerInsights", "node_cpu_utilization", "Average", 70),
            ("ContainerInsights", "node_memory_utilization", "Average", 85),
        ):
            template.has_resource_properties(
                "AWS::CloudWatch::Alarm",
                {
                    "Namespace": namespace,
                    "MetricName": metric,
                    "Statistic": statistic,
                    "Threshold": threshold,
                    "Dimensions": [{"Name": "ClusterName", "Value": {"Ref": "ShopC16EE205"}}],
                    "AlarmActions": [stack.resolve(topic.topic_arn)],
                    "OKActions": [stack.resolve(topic.topic_arn)],
                },
            )

    def test_without_container_insights_only_the_control_plane(self, stack: cdk.Stack, make_cluster: Make) -> None:
        cluster = make_cluster(**NO_NODES, fargate_profiles=[SYSTEM])
        assert len(cluster.add_alarms(sns.Topic(stack, "Topic"))) == 2

    def test_a_metric_has_the_period_that_is_asked_for(self, make_cluster: Make) -> None:
        cluster = make_cluster()
        assert cluster.metric_api_server_errors(period=cdk.Duration.minutes(1)).period.to_seconds() == 60
        assert cluster.metric_failed_nodes().period.to_seconds() == 300


class TestBadArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"version": eks.KubernetesVersion.V1_33}, "version='1.33': is out of standard support; must be 1.34 or"),
            (
                {"version": eks.KubernetesVersion.V1_31, "extended_support": True},
                "version='1.31': is out of extended support; must be 1.32 or newer",
            ),
            ({"version": eks.KubernetesVersion.of("1.36.1")}, "version='1.36.1': must be a minor version such as 1.36"),
            ({"cluster_name": "-shop"}, "cluster_name='-shop': must be 1 to 100 letters"),
            ({"public_access_cidrs": ["0.0.0.0/0"]}, "public_access_cidrs='0.0.0.0/0': must name who may connect"),
            ({"public_access_cidrs": ["0.0.0.0/1"]}, "public_access_cidrs='0.0.0.0/1': must name .*: /8 or narrower"),
            ({"public_access_cidrs": ["::/0"]}, "public_access_cidrs='::/0': must name who may connect"),
            ({"public_access_cidrs": ["10.0.0.1/8"]}, "public_access_cidrs='10.0.0.1/8': must be ranges such as"),
            ({"service_ipv4_cidr": "203.0.113.0/24"}, "service_ipv4_cidr='203.0.113.0/24': must be a range from /12"),
            ({"service_ipv4_cidr": "10.0.0.0/8"}, "service_ipv4_cidr='10.0.0.0/8': must be a range from /12 to /24"),
            ({"service_ipv4_cidr": "fd00::/108"}, "service_ipv4_cidr='fd00::/108': must be a range from /12"),
            (NO_NODES, r"node_groups=\[\]: nothing runs pods: give it, fargate_profiles or auto_mode"),
            (
                NO_NODES
                | {"fargate_profiles": [FargateProfile(name="a", selectors=[eks.Selector(namespace="orders")])]},
                r"fargate_profiles=\['a'\]: one must select kube-system, for CoreDNS",
            ),
            ({"fargate_profiles": [SYSTEM, SYSTEM]}, "fargate_profiles='system': is named more than once"),
            (
                {"fargate_profiles": [FargateProfile(name="eks-a", selectors=[])]},
                r"fargate_profiles\[eks-a\].name='eks-a': must be 1 to 40 .*selectors=0: must be 1 to 5",
            ),
            ({"node_groups": NODES["node_groups"] * 2}, "node_groups='general': is named more than once"),
            (
                {"vpc_subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)},
                "vpc_subnets='Stack/Vpc': must not be public",
            ),
            (
                {"vpc_subnets": ec2.SubnetSelection(availability_zones=["a"])},
                "vpc_subnets='Stack/Vpc': must be in two zones or more",
            ),
        ],
    )
    def test_are_named(self, make_cluster: Make, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            make_cluster(**arguments)

    def test_a_vpc_without_private_subnets(self, stack: cdk.Stack, make_cluster: Make) -> None:
        public = ec2.Vpc.from_vpc_attributes(stack, "Public", vpc_id="vpc-2", availability_zones=["a", "b"])
        with pytest.raises(InvalidArgumentsError, match="vpc='Stack/Public': has no private subnets; add that tier"):
            make_cluster(vpc=public)


class TestCannotBeUndone:
    @pytest.mark.parametrize(
        ("undo", "message"),
        [
            (
                lambda it: setattr(
                    it,
                    "resources_vpc_config",
                    eks.CfnCluster.ResourcesVpcConfigProperty(
                        subnet_ids=["a"], endpoint_private_access=True, endpoint_public_access=True
                    ),
                ),
                "KubernetesCluster is private; its ResourcesVpcConfig",
            ),
            (
                lambda it: setattr(
                    it,
                    "resources_vpc_config",
                    eks.CfnCluster.ResourcesVpcConfigProperty(
                        subnet_ids=["a"],
                        endpoint_private_access=True,
                        endpoint_public_access=True,
                        public_access_cidrs=["203.0.113.0/24", "0.0.0.0/0"],
                    ),
                ),
                "KubernetesCluster is private",
            ),
            (
                lambda it: setattr(
                    it,
                    "resources_vpc_config",
                    eks.CfnCluster.ResourcesVpcConfigProperty(
                        subnet_ids=["a"], endpoint_private_access=False, endpoint_public_access=False
                    ),
                ),
                "KubernetesCluster is private",
            ),
            (lambda it: setattr(it, "encryption_config", None), "KubernetesCluster encrypts secrets"),
            (lambda it: setattr(it, "logging", None), "KubernetesCluster logs all of its control plane"),
            (
                lambda it: setattr(
                    it,
                    "logging",
                    eks.CfnCluster.LoggingProperty(
                        cluster_logging=eks.CfnCluster.ClusterLoggingProperty(
                            enabled_types=[eks.CfnCluster.LoggingTypeConfigProperty(type="audit")]
                        )
                    ),
                ),
                "KubernetesCluster logs all of its control plane",
            ),
            (
                lambda it: setattr(
                    it,
                    "access_config",
                    eks.CfnCluster.AccessConfigProperty(
                        authentication_mode="API_AND_CONFIG_MAP", bootstrap_cluster_creator_admin_permissions=False
                    ),
                ),
                "KubernetesCluster admits by access entry only",
            ),
            (
                lambda it: setattr(it, "access_config", eks.CfnCluster.AccessConfigProperty(authentication_mode="API")),
                "KubernetesCluster admits by access entry only",
            ),
        ],
    )
    def test_by_an_escape_hatch(
        self, stack: cdk.Stack, make_cluster: Make, undo: Callable[[eks.CfnCluster], None], message: str
    ) -> None:
        resource = make_cluster().cluster.node.default_child
        assert isinstance(resource, eks.CfnCluster)
        undo(resource)
        with pytest.raises(RuntimeError, match=message):
            Template.from_stack(stack)


def test_works_in_a_product_with_parameters_and_without_assets(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def parameter(name: str, kind: str = "String") -> cdk.CfnParameter:
        return cdk.CfnParameter(product, name, type=kind)

    subnets = parameter("Subnets", "List<AWS::EC2::Subnet::Id>").value_as_list
    vpc = ec2.Vpc.from_vpc_attributes(
        product,
        "Vpc",
        vpc_id=parameter("VpcId").value_as_string,
        availability_zones=["a", "b"],
        private_subnet_ids=[cdk.Fn.select(number, subnets) for number in range(2)],
        private_subnet_route_table_ids=["rtb-1", "rtb-2"],
    )
    cluster = KubernetesCluster(
        product,
        "Shop",
        vpc=vpc,
        version=eks.KubernetesVersion.of(parameter("Version").value_as_string),
        node_groups=[
            NodeGroup(
                name="general",
                instance_types=[ec2.InstanceType(parameter("InstanceType").value_as_string)],
                min_size=parameter("Min", "Number").value_as_number,  # type: ignore[arg-type]
                max_size=parameter("Max", "Number").value_as_number,  # type: ignore[arg-type]
                volume_size_gib=parameter("VolumeSize", "Number").value_as_number,  # type: ignore[arg-type]
            )
        ],
        cluster_name=parameter("Name").value_as_string,
        public_access_cidrs=[parameter("Office").value_as_string],
        service_ipv4_cidr=parameter("Services").value_as_string,
    )
    cluster.grant_access(
        iam.Role.from_role_arn(product, "Team", parameter("TeamArn").value_as_string), "AmazonEKSViewPolicy"
    )
    resources = product_template()["Resources"]
    properties = resources["ShopC16EE205"]["Properties"]
    assert properties["Version"] == {"Ref": "Version"}
    assert properties["Name"] == {"Ref": "Name"}
    assert properties["ResourcesVpcConfig"]["PublicAccessCidrs"] == [{"Ref": "Office"}]
    (nodes,) = (each["Properties"] for each in resources.values() if each["Type"] == "AWS::EKS::Nodegroup")
    assert nodes["ScalingConfig"] == {
        "MinSize": {"Ref": "Min"},
        "MaxSize": {"Ref": "Max"},
        "DesiredSize": {"Ref": "Min"},
    }
    assert nodes["InstanceTypes"] == [{"Ref": "InstanceType"}]
    assert not any(each["Type"].startswith(("Custom::", "AWS::Lambda")) for each in resources.values())


def test_logical_ids_are_a_contract(stack: cdk.Stack, make_cluster: Make) -> None:
    make_cluster()
    resources = Template.from_stack(stack).to_json()["Resources"]
    kept = ("AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::EKS::Cluster", "AWS::EKS::Nodegroup", "AWS::IAM::Role")
    assert {name for name, resource in resources.items() if resource["Type"] in kept} == {
        "ShopKeyA44BF252",
        "ShopLogs069302D0",
        "ShopApplicationLogF1FE58DE",
        "ShopDataplaneLog34D4101A",
        "ShopHostLog5D539332",
        "ShopPerformanceLogD75FAFD6",
        "ShopC16EE205",
        "ShopNodeGroupgeneralE1BF2373",
        "ShopClusterRole2F07B85A",
        "ShopNodeRole0EC2F8F2",
        "ShopAddonRolevpccni3EFF0B10",
        "ShopAddonRoleamazoncloudwatchobservability985C128E",
    }
