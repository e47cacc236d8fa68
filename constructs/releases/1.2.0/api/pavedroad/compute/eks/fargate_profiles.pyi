from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from constructs import Construct
from pavedroad.arguments import Arguments
_MOST_SELECTORS = 5

@dataclass(frozen=True, kw_only=True)
class FargateProfile:
    name: str
    selectors: Sequence[eks.Selector]

    def check(self, arguments: Arguments) -> None:
        ...

    @property
    def runs_the_system(self) -> bool:
        ...

def make_fargate_profile(scope: Construct, profile: FargateProfile, *, cluster: eks.Cluster, role: iam.IRole, subnets: Sequence[ec2.ISubnet]) -> eks.CfnFargateProfile:
    ...
