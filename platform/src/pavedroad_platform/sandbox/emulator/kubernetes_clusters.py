"""What MiniStack leaves out of clusters of EKS: the security group of each, which it names only, and its encryption.

Source: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
"""

import contextlib
from collections.abc import Mapping
from typing import Any

from ministack.services import eks

from pavedroad_platform.sandbox.emulator.in_process_client import ServiceError, call

Answer = tuple[int, dict[str, str], bytes]


def install() -> None:
    """Make the group with the cluster, and remove it with the cluster."""
    create, delete = eks._create_cluster, eks._delete_cluster

    def create_cluster(body: Mapping[str, Any], creator_arn: str | None = None) -> Answer:
        try:
            network = _network_of(body.get("resourcesVpcConfig", {}).get("subnetIds", []))
        except ServiceError as error:
            refused: Answer = eks._error(400, "InvalidParameterException", error.detail)
            return refused
        answer: Answer = create(body, creator_arn)
        if answer[0] >= 400 or network is None:  # noqa: PLR2004 - HTTP
            return answer
        cluster = eks._clusters[body["name"]]
        group = _make_group(cluster["name"], network)
        cluster["resourcesVpcConfig"] |= {"vpcId": network, "clusterSecurityGroupId": group}
        described: Answer = eks._describe_cluster(cluster["name"])
        return described

    def delete_cluster(name: str) -> Answer:
        cluster = eks._clusters.get(name)
        answer: Answer = delete(name)
        if cluster:
            # As EKS does, leave a group that something else is in.
            with contextlib.suppress(ServiceError):
                call("ec2", "DeleteSecurityGroup", GroupId=cluster["resourcesVpcConfig"]["clusterSecurityGroupId"])
        return answer

    eks._create_cluster, eks._delete_cluster = create_cluster, delete_cluster


def complete_kubernetes_cluster(name: str, properties: Mapping[str, Any], _before: Mapping[str, Any]) -> None:
    """Encrypt what the template says, which MiniStack forgets."""
    eks._clusters[name]["encryptionConfig"] = [
        {"provider": {"keyArn": each["Provider"]["KeyArn"]}, "resources": each["Resources"]}
        for each in properties.get("EncryptionConfig", [])
    ]


def _network_of(subnets: list[str]) -> str | None:
    """The VPC that the subnets are in; ``None`` where none is named."""
    if not subnets:
        return None
    found = call("ec2", "DescribeSubnets", SubnetIds=subnets)["Subnets"]
    return str(found[0]["VpcId"])


def _make_group(cluster: str, network: str) -> str:
    group = call(
        "ec2",
        "CreateSecurityGroup",
        GroupName=f"eks-cluster-sg-{cluster}",
        Description="EKS created security group applied to ENI that is attached to EKS Control Plane master nodes",
        VpcId=network,
        TagSpecifications=[
            {
                "ResourceType": "security-group",
                "Tags": [{"Key": f"kubernetes.io/cluster/{cluster}", "Value": "owned"}],
            }
        ],
    )["GroupId"]
    itself = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}
    call("ec2", "AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=[itself])
    return str(group)
