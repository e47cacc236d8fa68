"""A private, encrypted, versioned and logged bucket."""

from collections.abc import Sequence

from aws_cdk import Annotations, Duration, Names, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad.storage.s3.access_logs import deliver_access_logs
from pavedroad.storage.s3.alarms import REQUEST_METRICS, SecureBucketAlarmThresholds, bucket_alarms
from pavedroad.storage.s3.bucket_invariants import hold_bucket
from pavedroad.storage.s3.bucket_policy import deny_other_keys
from pavedroad.storage.s3.replication import BucketReplication, Replication
from pavedroad.version_stamp import stamp

_NAME = r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
_NAME_IN_WORDS = "3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit"
_DEFAULT_THRESHOLDS = SecureBucketAlarmThresholds()


class SecureBucket(Construct):
    """A bucket that is private, encrypted, versioned, logged, reached through TLS only and kept.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        bucket_name: The bucket's name. Left out: CloudFormation names it, which is what a template deployed more than
            once needs.
        encryption_key: Encrypts the objects. Left out: a new key with yearly rotation, kept when the stack is deleted.
        s3_managed_encryption_reason: Why S3's own key (SSE-S3) has to encrypt the objects instead of a KMS key, as an
            auditor would accept it; targets of server access logs and load balancer logs know no other. Left out: KMS.
        deny_other_keys: Refuse uploads that name another key. Left out: refused. ``False`` leaves the warning
            ``pavedroad:bucket-other-keys``.
        access_log_bucket: Receives the server access logs: a bucket of the same account and region in SSE-S3; one that
            is not of this app must admit ``logging.s3.amazonaws.com``. Left out: an own one, which keeps them a year.
        access_log_prefix: What the logs' keys begin with. Left out: ``access-logs/`` in an own bucket, a name unique
            to this bucket in a given one.
        no_access_logs_reason: Why there are no server access logs, as an auditor would accept it; a bucket that
            receives such logs cannot log into itself. Left out: there are.
        lifecycle_rules: Further rules, such as transitions. Left out: only the two that every bucket has: incomplete
            uploads are aborted after 7 days and noncurrent versions expire.
        noncurrent_version_expiration: How long replaced and deleted versions are kept, in days. Left out: 90 days.
        object_lock: Locks each new version: ``s3.ObjectLockRetention.compliance(...)`` against everyone,
            ``.governance(...)`` against all without a special permission. Left out: not locked.
        replication: Copies new objects to a bucket elsewhere. Left out: not copied.
        event_bridge: Send the bucket's events to EventBridge. Left out: not sent.
        inventories: Inventory reports. Left out: none.
        cors: What browsers of other origins may do. Left out: nothing.
        removal_policy: What becomes of the bucket when it leaves the stack. Left out: it is kept. Anything else leaves
            the warning ``pavedroad:bucket-not-retained``.

    Attributes:
        bucket: The L2 bucket, with the id ``Resource``.
        encryption_key: The key in use; ``None`` with S3's own key.
        access_log_bucket: The bucket that receives the access logs; ``None`` where there are none.
        replication: The replication with its ``role``; ``None`` where there is none.

    Raises:
        InvalidArgumentsError: Arguments contradict each other or are out of range; all are named.

    Controls: S3.1, S3.2, S3.3, S3.8 (no public access), S3.5 and nag S10 (TLS), S3.9 and nag S1 (access logs), S3.12
        (no ACLs), S3.13 (lifecycle), S3.14 (versions), S3.15 (object lock, optional), S3.17 (KMS), S3.7 (replication,
        optional), CIS 2.1, NIST AC-3, AU-2, CP-9, SC-8, SC-28.

    Example:
        >>> uploads = SecureBucket(
        ...     stack,
        ...     "Uploads",
        ...     lifecycle_rules=[s3.LifecycleRule(id="expire", expiration=Duration.days(30))],
        ...     event_bridge=True,
        ... )
        >>> uploads.grant_read(function)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket_name: str | None = None,
        encryption_key: kms.IKey | None = None,
        s3_managed_encryption_reason: str | None = None,
        deny_other_keys: bool = True,
        access_log_bucket: s3.IBucket | None = None,
        access_log_prefix: str | None = None,
        no_access_logs_reason: str | None = None,
        lifecycle_rules: Sequence[s3.LifecycleRule] = (),
        noncurrent_version_expiration: Duration | None = None,
        object_lock: s3.ObjectLockRetention | None = None,
        replication: Replication | None = None,
        event_bridge: bool = False,
        inventories: Sequence[s3.Inventory] = (),
        cors: Sequence[s3.CorsRule] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        arguments.matches("bucket_name", bucket_name, _NAME, _NAME_IN_WORDS)
        arguments.reason("s3_managed_encryption_reason", s3_managed_encryption_reason)
        arguments.reason("no_access_logs_reason", no_access_logs_reason)
        _check_contradictions(
            arguments, encryption_key, s3_managed_encryption_reason, access_log_bucket, no_access_logs_reason
        )
        arguments.check()

        if s3_managed_encryption_reason is None:
            encryption_key = encryption_key or rotated_key(self, "Key", description=f"Objects of {self.node.path}")
        self.encryption_key = encryption_key
        self.bucket = s3.Bucket(
            self,
            "Resource",
            bucket_name=bucket_name,
            encryption=s3.BucketEncryption.KMS if encryption_key else s3.BucketEncryption.S3_MANAGED,
            encryption_key=encryption_key,
            bucket_key_enabled=True if encryption_key else None,
            block_public_access=_block_all_public_access(),
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            lifecycle_rules=[*_own_rules(noncurrent_version_expiration or Duration.days(90)), *lifecycle_rules],
            object_lock_default_retention=object_lock,
            inventories=list(inventories),
            cors=list(cors),
            removal_policy=removal_policy,
        )
        self._restrict_keys(deny=deny_other_keys)
        self.access_log_bucket = self._log(access_log_bucket, access_log_prefix, no_access_logs_reason)
        self.replication = self._replicate(replication)
        if event_bridge:
            self._send_events()
        self._acknowledge(s3_managed_encryption_reason)
        if removal_policy is not RemovalPolicy.RETAIN:
            Annotations.of(self).add_warning_v2(
                "pavedroad:bucket-not-retained", "The bucket does not outlive its stack: what it holds can be lost."
            )
        hold_bucket(self, self.bucket)
        stamp(self)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: SecureBucketAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when requests are refused or fail, or copies are late; turns on the request metrics for it.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``SecureBucketAlarmThresholds``.
        """
        self.bucket.add_metric(id=REQUEST_METRICS)
        return bucket_alarms(
            self,
            bucket=self.bucket,
            replication=self.replication,
            topic=topic,
            thresholds=thresholds,
        )

    def grant_read(self, grantee: iam.IGrantable, objects: str = "*") -> iam.Grant:
        """Let ``grantee`` list the bucket and read ``objects``, decryption with its key included."""
        return self.bucket.grant_read(grantee, objects)

    def grant_write(self, grantee: iam.IGrantable, objects: str = "*") -> iam.Grant:
        """Let ``grantee`` write and delete ``objects``, encryption with its key included."""
        return self.bucket.grant_write(grantee, objects)

    def grant_read_write(self, grantee: iam.IGrantable, objects: str = "*") -> iam.Grant:
        """Let ``grantee`` read, write and delete ``objects``, the use of its key included."""
        return self.bucket.grant_read_write(grantee, objects)

    def grant_delete(self, grantee: iam.IGrantable, objects: str = "*") -> iam.Grant:
        """Let ``grantee`` delete ``objects``; their versions remain until they expire."""
        return self.bucket.grant_delete(grantee, objects)

    def _restrict_keys(self, *, deny: bool) -> None:
        if self.encryption_key is None:
            return
        if deny:
            deny_other_keys(self.bucket, self.encryption_key)
        else:
            Annotations.of(self).add_warning_v2(
                "pavedroad:bucket-other-keys",
                "Uploads may name another key: whoever holds that key decides who can read them.",
            )

    def _log(self, given: s3.IBucket | None, prefix: str | None, none_because: str | None) -> s3.IBucket | None:
        if none_because is not None:
            for finding in ("AwsSolutions-S1", "NIST.800.53.R5-S3BucketLoggingEnabled", "checkov::CKV_AWS_18"):
                acknowledge(self.bucket, finding, none_because)
            return None
        target = given or self._own_log_bucket()
        unique = f"{Names.unique_resource_name(self)}/" if given else "access-logs/"
        deliver_access_logs(self.bucket, target, prefix or unique)
        return target

    def _own_log_bucket(self) -> s3.Bucket:
        return SecureBucket(
            self,
            "AccessLogs",
            s3_managed_encryption_reason="Server access logs can be delivered to buckets in SSE-S3 only.",
            no_access_logs_reason="It receives server access logs; to log into itself would never end.",
            lifecycle_rules=[s3.LifecycleRule(id="expire-access-logs", expiration=Duration.days(365))],
        ).bucket

    def _replicate(self, replication: Replication | None) -> BucketReplication | None:
        if replication is None:
            acknowledge(
                self.bucket,
                "NIST.800.53.R5-S3BucketReplicationEnabled",
                "S3 stores objects in three zones or more, and versions undo deletion. A copy in another region or "
                "account costs as much again: whether the data needs it is decided by its owner, with the argument "
                "replication.",
            )
            return None
        return BucketReplication(
            self, "Replication", bucket=self.bucket, encryption_key=self.encryption_key, replication=replication
        )

    def _send_events(self) -> None:
        # The L2's event_bridge_enabled adds a handler function to the stack; the resource has a property for it.
        configuration = s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
        resource = self.bucket.node.default_child
        assert isinstance(resource, s3.CfnBucket)
        resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=configuration
        )

    def _acknowledge(self, s3_managed_encryption_reason: str | None) -> None:
        if s3_managed_encryption_reason:
            acknowledge(self.bucket, "NIST.800.53.R5-S3DefaultEncryptionKMS", s3_managed_encryption_reason)


