"""Fargate profiles: which pods run without nodes."""

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
    """Pods that AWS runs each on a machine of its own.

    Attributes:
        name: Unique among the cluster's profiles; it is the construct's id, so a changed one replaces the profile.
        selectors: Which pods: 1 to 5 of a namespace and labels, such as ``eks.Selector(namespace="orders")``.
    """

    name: str
    selectors: Sequence[eks.Selector]

    def check(self, arguments: Arguments) -> None:
        """Refuse what EKS does not accept."""
        where = f"fargate_profiles[{self.name}]"
        arguments.matches(
            f"{where}.name",
            self.name,
            r"(?!eks-)[A-Za-z][A-Za-z0-9-]{0,39}",
            "1 to 40 letters, digits and hyphens, a letter first, not beginning with eks-",
        )
        if not 1 <= len(self.selectors) <= _MOST_SELECTORS:
            arguments.refuse(f"{where}.selectors", len(self.selectors), f"must be 1 to {_MOST_SELECTORS}")

    @property
    def runs_the_system(self) -> bool:
        """Whether CoreDNS, which is in ``kube-system``, can run in it."""
        return any(selector.namespace in {"kube-system", "*"} for selector in self.selectors)


def make_fargate_profile(
    scope: Construct,
    profile: FargateProfile,
    *,
    cluster: eks.Cluster,
    role: iam.IRole,
    subnets: Sequence[ec2.ISubnet],
) -> eks.CfnFargateProfile:
    """The profile in the cluster's private subnets; Fargate accepts no others."""
    return eks.CfnFargateProfile(
        scope,
        f"FargateProfile-{profile.name}",
        cluster_name=cluster.cluster_name,
        pod_execution_role_arn=role.role_arn,
        subnets=[subnet.subnet_id for subnet in subnets],
        selectors=[
            eks.CfnFargateProfile.SelectorProperty(
                namespace=selector.namespace,
                labels=[
                    eks.CfnFargateProfile.LabelProperty(key=key, value=value)
                    for key, value in (selector.labels or {}).items()
                ]
                or None,
            )
            for selector in profile.selectors
        ],
    )
