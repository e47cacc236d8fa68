"""An encrypted volume that outlives instances."""

from collections.abc import Mapping

from aws_cdk import Annotations, RemovalPolicy, Size, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.security.acknowledgments import acknowledge, acknowledge_resource
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.storage.ebs.gp3 import check_gp3
from pavedroad.version_stamp import stamp


class Volume(Construct):
    """A gp3 volume in one zone that is encrypted and kept, for data that must outlive the instance that it is used by.

    A volume can be attached in its own zone only. ``SnapshotSchedule`` takes its snapshots, by its tags.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        availability_zone: The zone, such as ``eu-west-1a``.
        size_gib: 1 to 65,536. Left out: the size of the snapshot; required without one.
        snapshot_id: A snapshot that the volume begins with. Left out: empty.
        iops: 3,000 to 80,000, at most 500 a GiB. Left out: 3,000.
        throughput_mibps: MiB a second, 125 to 2,000, a quarter of the IOPS at most. Left out: 125.
        encryption_key: Encrypts the volume and its snapshots. Left out: a new key with yearly rotation, kept when the
            stack is deleted.
        removal_policy: What becomes of the volume when it leaves the stack. Left out: it is kept. ``SNAPSHOT`` keeps a
            snapshot. ``DESTROY`` leaves the warning ``pavedroad:volume-not-retained``.

    Attributes:
        volume: The L2 volume, with the id ``Resource``.
        encryption_key: The key in use.

    Raises:
        InvalidArgumentsError: Arguments are missing or out of range; all are named.

    Controls: EC2.3 (encrypted), nag EC26, NIST CP-9, SC-12, SC-13, SC-28.

    Example:
        >>> from pavedroad import Volume
        >>> first_zone = Fn.select(0, Fn.get_azs())
        >>> data = Volume(stack, "Data", availability_zone=first_zone, size_gib=200, iops=6000, encryption_key=key)
        >>> data.grant_attach(role, instance_tags={"application": "orders"})
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        availability_zone: str,
        size_gib: int | None = None,
        snapshot_id: str | None = None,
        iops: int | None = None,
        throughput_mibps: int | None = None,
        encryption_key: kms.IKey | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        arguments.matches(
            "availability_zone", availability_zone, "[a-z]{2}(-[a-z]+)+-[0-9][a-z]", "a zone, as eu-west-1a"
        )
        arguments.matches("snapshot_id", snapshot_id, "snap-[0-9a-f]{8,17}", "a snapshot, as snap-0123456789abcdef0")
        check_gp3(arguments, "", size_gib=size_gib, iops=iops, throughput_mibps=throughput_mibps)
        if size_gib is None and snapshot_id is None:
            arguments.refuse("size_gib", None, "is required where there is no snapshot_id")
        arguments.check()

        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Volume {self.node.path}")
        self.volume = ec2.Volume(
            self,
            "Resource",
            availability_zone=availability_zone,
            size=Size.gibibytes(_placeholder(size_gib)) if size_gib is not None else None,
            snapshot_id=snapshot_id,
            volume_type=ec2.EbsDeviceVolumeType.GP3,
            encrypted=True,
            encryption_key=self.encryption_key,
            removal_policy=removal_policy,
        )
        resource = self._resource
        # The L2 compares numbers, which parameters are not; they were checked above.
        resource.size, resource.iops, resource.throughput = size_gib, iops, throughput_mibps
        if removal_policy is RemovalPolicy.DESTROY:
            Annotations.of(self).add_warning_v2(
                "pavedroad:volume-not-retained", "The volume does not outlive its stack: what it holds can be lost."
            )
        acknowledge(
            self.volume,
            "NIST.800.53.R5-EC2EBSInBackupPlan",
            "Whether a volume is backed up is decided by its tags, which a backup plan or SnapshotSchedule selects by; "
            "neither stands in the volume's own template.",
        )
        hold(
            self,
            "Volume is encrypted at rest; its Encrypted or KmsKeyId was removed",
            lambda: resource.encrypted is True and bool(resource.kms_key_id),
        )
        stamp(self)

    def grant_attach(self, grantee: iam.IGrantable, *, instance_tags: Mapping[str, str]) -> iam.Grant:
        """Let ``grantee`` attach the volume to instances that have all of ``instance_tags``, and detach it.

        Args:
            grantee: Who may, such as an ``InstanceFleet`` whose instances take the volume themselves.
            instance_tags: The tags, such as ``fleet.tags``; one at least.

        Raises:
            InvalidArgumentsError: There are no tags.
        """
        arguments = Arguments(self)
        if not instance_tags:
            arguments.refuse("instance_tags", dict(instance_tags), "must name one tag at least")
        arguments.check()
        stack = Stack.of(self)
        volume = stack.format_arn(service="ec2", resource="volume", resource_name=self.volume.volume_id)
        instances = stack.format_arn(service="ec2", resource="instance", resource_name="*")
        actions = ["ec2:AttachVolume", "ec2:DetachVolume"]
        self.encryption_key.grant(grantee, "kms:DescribeKey")
        # EC2 makes a grant on the key for the instance, in the name of whoever attaches.
        grantee.grant_principal.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["kms:CreateGrant"],
                resources=[self.encryption_key.key_arn],
                conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
            )
        )
        grant = iam.Grant.add_to_principal(grantee=grantee, actions=actions, resource_arns=[volume])
        tagged = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=actions,
            resource_arns=[instances],
            conditions={"StringEquals": {f"aws:ResourceTag/{name}": value for name, value in instance_tags.items()}},
        )
        _acknowledge_instances(grantee, instances)
        return grant.combine(tagged)

    @property
    def _resource(self) -> ec2.CfnVolume:
        resource = self.volume.node.default_child
        assert isinstance(resource, ec2.CfnVolume)
        return resource


def _placeholder(size_gib: int) -> int:
    return 1 if Token.is_unresolved(size_gib) else size_gib


def _acknowledge_instances(grantee: iam.IGrantable, instances: str) -> None:
    principal = grantee.grant_principal
    if isinstance(principal, ManagedPolicyRole) and principal.policy is not None:
        acknowledge_resource(
            principal.policy, instances, "Which instances is decided by their tags, which the condition names."
        )
