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
_NAME = '(?!.*\\.\\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]'
_NAME_IN_WORDS = '3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit'
_DEFAULT_THRESHOLDS = SecureBucketAlarmThresholds()

class SecureBucket(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, bucket_name: str | None=None, encryption_key: kms.IKey | None=None, s3_managed_encryption_reason: str | None=None, deny_other_keys: bool=True, access_log_bucket: s3.IBucket | None=None, access_log_prefix: str | None=None, no_access_logs_reason: str | None=None, lifecycle_rules: Sequence[s3.LifecycleRule]=(), noncurrent_version_expiration: Duration | None=None, object_lock: s3.ObjectLockRetention | None=None, replication: Replication | None=None, event_bridge: bool=False, inventories: Sequence[s3.Inventory]=(), cors: Sequence[s3.CorsRule]=(), removal_policy: RemovalPolicy=RemovalPolicy.RETAIN) -> None:
        self.access_log_bucket = ...
        self.bucket = ...
        self.encryption_key = ...
        self.replication = ...

    def add_alarms(self, topic: sns.ITopic, thresholds: SecureBucketAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def grant_read(self, grantee: iam.IGrantable, objects: str='*') -> iam.Grant:
        ...

    def grant_write(self, grantee: iam.IGrantable, objects: str='*') -> iam.Grant:
        ...

    def grant_read_write(self, grantee: iam.IGrantable, objects: str='*') -> iam.Grant:
        ...

    def grant_delete(self, grantee: iam.IGrantable, objects: str='*') -> iam.Grant:
        ...
