from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from aws_cdk import Stack
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.compute.eks.roles import pod_role
from pavedroad.observability.log_groups import encrypted_log_group
NETWORK_PLUGIN = 'vpc-cni'
POD_IDENTITY_AGENT = 'eks-pod-identity-agent'
OBSERVABILITY = 'amazon-cloudwatch-observability'
_BLOCK_STORAGE = 'aws-ebs-csi-driver'
_DNS = 'coredns'
_SERVICE_PROXY = 'kube-proxy'
_BEFORE_NODES = (NETWORK_PLUGIN, _SERVICE_PROXY, POD_IDENTITY_AGENT)
_CALLERS = {NETWORK_PLUGIN: ('aws-node', 'AmazonEKS_CNI_Policy'), _BLOCK_STORAGE: ('ebs-csi-controller-sa', 'service-role/AmazonEBSCSIDriverPolicy'), OBSERVABILITY: ('cloudwatch-agent', 'CloudWatchAgentServerPolicy')}

@dataclass(frozen=True, kw_only=True)
class ClusterAddon:
    name: str
    version: str | None = None
    configuration: Mapping[str, Any] | None = None

    def check(self, arguments: Arguments) -> None:
        ...

def default_addons(*, node_groups: bool, fargate_profiles: bool, auto_mode: bool) -> list[ClusterAddon]:
    ...

def check_addons(arguments: Arguments, addons: Sequence[ClusterAddon], *, auto_mode: bool) -> None:
    ...

def make_addons(scope: Construct, addons: Sequence[ClusterAddon], *, cluster: eks.Cluster, cluster_name: str, encryption_key: kms.IKey, capacity: Sequence[Construct], on_fargate: bool) -> dict[str, eks.CfnAddon]:
    ...

def insights_log_groups(scope: Construct, *, cluster_name: str, encryption_key: kms.IKey, retention: logs.RetentionDays) -> dict[str, logs.LogGroup]:
    ...
