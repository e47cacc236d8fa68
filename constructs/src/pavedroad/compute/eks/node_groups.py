"""Managed node groups: which instances, how many, and what every node is held to."""

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
_BOTTLEROCKET = "BOTTLEROCKET_"
_NAME = r"[A-Za-z][A-Za-z0-9-]{0,39}"
_NAME_IN_WORDS = "1 to 40 letters, digits and hyphens, a letter first"


@dataclass(frozen=True, kw_only=True)
class NodeGroup:
    """A group of EC2 instances that EKS starts, replaces and repairs.

    Attributes:
        name: Unique among the cluster's groups; it is the construct's id, so a changed one replaces the group.
        instance_types: Left out: ``m7i.large``. Give several of one size to Spot.
        spot: Instances that AWS may take away with two minutes' notice. Left out: on demand.
        min_size: Never fewer nodes; may be a numeric parameter. Left out: 2, in different zones.
        max_size: Never more nodes. Left out: 6.
        desired_size: Nodes at the start; later an autoscaler in the cluster decides. Left out: ``min_size``.
        ami_type: Bottlerocket or Amazon Linux 2023. Left out: Bottlerocket, of the architecture of the types.
        volume_size_gib: Size of the volume that holds images and containers, in GiB. Left out: 50.
        labels: Kubernetes labels of the nodes. Left out: none.
        taints: Keep away pods that do not tolerate them. Left out: none.
        max_unavailable_percent: The share of the nodes that an update replaces at a time. Left out: 33.
    """

    name: str
    instance_types: Sequence[ec2.InstanceType] = field(default_factory=lambda: (ec2.InstanceType("m7i.large"),))
    spot: bool = False
    min_size: int = 2
    max_size: int = 6
    desired_size: int | None = None
    ami_type: eks.NodegroupAmiType | None = None
    volume_size_gib: int = 50
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: Sequence["NodeTaint"] = ()
    max_unavailable_percent: int = 33

    def check(self, arguments: Arguments) -> None:
        """Refuse what EKS does not accept, and images that are not hardened."""
        where = f"node_groups[{self.name}]"
        arguments.matches(f"{where}.name", self.name, _NAME, _NAME_IN_WORDS)
        arguments.between(f"{where}.min_size", self.min_size, 0, 450)
        arguments.between(f"{where}.max_size", self.max_size, 1, 450)
        if not Token.is_unresolved(self.min_size) and not Token.is_unresolved(self.max_size):
            arguments.between(f"{where}.max_size", self.max_size, self.min_size, 450)
            arguments.between(f"{where}.desired_size", self.desired_size, self.min_size, self.max_size)
        arguments.between(f"{where}.volume_size_gib", self.volume_size_gib, 20, 16384)
        arguments.between(f"{where}.max_unavailable_percent", self.max_unavailable_percent, 1, 100)
        architectures = {_is_arm(each) for each in self.instance_types}
        if len(architectures) != 1:
            names = [each.to_string() for each in self.instance_types]
            arguments.refuse(f"{where}.instance_types", names, "must be one or more types of one architecture")
            return
        ami_type = self.resolved_ami_type()
        if not ami_type.name.startswith((_BOTTLEROCKET, "AL2023_")):
            arguments.refuse(f"{where}.ami_type", ami_type.name, "must be of Bottlerocket or Amazon Linux 2023")
        elif ("ARM" in ami_type.name) not in architectures:
            arguments.refuse(f"{where}.ami_type", ami_type.name, "must be of the architecture of instance_types")
        for taint in self.taints:
            taint.check(arguments, where)

    def resolved_ami_type(self) -> eks.NodegroupAmiType:
        """The given type, or Bottlerocket of the architecture of the first instance type."""
        default = _AMI.BOTTLEROCKET_ARM_64 if _is_arm(self.instance_types[0]) else _AMI.BOTTLEROCKET_X86_64
        return self.ami_type or default


@dataclass(frozen=True, kw_only=True)
class NodeTaint:
    """Keeps pods off the nodes of a group unless they tolerate it.

    Attributes:
        key: The taint's key.
        value: Its value. Left out: none.
        effect: ``NO_SCHEDULE``, ``PREFER_NO_SCHEDULE`` or ``NO_EXECUTE``. Left out: ``NO_SCHEDULE``.
    """

    key: str
    value: str | None = None
    effect: str = "NO_SCHEDULE"

    def check(self, arguments: Arguments, where: str) -> None:
        """Refuse an effect that EKS does not know."""
        effects = ("NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE")
        arguments.one_of(f"{where}.taints[{self.key}].effect", self.effect, effects)


