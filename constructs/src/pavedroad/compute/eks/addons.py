"""The software that EKS installs in a cluster and keeps up to date."""

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

NETWORK_PLUGIN = "vpc-cni"
POD_IDENTITY_AGENT = "eks-pod-identity-agent"
OBSERVABILITY = "amazon-cloudwatch-observability"
_BLOCK_STORAGE = "aws-ebs-csi-driver"
_DNS = "coredns"
_SERVICE_PROXY = "kube-proxy"

# Nodes are not ready before these run; everything else waits for nodes.
_BEFORE_NODES = (NETWORK_PLUGIN, _SERVICE_PROXY, POD_IDENTITY_AGENT)
# The add-ons that call AWS: their service account, and the policy that AWS makes for them.
_CALLERS = {
    NETWORK_PLUGIN: ("aws-node", "AmazonEKS_CNI_Policy"),
    _BLOCK_STORAGE: ("ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicy"),
    OBSERVABILITY: ("cloudwatch-agent", "CloudWatchAgentServerPolicy"),
}


@dataclass(frozen=True, kw_only=True)
class ClusterAddon:
    """An add-on of EKS.

    Attributes:
        name: As EKS has it, such as ``aws-ebs-csi-driver``.
        version: Such as ``v1.11.4-eksbuild.24``. Left out: the one that EKS prefers for the cluster's version, at the
            time when the add-on is made.
        configuration: The add-on's own settings, which are laid over those of the cluster. Left out: network policies
            are enforced by ``vpc-cni``; ``coredns`` runs where the cluster has room for it.
    """

    name: str
    version: str | None = None
    configuration: Mapping[str, Any] | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse names and versions that EKS does not have."""
        where = f"addons[{self.name}]"
        arguments.matches(f"{where}.name", self.name, "[a-z0-9][a-z0-9_-]{0,99}", "a name such as aws-ebs-csi-driver")
        arguments.matches(
            f"{where}.version", self.version, r"v\d+\.\d+\.\d+-eksbuild\.\d+", "a version such as v1.11.4-eksbuild.24"
        )


def default_addons(*, node_groups: bool, fargate_profiles: bool, auto_mode: bool) -> list[ClusterAddon]:
    """What a cluster needs: nodes of Auto Mode bring network, names and pod identity, Fargate brings the network."""
    names = [NETWORK_PLUGIN, _SERVICE_PROXY, POD_IDENTITY_AGENT] if node_groups else []
    if node_groups or fargate_profiles:
        names.append(_DNS)
    if node_groups or auto_mode:
        names.append(OBSERVABILITY)
    return [ClusterAddon(name=name) for name in names]


def check_addons(arguments: Arguments, addons: Sequence[ClusterAddon], *, auto_mode: bool) -> None:
    """Refuse an add-on named twice, and one that calls AWS where nothing hands it its role."""
    names = [addon.name for addon in addons]
    for addon in addons:
        addon.check(arguments)
    for name in sorted({name for name in names if names.count(name) > 1}):
        arguments.refuse("addons", name, "is named more than once")
    if auto_mode or POD_IDENTITY_AGENT in names:
        return
    for name in names:
        if name in _CALLERS:
            arguments.refuse(
                "addons", name, f"calls AWS as its service account, for which it needs {POD_IDENTITY_AGENT}"
            )


def make_addons(
    scope: Construct,
    addons: Sequence[ClusterAddon],
    *,
    cluster: eks.Cluster,
    cluster_name: str,
    encryption_key: kms.IKey,
    capacity: Sequence[Construct],
    on_fargate: bool,
) -> dict[str, eks.CfnAddon]:
    """The add-ons by name: those that nodes need before ``capacity``, the others after it."""
    made = {}
    for addon in addons:
        settings = _own_settings(addon.name, on_fargate=on_fargate) | dict(addon.configuration or {})
        resource = eks.CfnAddon(
            scope,
            f"Addon-{addon.name}",
            addon_name=addon.name,
            cluster_name=cluster.cluster_name,
            addon_version=addon.version,
            configuration_values=Stack.of(scope).to_json_string(settings) if settings else None,
            pod_identity_associations=_associations(scope, addon.name, cluster_name, encryption_key),
            resolve_conflicts="OVERWRITE",
        )
        if addon.name in _BEFORE_NODES:
            for each in capacity:
                each.node.add_dependency(resource)
        else:
            resource.node.add_dependency(*capacity)
        made[addon.name] = resource
    return made


def insights_log_groups(
    scope: Construct, *, cluster_name: str, encryption_key: kms.IKey, retention: logs.RetentionDays
) -> dict[str, logs.LogGroup]:
    """The groups that the agents of Container Insights would else make themselves, without encryption and for ever."""
    return {
        kind: encrypted_log_group(
            scope,
            f"{kind.title()}Log",
            encryption_key=encryption_key,
            retention=retention,
            log_group_name=f"/aws/containerinsights/{cluster_name}/{kind}",
        )
        for kind in ("application", "dataplane", "host", "performance")
    }


def _own_settings(name: str, *, on_fargate: bool) -> dict[str, Any]:
    if name == NETWORK_PLUGIN:
        return {"enableNetworkPolicy": "true"}
    if name == _DNS and on_fargate:
        return {"computeType": "Fargate"}
    return {}


def _associations(
    scope: Construct, name: str, cluster_name: str, encryption_key: kms.IKey
) -> list[eks.CfnAddon.PodIdentityAssociationProperty] | None:
    if name not in _CALLERS:
        return None
    service_account, policy = _CALLERS[name]
    role = pod_role(
        scope,
        f"AddonRole-{name}",
        cluster_name=cluster_name,
        description=f"The EKS add-on {name}",
        policies=[policy],
    )
    if name == _BLOCK_STORAGE:
        _allow_volumes(role, encryption_key)
    return [eks.CfnAddon.PodIdentityAssociationProperty(role_arn=role.role_arn, service_account=service_account)]


def _allow_volumes(role: iam.Role, encryption_key: kms.IKey) -> None:
    """Let storage classes name the cluster's key.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html
    """
    encryption_key.grant(role, "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext")
    role.add_to_principal_policy(
        iam.PolicyStatement(
            sid="VolumeGrants",
            actions=["kms:CreateGrant"],
            resources=[encryption_key.key_arn],
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        )
    )
