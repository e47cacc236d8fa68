import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_eks_v2 as eks
from aws_cdk.assertions import Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.eks.addons import ClusterAddon
from pavedroad.compute.eks.fargate_profiles import FargateProfile
from pavedroad.compute.eks.kubernetes_cluster import KubernetesCluster

Make = Callable[..., KubernetesCluster]

SYSTEM = FargateProfile(name="system", selectors=[eks.Selector(namespace="kube-system")])
AGENT = ClusterAddon(name="eks-pod-identity-agent")


def addon(stack: cdk.Stack, name: str) -> dict[str, Any]:
    """The resource of an add-on."""
    found = Template.from_stack(stack).find_resources("AWS::EKS::Addon", {"Properties": {"AddonName": name}})
    (resource,) = found.values()
    return dict(resource)


class TestDefaults:
    @pytest.mark.parametrize(
        ("capacity", "names"),
        [
            (
                {},
                ["vpc-cni", "kube-proxy", "eks-pod-identity-agent", "coredns", "amazon-cloudwatch-observability"],
            ),
            ({"node_groups": [], "auto_mode": True}, ["amazon-cloudwatch-observability"]),
            ({"node_groups": [], "fargate_profiles": [SYSTEM]}, ["coredns"]),
            (
                {"node_groups": [], "fargate_profiles": [SYSTEM], "auto_mode": True},
                ["coredns", "amazon-cloudwatch-observability"],
            ),
        ],
    )
    def test_are_what_the_capacity_needs(self, make_cluster: Make, capacity: dict[str, Any], names: list[str]) -> None:
        assert list(make_cluster(**capacity).addons) == names

    def test_network_policies_are_enforced(self, stack: cdk.Stack, make_cluster: Make) -> None:
        make_cluster()
        values = addon(stack, "vpc-cni")["Properties"]["ConfigurationValues"]
        assert json.loads(values) == {"enableNetworkPolicy": "true"}

    def test_names_are_resolved_on_fargate_where_there_is_nothing_else(
        self, stack: cdk.Stack, make_cluster: Make
    ) -> None:
        make_cluster(node_groups=[], fargate_profiles=[SYSTEM])
        coredns = addon(stack, "coredns")
        assert json.loads(coredns["Properties"]["ConfigurationValues"]) == {"computeType": "Fargate"}
        assert coredns["DependsOn"] == ["ShopFargateProfilesystemAB5E7913"]

    def test_the_network_comes_before_the_nodes_and_the_rest_after_them(
        self, stack: cdk.Stack, make_cluster: Make
    ) -> None:
        make_cluster()
        nodes = Template.from_stack(stack).to_json()["Resources"]["ShopNodeGroupgeneralE1BF2373"]["DependsOn"]
        assert {
            "ShopAddonvpccniA16F20DB",
            "ShopAddonkubeproxyF9A8A3F3",
            "ShopAddonekspodidentityagent8C9D032A",
        } <= set(nodes)
        assert "ShopNodeGroupgeneralE1BF2373" in addon(stack, "coredns")["DependsOn"]

    def test_container_insights_finds_its_log_groups_made(self, stack: cdk.Stack, make_cluster: Make) -> None:
        cluster = make_cluster(cluster_name="shop")
        assert list(cluster.insights_log_groups) == ["application", "dataplane", "host", "performance"]
        template = Template.from_stack(stack)
        for kind, group in cluster.insights_log_groups.items():
            template.has_resource_properties(
                "AWS::Logs::LogGroup",
                {
                    "LogGroupName": f"/aws/containerinsights/shop/{kind}",
                    "KmsKeyId": stack.resolve(cluster.encryption_key.key_arn),
                },
            )
            depends = addon(stack, "amazon-cloudwatch-observability")["DependsOn"]
            assert stack.resolve(group.log_group_name) in [{"Ref": each} for each in depends]


class TestRoles:
    @pytest.mark.parametrize(
        ("name", "service_account", "policy"),
        [
            ("vpc-cni", "aws-node", "AmazonEKS_CNI_Policy"),
            ("amazon-cloudwatch-observability", "cloudwatch-agent", "CloudWatchAgentServerPolicy"),
            ("aws-ebs-csi-driver", "ebs-csi-controller-sa", "AmazonEBSCSIDriverPolicy"),
        ],
    )
    def test_an_addon_that_calls_aws_has_its_own(
        self, stack: cdk.Stack, make_cluster: Make, name: str, service_account: str, policy: str
    ) -> None:
        make_cluster(addons=[AGENT, ClusterAddon(name=name)])
        (association,) = addon(stack, name)["Properties"]["PodIdentityAssociations"]
        assert association["ServiceAccount"] == service_account
        role = Template.from_stack(stack).to_json()["Resources"][association["RoleArn"]["Fn::GetAtt"][0]]
        (managed,) = role["Properties"]["ManagedPolicyArns"]
        assert str(managed["Fn::Join"][1][-1]).endswith(policy)
        (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}

    def test_storage_classes_may_name_the_clusters_key(self, stack: cdk.Stack, make_cluster: Make) -> None:
        make_cluster(addons=[AGENT, ClusterAddon(name="aws-ebs-csi-driver")])
        policies = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy")
        (document,) = (
            policy["Properties"]["PolicyDocument"]
            for policy in policies.values()
            if "kms:CreateGrant" in str(policy["Properties"]["PolicyDocument"])
        )
        use, grants = document["Statement"]
        assert use["Action"] == ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"]
        assert grants["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
        assert use["Resource"] == grants["Resource"] == {"Fn::GetAtt": ["ShopKeyA44BF252", "Arn"]}


def test_versions_and_settings_are_those_that_are_given(stack: cdk.Stack, make_cluster: Make) -> None:
    given = ClusterAddon(
        name="vpc-cni", version="v1.20.4-eksbuild.1", configuration={"env": {"ENABLE_PREFIX_DELEGATION": "true"}}
    )
    make_cluster(addons=[AGENT, given])
    properties = addon(stack, "vpc-cni")["Properties"]
    assert properties["AddonVersion"] == "v1.20.4-eksbuild.1"
    assert json.loads(properties["ConfigurationValues"]) == {
        "enableNetworkPolicy": "true",
        "env": {"ENABLE_PREFIX_DELEGATION": "true"},
    }
    assert properties["ResolveConflicts"] == "OVERWRITE"


@pytest.mark.parametrize(
    ("addons", "message"),
    [
        ([ClusterAddon(name="CoreDNS")], r"addons\[CoreDNS\].name='CoreDNS': must be a name such as"),
        ([ClusterAddon(name="coredns", version="1.11")], r"addons\[coredns\].version='1.11': must be a version such"),
        ([ClusterAddon(name="coredns")] * 2, "addons='coredns': is named more than once"),
        (
            [ClusterAddon(name="vpc-cni")],
            "addons='vpc-cni': calls AWS as its service account, for which it needs eks-pod-identity-agent",
        ),
    ],
)
def test_bad_arguments_are_named(make_cluster: Make, addons: list[ClusterAddon], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=message):
        make_cluster(addons=addons)
