"""A cluster with one node group, and the VPC that it needs."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad.compute.eks.kubernetes_cluster import KubernetesCluster
from pavedroad.compute.eks.node_groups import NodeGroup


@pytest.fixture
def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-1",
        availability_zones=["a", "b"],
        public_subnet_ids=["subnet-public-1", "subnet-public-2"],
        public_subnet_route_table_ids=["rtb-1", "rtb-1"],
        private_subnet_ids=["subnet-private-1", "subnet-private-2"],
        private_subnet_route_table_ids=["rtb-2", "rtb-3"],
    )


@pytest.fixture
def make_cluster(stack: cdk.Stack, vpc: ec2.IVpc) -> Callable[..., KubernetesCluster]:
    def make(**arguments: Any) -> KubernetesCluster:
        required: dict[str, Any] = {
            "vpc": vpc,
            "version": eks.KubernetesVersion.V1_36,
            "node_groups": [NodeGroup(name="general")],
        }
        return KubernetesCluster(stack, "Shop", **required | arguments)

    return make


@pytest.fixture
def only(stack: cdk.Stack) -> Callable[[str], dict[str, Any]]:
    """The properties of the only resource of a type."""

    def find(resource_type: str) -> dict[str, Any]:
        (resource,) = Template.from_stack(stack).find_resources(resource_type).values()
        properties: dict[str, Any] = resource["Properties"]
        return properties

    return find


@pytest.fixture
def warnings(stack: cdk.Stack) -> Callable[[], list[str]]:
    """The ids of our own warnings; the CDK's are about the tags of subnets that are not of the app."""

    def find() -> list[str]:
        found = Annotations.from_stack(stack).find_warning("*", Match.any_value())
        texts = [str(each.entry.data) for each in found]
        return [text.rpartition("[ack: ")[2].rstrip("]") for text in texts if "pavedroad:" in text]

    return find
