"""A file system that many clients share."""

import jsii
from aws_cdk import Annotations, RemovalPolicy, Size
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_efs as efs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad.storage.efs.access import Directory, over_tls_and_identified
from pavedroad.storage.efs.alarms import FileSystemAlarmThresholds, file_system_alarms, file_system_metric
from pavedroad.version_stamp import stamp

_DEFAULT_THRESHOLDS = FileSystemAlarmThresholds()
_REGION = r"[a-z]{2}(-[a-z]+)+-\d"
_READ = ("elasticfilesystem:ClientMount",)
_WRITE = (*_READ, "elasticfilesystem:ClientWrite")


@jsii.implements(ec2.IConnectable)
class FileSystem(Construct):
    """A file system on Amazon EFS: encrypted, in several zones, backed up, mounted over TLS by roles that may.

    A client needs three things: ``connections`` must let it in, its role needs a grant, and it mounts an access point,
    which shows one directory and lets it act as one user who is not root.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        vpc: The VPC whose clients mount it.
        vpc_subnets: Where it is reached: one subnet a zone, none of them public. Left out: isolated subnets where there
            are some, else private ones.
        encryption_key: Encrypts the files. Left out: a new key with yearly rotation, kept when the stack is deleted.
        infrequent_access: When files that nobody reads move to cheaper storage. Left out: after 30 days; they come back
            with the first access.
        archive: When they move to the cheapest storage. Left out: after 90 days.
        throughput_mode: Left out: elastic, which scales with the load and is paid by use.
        provisioned_throughput_mibps: MiB a second, for the mode ``PROVISIONED`` alone. Left out: the mode decides.
        replica_region: A region that gets a read-only copy, at most 15 minutes behind. Left out: no copy.
        replica_key_arn: Encrypts the copy. Left out: the key that AWS manages for EFS there.
        automatic_backups: Back it up daily with AWS Backup, kept for 35 days. Left out: it is. ``False``, for a backup
            plan of one's own, leaves the warning ``pavedroad:file-system-no-backups``.
        removal_policy: What becomes of the file system when it leaves the stack. Left out: it is kept. Anything else
            leaves the warning ``pavedroad:file-system-not-retained``.

    Attributes:
        file_system: The L2 file system, with the id ``Resource``.
        encryption_key: The key in use.
        security_group: The security group of its mount targets.
        connections: Its network connections, with port 2049 as default.
        access_points: The access points by their ids.

    Raises:
        InvalidArgumentsError: Arguments contradict each other or are out of range; all are named.

    Controls: EFS.1 and EFS.8 (encryption), EFS.2 and EFS.7 (backups), EFS.3 and EFS.4 (access points), EFS.6 (not
        public), NIST AC-3, CP-9, CP-10, SC-8, SC-12, SC-28.

    Example:
        >>> from pavedroad.storage.efs.access import Directory
        >>> uploads = FileSystem(stack, "Uploads", vpc=vpc, replica_region="eu-central-1")
        >>> orders = uploads.add_access_point("Orders", Directory(path="/orders"))
        >>> uploads.connections.allow_default_port_from(security_group, "Order service")
        >>> grant = uploads.grant_read_write(role, orders)
        >>> alarms = uploads.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        vpc_subnets: ec2.SubnetSelection | None = None,
        encryption_key: kms.IKey | None = None,
        infrequent_access: efs.LifecyclePolicy = efs.LifecyclePolicy.AFTER_30_DAYS,
        archive: efs.LifecyclePolicy = efs.LifecyclePolicy.AFTER_90_DAYS,
        throughput_mode: efs.ThroughputMode = efs.ThroughputMode.ELASTIC,
        provisioned_throughput_mibps: float | None = None,
        replica_region: str | None = None,
        replica_key_arn: str | None = None,
        automatic_backups: bool = True,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        _check_throughput(arguments, throughput_mode, provisioned_throughput_mibps)
        arguments.matches("replica_region", replica_region, _REGION, "the name of a region, such as eu-central-1")
        if replica_key_arn is not None and replica_region is None:
            arguments.refuse("replica_key_arn", replica_key_arn, "needs replica_region")
        arguments.check()

        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Files of {self.node.path}")
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="Mount targets of a file system", allow_all_outbound=False
        )
        self._replicated = replica_region is not None
        self.file_system = efs.FileSystem(
            self,
            "Resource",
            vpc=vpc,
            vpc_subnets=vpc_subnets or _least_exposed(vpc),
            security_group=self.security_group,
            encrypted=True,
            kms_key=self.encryption_key,
            lifecycle_policy=infrequent_access,
            transition_to_archive_policy=archive,
            out_of_infrequent_access_policy=efs.OutOfInfrequentAccessPolicy.AFTER_1_ACCESS,
            performance_mode=efs.PerformanceMode.GENERAL_PURPOSE,
            throughput_mode=throughput_mode,
            provisioned_throughput_per_second=Size.mebibytes(1) if provisioned_throughput_mibps else None,
            enable_automatic_backups=automatic_backups,
            # To "allow" leaves the policy as it is given. Otherwise the L2 adds a statement that lets everybody write.
            allow_anonymous_access=True,
            file_system_policy=over_tls_and_identified(),
            removal_policy=removal_policy,
        )
        self._complete(provisioned_throughput_mibps, replica_region, replica_key_arn)
        self.access_points: dict[str, efs.AccessPoint] = {}
        self._hold()
        self._acknowledge()
        self._warn(backed_up=automatic_backups, retained=removal_policy is RemovalPolicy.RETAIN)
        stamp(self)

    @property
    def connections(self) -> ec2.Connections:
        """Its network connections, such as for ``file_system.connections.allow_default_port_from(service)``."""
        return self.file_system.connections

    def add_access_point(self, construct_id: str, directory: Directory) -> efs.AccessPoint:
        """An access point that shows one directory, whose clients act as one user.

        Args:
            construct_id: Its id among the access points.
            directory: The directory, and as whom clients act.

        Raises:
            InvalidArgumentsError: The directory is the root, or the user is.
        """
        arguments = Arguments(self)
        directory.check(arguments)
        arguments.check()
        point = directory.access_point(self, f"AccessPoint{construct_id}", self.file_system)
        self.access_points[construct_id] = point
        return point

    def grant_read(self, grantee: iam.IGrantable, access_point: efs.IAccessPoint) -> iam.Grant:
        """Let ``grantee`` mount ``access_point`` and read."""
        return self._grant(grantee, access_point, _READ)

    def grant_read_write(self, grantee: iam.IGrantable, access_point: efs.IAccessPoint) -> iam.Grant:
        """Let ``grantee`` mount ``access_point``, read and write."""
        return self._grant(grantee, access_point, _WRITE)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: FileSystemAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when the file system is near its limit, or its copy is behind.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``FileSystemAlarmThresholds``.
        """
        return file_system_alarms(
            self,
            file_system_id=self.file_system.file_system_id,
            replicated=self._replicated,
            topic=topic,
            thresholds=thresholds,
        )

    def metric_client_connections(self, *, statistic: str = "Sum") -> cloudwatch.Metric:
        """The number of clients that are connected, every five minutes."""
        return file_system_metric("ClientConnections", self.file_system.file_system_id, statistic=statistic)

    def metric_io_limit(self, *, statistic: str = "Maximum") -> cloudwatch.Metric:
        """How near it is to the limit of its operations, in percent, every five minutes."""
        return file_system_metric("PercentIOLimit", self.file_system.file_system_id, statistic=statistic)

    def _grant(self, grantee: iam.IGrantable, point: efs.IAccessPoint, actions: tuple[str, ...]) -> iam.Grant:
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=list(actions),
            resource_arns=[self.file_system.file_system_arn],
            conditions={
                "StringEquals": {"elasticfilesystem:AccessPointArn": point.access_point_arn},
                "Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"},
            },
        )

    @property
    def _resource(self) -> efs.CfnFileSystem:
        resource = self.file_system.node.default_child
        assert isinstance(resource, efs.CfnFileSystem)
        return resource

    def _complete(self, throughput: float | None, region: str | None, key_arn: str | None) -> None:
        """What the L2 cannot take from a parameter: a size with fractions, and a region."""
        if throughput is not None:
            self._resource.provisioned_throughput_in_mibps = throughput
        if region is None:
            return
        destination = efs.CfnFileSystem.ReplicationDestinationProperty(region=region, kms_key_id=key_arn)
        self._resource.replication_configuration = efs.CfnFileSystem.ReplicationConfigurationProperty(
            destinations=[destination]
        )

    def _hold(self) -> None:
        resource = self._resource
        kind = type(self).__name__
        hold(self, f"{kind} is encrypted at rest; Encrypted was turned off", lambda: resource.encrypted is True)
        hold(
            self,
            f"{kind} is mounted over TLS by those who may; its FileSystemPolicy was removed",
            lambda: resource.file_system_policy is not None,
        )

    def _acknowledge(self) -> None:
        acknowledge(
            self.file_system,
            "NIST.800.53.R5-EFSInBackupPlan",
            "The check looks for a plan in the same template. Automatic backups put the file system into AWS Backup's "
            "own plan, daily and for 35 days; without them its owner was warned and selects it by tag.",
        )

    def _warn(self, *, backed_up: bool, retained: bool) -> None:
        annotations = Annotations.of(self)
        if not backed_up:
            annotations.add_warning_v2(
                "pavedroad:file-system-no-backups", "Nothing brings a deleted file back unless a backup plan does."
            )
        if not retained:
            annotations.add_warning_v2(
                "pavedroad:file-system-not-retained",
                "The file system does not outlive its stack: what it holds can be lost.",
            )


def _least_exposed(vpc: ec2.IVpc) -> ec2.SubnetSelection:
    has_isolated = bool(vpc.isolated_subnets)
    kind = ec2.SubnetType.PRIVATE_ISOLATED if has_isolated else ec2.SubnetType.PRIVATE_WITH_EGRESS
    return ec2.SubnetSelection(subnet_type=kind, one_per_az=True)


def _check_throughput(arguments: Arguments, mode: efs.ThroughputMode, mibps: float | None) -> None:
    provisioned = mode is efs.ThroughputMode.PROVISIONED
    if provisioned and mibps is None:
        arguments.refuse("provisioned_throughput_mibps", None, "is needed by throughput_mode PROVISIONED")
    if not provisioned and mibps is not None:
        arguments.refuse("provisioned_throughput_mibps", mibps, "needs throughput_mode PROVISIONED")
    arguments.between("provisioned_throughput_mibps", mibps, 1, 3072)