def _block_all_public_access() -> s3.BlockPublicAccess:
    # Not the shared BLOCK_ALL: jsii forgets its class once the resource's property is read, as the invariant does.
    return s3.BlockPublicAccess(
        block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True
    )


def _own_rules(noncurrent_version_expiration: Duration) -> list[s3.LifecycleRule]:
    return [
        s3.LifecycleRule(id="abort-incomplete-uploads", abort_incomplete_multipart_upload_after=Duration.days(7)),
        s3.LifecycleRule(
            id="expire-noncurrent-versions",
            noncurrent_version_expiration=noncurrent_version_expiration,
            expired_object_delete_marker=True,
        ),
    ]


def _check_contradictions(
    arguments: Arguments,
    encryption_key: kms.IKey | None,
    s3_managed_encryption_reason: str | None,
    access_log_bucket: s3.IBucket | None,
    no_access_logs_reason: str | None,
) -> None:
    if encryption_key and s3_managed_encryption_reason is not None:
        arguments.refuse(
            "s3_managed_encryption_reason",
            s3_managed_encryption_reason,
            "give either it, for S3's own key, or encryption_key",
        )
    if access_log_bucket and no_access_logs_reason is not None:
        arguments.refuse("no_access_logs_reason", no_access_logs_reason, "give either it or access_log_bucket")
