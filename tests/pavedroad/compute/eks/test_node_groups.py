from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk.assertions import Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.eks.kubernetes_cluster import KubernetesCluster
from pavedroad.compute.eks.node_groups import NodeGroup, NodeTaint

Make = Callable[..., KubernetesCluster]
Only = Callable[[str], dict[str, Any]]

NODES = "AWS::EKS::Nodegroup"
TEMPLATE = "AWS::EC2::LaunchTemplate"
ARM = [ec2.InstanceType("m7g.large")]


class TestNodes:
    def test_are_bottlerocket_on_demand_in_private_subnets_of_the_clusters_version(
        self, make_cluster: Make, only: Only
    ) -> None:
        make_cluster()
        properties = only(NODES)
        assert properties["AmiType"] == "BOTTLEROCKET_x86_64"
        assert properties["CapacityType"] == "ON_DEMAND"
        assert properties["InstanceTypes"] == ["m7i.large"]
        assert properties["Subnets"] == ["subnet-private-1", "subnet-private-2"]
        assert properties["Version"] == "1.36"
        assert properties["ScalingConfig"] == {"MinSize": 2, "MaxSize": 6, "DesiredSize": 2}
        assert properties["UpdateConfig"] == {"MaxUnavailablePercentage": 33}
        assert properties["NodeRepairConfig"] == {"Enabled": True}
        assert "RemoteAccess" not in properties

    def test_demand_sessions_that_no_container_can_have(self, make_cluster: Make, only: Only) -> None:
        make_cluster()
        assert only(TEMPLATE)["LaunchTemplateData"]["MetadataOptions"] == {
            "HttpEndpoint": "enabled",
            "HttpPutResponseHopLimit": 1,
            "HttpTokens": "required",
        }

    def test_encrypt_both_volumes_with_the_clusters_key(self, make_cluster: Make, only: Only) -> None:
        make_cluster()
        volumes = only(TEMPLATE)["LaunchTemplateData"]["BlockDeviceMappings"]
        assert [volume["DeviceName"] for volume in volumes] == ["/dev/xvda", "/dev/xvdb"]
        assert [volume["Ebs"].get("VolumeSize") for volume in volumes] == [None, 50]
        for volume in volumes:
            assert volume["Ebs"]["Encrypted"] is True
            assert volume["Ebs"]["KmsKeyId"] == {"Fn::GetAtt": ["ShopKeyA44BF252", "Arn"]}

    def test_have_one_volume_with_amazon_linux(self, make_cluster: Make, only: Only) -> None:
        group = NodeGroup(name="general", ami_type=eks.NodegroupAmiType.AL2023_X86_64_STANDARD, volume_size_gib=100)
        make_cluster(node_groups=[group])
        assert only(NODES)["AmiType"] == "AL2023_x86_64_STANDARD"
        (volume,) = only(TEMPLATE)["LaunchTemplateData"]["BlockDeviceMappings"]
        assert (volume["DeviceName"], volume["Ebs"]["VolumeSize"]) == ("/dev/xvda", 100)

    def test_their_image_is_of_the_architecture_of_their_types(self, make_cluster: Make, only: Only) -> None:
        make_cluster(node_groups=[NodeGroup(name="general", instance_types=ARM)])
        assert only(NODES)["AmiType"] == "BOTTLEROCKET_ARM_64"

    def test_spot_labels_taints_and_sizes(self, make_cluster: Make, only: Only) -> None:
        group = NodeGroup(
            name="batch",
            spot=True,
            min_size=0,
            max_size=20,
            desired_size=4,
            labels={"tier": "batch"},
            taints=[NodeTaint(key="tier", value="batch", effect="NO_EXECUTE")],
            max_unavailable_percent=50,
        )
        cluster = make_cluster(node_groups=[group])
        properties = only(NODES)
        assert properties["CapacityType"] == "SPOT"
        assert properties["ScalingConfig"] == {"MinSize": 0, "MaxSize": 20, "DesiredSize": 4}
        assert properties["Labels"] == {"tier": "batch"}
        assert properties["Taints"] == [{"Key": "tier", "Value": "batch", "Effect": "NO_EXECUTE"}]
        assert properties["UpdateConfig"] == {"MaxUnavailablePercentage": 50}
        assert list(cluster.node_groups) == ["batch"]


