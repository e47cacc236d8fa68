"""Clusters of EKS: what EKS makes around them."""

from typing import Any

import pytest

ROLE = "arn:aws:iam::666666666666:role/clusters"


@pytest.fixture(scope="module")
def subnet(emulator: Any) -> Any:
    ec2 = emulator.client("ec2")
    network = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=network, CidrBlock="10.99.0.0/24")["Subnet"]
    emulator.role("clusters", emulator.trusting({"Service": "eks.amazonaws.com"}), account="666666666666")
    yield subnet
    emulator.client("iam").delete_role(RoleName="clusters")
    ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    ec2.delete_vpc(VpcId=network)


def test_a_cluster_has_a_security_group_of_its_own_in_its_network(emulator: Any, subnet: Any) -> None:
    eks, ec2 = emulator.client("eks"), emulator.client("ec2")
    made = eks.create_cluster(name="orders", roleArn=ROLE, resourcesVpcConfig={"subnetIds": [subnet["SubnetId"]]})[
        "cluster"
    ]["resourcesVpcConfig"]
    (group,) = ec2.describe_security_groups(GroupIds=[made["clusterSecurityGroupId"]])["SecurityGroups"]
    assert group["VpcId"] == made["vpcId"] == subnet["VpcId"]
    assert group["GroupName"] == "eks-cluster-sg-orders"
    (itself,) = group["IpPermissions"][0]["UserIdGroupPairs"]
    assert itself["GroupId"] == group["GroupId"]
    eks.delete_cluster(name="orders")
    with pytest.raises(ec2.exceptions.ClientError, match=r"InvalidGroup\.NotFound"):
        ec2.describe_security_groups(GroupIds=[group["GroupId"]])


def test_subnets_that_there_are_not_are_refused(emulator: Any) -> None:
    eks = emulator.client("eks")
    with pytest.raises(eks.exceptions.InvalidParameterException, match="subnet-0123456789abcdef0"):
        eks.create_cluster(name="nowhere", roleArn=ROLE, resourcesVpcConfig={"subnetIds": ["subnet-0123456789abcdef0"]})
    assert "nowhere" not in eks.list_clusters()["clusters"]