def make_node_group(
    scope: Construct,
    group: NodeGroup,
    *,
    cluster: eks.Cluster,
    version: str,
    role: iam.IRole,
    subnets: Sequence[ec2.ISubnet],
    encryption_key: kms.IKey,
) -> eks.CfnNodegroup:
    """The group with its launch template; its nodes are replaced when the cluster's version changes.

    Controls: EC2.8 and EC2.170 (IMDSv2), EC2.3 and EC2.181 (encrypted volumes), NIST CM-7, SC-28, SI-2.
    """
    template = _launch_template(scope, group, encryption_key)
    nodes = eks.CfnNodegroup(
        scope,
        f"NodeGroup-{group.name}",
        cluster_name=cluster.cluster_name,
        node_role=role.role_arn,
        subnets=[subnet.subnet_id for subnet in subnets],
        ami_type=group.resolved_ami_type().name.replace("X86", "x86"),  # as EKS spells it
        capacity_type="SPOT" if group.spot else "ON_DEMAND",
        instance_types=[each.to_string() for each in group.instance_types],
        labels=dict(group.labels) or None,
        launch_template=eks.CfnNodegroup.LaunchTemplateSpecificationProperty(
            id=template.ref, version=template.attr_latest_version_number
        ),
        node_repair_config=eks.CfnNodegroup.NodeRepairConfigProperty(enabled=True),
        scaling_config=eks.CfnNodegroup.ScalingConfigProperty(
            min_size=group.min_size,
            max_size=group.max_size,
            desired_size=group.min_size if group.desired_size is None else group.desired_size,
        ),
        taints=[
            eks.CfnNodegroup.TaintProperty(key=taint.key, value=taint.value, effect=taint.effect)
            for taint in group.taints
        ]
        or None,
        update_config=eks.CfnNodegroup.UpdateConfigProperty(max_unavailable_percentage=group.max_unavailable_percent),
        version=version,
    )
    # A node that starts before its role has its policies cannot join.
    nodes.node.add_dependency(role)
    _hold_nodes(scope, group.name, nodes, template)
    return nodes


def _launch_template(scope: Construct, group: NodeGroup, encryption_key: kms.IKey) -> ec2.CfnLaunchTemplate:
    volumes: dict[str, int | None] = {"/dev/xvda": group.volume_size_gib}
    if group.resolved_ami_type().name.startswith(_BOTTLEROCKET):
        # The first volume is Bottlerocket's own, which cannot be written and has the size of the image.
        volumes = {"/dev/xvda": None, "/dev/xvdb": group.volume_size_gib}
    return ec2.CfnLaunchTemplate(
        scope,
        f"LaunchTemplate-{group.name}",
        launch_template_data=ec2.CfnLaunchTemplate.LaunchTemplateDataProperty(
            block_device_mappings=[
                ec2.CfnLaunchTemplate.BlockDeviceMappingProperty(
                    device_name=device,
                    ebs=ec2.CfnLaunchTemplate.EbsProperty(
                        delete_on_termination=True,
                        encrypted=True,
                        kms_key_id=encryption_key.key_arn,
                        volume_size=size,
                        volume_type="gp3",
                    ),
                )
                for device, size in volumes.items()
            ],
            metadata_options=ec2.CfnLaunchTemplate.MetadataOptionsProperty(
                http_endpoint="enabled", http_put_response_hop_limit=1, http_tokens="required"
            ),
            monitoring=ec2.CfnLaunchTemplate.MonitoringProperty(enabled=True),
        ),
    )


def _hold_nodes(scope: Construct, name: str, nodes: eks.CfnNodegroup, template: ec2.CfnLaunchTemplate) -> None:
    def data() -> dict[str, Any]:
        found: dict[str, Any] = Stack.of(scope).resolve(template.launch_template_data)
        return found

    def demands_sessions() -> bool:
        options = data().get("metadataOptions", {})
        return bool(options.get("httpTokens") == "required" and options.get("httpPutResponseHopLimit") == 1)

    def encrypts() -> bool:
        volumes = [mapping.get("ebs", {}) for mapping in data().get("blockDeviceMappings", [])]
        return bool(volumes) and all(volume.get("encrypted") is True for volume in volumes)

    kind = type(scope).__name__
    hold(
        scope,
        f"{kind} keeps pods from the role of their node; the MetadataOptions of the node group {name} were weakened",
        demands_sessions,
    )
    hold(scope, f"{kind} encrypts its nodes' volumes; a volume of the node group {name} is not encrypted", encrypts)
    hold(
        scope,
        f"{kind} opens no SSH; the node group {name} has a key",
        lambda: nodes.remote_access is None and "keyName" not in data(),
    )


def _is_arm(instance_type: ec2.InstanceType) -> bool:
    text = instance_type.to_string()
    return not Token.is_unresolved(text) and instance_type.architecture == ec2.InstanceArchitecture.ARM_64
