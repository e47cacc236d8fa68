from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from aws_cdk import Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
_AMI = eks.NodegroupAmiType
_BOTTLEROCKET = 'BOTTLEROCKET_'
_NAME = '[A-Za-z][A-Za-z0-9-]{0,39}'
_NAME_IN_WORDS = '1 to 40 letters, digits and hyphens, a letter first'

@dataclass(frozen=True, kw_only=True)
class NodeGroup:
    name: str
    instance_types: Sequence[ec2.InstanceType] = field(default_factory=lambda: (ec2.InstanceType('m7i.large'),))
    spot: bool = False
    min_size: int = 2
    max_size: int = 6
    desired_size: int | None = None
    ami_type: eks.NodegroupAmiType | None = None
    volume_size_gib: int = 50
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: Sequence['NodeTaint'] = ()
    max_unavailable_percent: int = 33

    def check(self, arguments: Arguments) -> None:
        ...

    def resolved_ami_type(self) -> eks.NodegroupAmiType:
        ...

@dataclass(frozen=True, kw_only=True)
class NodeTaint:
    key: str
    value: str | None = None
    effect: str = 'NO_SCHEDULE'

    def check(self, arguments: Arguments, where: str) -> None:
        ...

def make_node_group(scope: Construct, group: NodeGroup, *, cluster: eks.Cluster, version: str, role: iam.IRole, subnets: Sequence[ec2.ISubnet], encryption_key: kms.IKey) -> eks.CfnNodegroup:
    ...