class TestRole:
    def test_pulls_images_hands_pods_their_roles_and_is_reached_by_ssm(
        self, stack: cdk.Stack, make_cluster: Make
    ) -> None:
        cluster = make_cluster(cluster_name="shop")
        assert cluster.node_role is not None
        resources = Template.from_stack(stack).to_json()["Resources"]
        managed = [
            each["Fn::Join"][1][-1].rpartition("/")[2]
            for each in resources["ShopNodeRole0EC2F8F2"]["Properties"]["ManagedPolicyArns"]
        ]
        assert managed == [
            "AmazonEKSWorkerNodeMinimalPolicy",
            "AmazonEC2ContainerRegistryPullOnly",
            "AmazonSSMManagedInstanceCore",
        ]
        describe, join = resources["ShopNodeRolePolicyE461960B"]["Properties"]["PolicyDocument"]["Statement"]
        assert describe["Action"] == ["ec2:DescribeInstanceTypes", "ec2:DescribeInstances"]
        assert join["Action"] == "eks:DescribeCluster"
        assert ":cluster/shop" in str(join["Resource"])

    def test_is_complete_before_nodes_start(self, stack: cdk.Stack, make_cluster: Make) -> None:
        make_cluster()
        nodes = Template.from_stack(stack).to_json()["Resources"]["ShopNodeGroupgeneralE1BF2373"]
        assert "ShopNodeRolePolicyE461960B" in nodes["DependsOn"]

    def test_there_is_none_without_node_groups(self, make_cluster: Make) -> None:
        assert make_cluster(node_groups=[], auto_mode=True).node_role is None


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ({"name": "2nd"}, r"node_groups\[2nd\].name='2nd': must be 1 to 40 letters"),
        ({"min_size": 3, "max_size": 2}, r"node_groups\[general\].max_size=2: must be from 3 to 450"),
        ({"desired_size": 9}, r"node_groups\[general\].desired_size=9: must be from 2 to 6"),
        ({"volume_size_gib": 8}, "volume_size_gib=8: must be from 20 to 16384"),
        ({"max_unavailable_percent": 0}, "max_unavailable_percent=0: must be from 1 to 100"),
        ({"instance_types": []}, r"instance_types=\[\]: must be one or more types of one architecture"),
        (
            {"instance_types": [*ARM, ec2.InstanceType("m7i.large")]},
            r"instance_types=\['m7g.large', 'm7i.large'\]: must be one or more types of one architecture",
        ),
        (
            {"instance_types": ARM, "ami_type": eks.NodegroupAmiType.BOTTLEROCKET_X86_64},
            "ami_type='BOTTLEROCKET_X86_64': must be of the architecture of instance_types",
        ),
        ({"ami_type": eks.NodegroupAmiType.AL2_X86_64}, "ami_type='AL2_X86_64': must be of Bottlerocket or Amazon"),
        (
            {"taints": [NodeTaint(key="gpu", effect="NoSchedule")]},
            r"taints\[gpu\].effect='NoSchedule': must be one of NO_EXECUTE, NO_SCHEDULE, PREFER_NO_SCHEDULE",
        ),
    ],
)
def test_bad_arguments_are_named(make_cluster: Make, group: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=message):
        make_cluster(node_groups=[NodeGroup(**{"name": "general"} | group)])


class TestCannotBeUndone:
    @pytest.mark.parametrize(
        ("weakened", "message"),
        [
            (
                {
                    "metadata_options": ec2.CfnLaunchTemplate.MetadataOptionsProperty(
                        http_tokens="required", http_put_response_hop_limit=2
                    )
                },
                "keeps pods from the role of their node; the MetadataOptions of the node group general were weakened",
            ),
            (
                {
                    "metadata_options": ec2.CfnLaunchTemplate.MetadataOptionsProperty(
                        http_tokens="optional", http_put_response_hop_limit=1
                    )
                },
                "keeps pods from the role of their node",
            ),
            (
                {
                    "block_device_mappings": [
                        ec2.CfnLaunchTemplate.BlockDeviceMappingProperty(
                            device_name="/dev/xvda", ebs=ec2.CfnLaunchTemplate.EbsProperty(encrypted=False)
                        )
                    ]
                },
                "encrypts its nodes' volumes; a volume of the node group general is not encrypted",
            ),
            ({}, "encrypts its nodes' volumes"),
            ({"key_name": "mine"}, "opens no SSH; the node group general has a key"),
        ],
    )
    def test_in_the_launch_template(
        self, stack: cdk.Stack, make_cluster: Make, weakened: dict[str, Any], message: str
    ) -> None:
        template = make_cluster().node.find_child("LaunchTemplate-general")
        assert isinstance(template, ec2.CfnLaunchTemplate)
        template.launch_template_data = ec2.CfnLaunchTemplate.LaunchTemplateDataProperty(**weakened)
        with pytest.raises(RuntimeError, match=message):
            Template.from_stack(stack)

    def test_no_key_is_let_in(self, stack: cdk.Stack, make_cluster: Make) -> None:
        nodes = make_cluster().node_groups["general"]
        nodes.remote_access = eks.CfnNodegroup.RemoteAccessProperty(ec2_ssh_key="mine")
        with pytest.raises(RuntimeError, match="opens no SSH; the node group general has a key"):
            Template.from_stack(stack)
