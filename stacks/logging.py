"""The log archive account: where the logs of all accounts are kept, locked, and read by auditors."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pavedroad import SecureBucket
from pavedroad.security.acknowledgments import acknowledge, acknowledge_resource
from pavedroad.security.keys import rotated_key
from pavedroad_platform.adoption.storage import PREFIX
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import LogArchive, PermissionSet, Purpose, StorageClass
from stacks.account_stack import AccountStack
from stacks.adoption_access import AdoptionAccess

_STORAGE_CLASSES: Final[Mapping[StorageClass, s3.StorageClass]] = {
    StorageClass.STANDARD_INFREQUENT_ACCESS: s3.StorageClass.INFREQUENT_ACCESS,
    StorageClass.GLACIER_INSTANT_RETRIEVAL: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
    StorageClass.GLACIER_FLEXIBLE_RETRIEVAL: s3.StorageClass.GLACIER,
    StorageClass.GLACIER_DEEP_ARCHIVE: s3.StorageClass.DEEP_ARCHIVE,
}


class LoggingStack(AccountStack):
    """Five buckets: the organisation trail's, the flow logs', what AWS Config delivers, the platform's reports, and the
    access logs of these four.

    What the first two hold is locked; nobody deletes it before its time. AWS Config does not deliver into a lock, and
    reports are no evidence: the other two are versioned. CloudTrail writes for the organisation trail alone; flow logs
    and configurations come from this organisation alone. Other accounts find the buckets and the key by their names.

    Args:
        scope: The app.
        construct_id: The stack's name.
        organization: The configuration.

    Attributes:
        log_archive: The bucket of the organisation trail.
        flow_logs: The bucket of VPC flow logs.
        configuration_history: The bucket of AWS Config.
        reports: The bucket of the platform's reports, such as on adoption.
        access_logs: The bucket of the server access logs of the others.
        key: Encrypts all but the access logs.

    Controls: CloudTrail.2, CloudTrail.6, CloudTrail.7, S3.15, NIST AU-9, AU-11.
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization) -> None:
        account = organization.account_with_purpose(Purpose.LOG_ARCHIVE)
        super().__init__(
            scope,
            construct_id,
            organization=organization,
            account=account,
            description="Log archive: the organisation trail, flow logs, configurations and reports, encrypted",
        )
        self._organization = organization
        names, region = organization.names, organization.home_region
        self.key = rotated_key(self, "Key", description="Encrypts the log archive")
        self.key.add_alias(names.key_alias("log-archive"))
        self.access_logs = SecureBucket(
            self,
            "AccessLogs",
            bucket_name=names.access_log_bucket(account.id, region),
            s3_managed_encryption_reason="S3 delivers server access logs to buckets in SSE-S3 only.",
            no_access_logs_reason="It receives the access logs of the archive; to log into itself would never end.",
            lifecycle_rules=[_lifecycle(organization.logging.log_archive)],
        )
        lock = _object_lock(organization.logging.log_archive)
        self.log_archive = self._archive("LogArchive", names.log_archive_bucket(account.id, region), lock)
        self.flow_logs = self._archive("FlowLogs", names.flow_log_bucket(account.id, region), lock)
        self.configuration_history = self._archive(
            "ConfigurationHistory", names.configuration_history_bucket(account.id, region)
        )
        self.reports = self._archive("Reports", names.report_bucket(account.id, region))
        self._admit_trail()
        self._admit_flow_logs()
        self._admit_config()
        self._admit_adoption_reports()
        for auditor in self.gateway_roles.with_permission(PermissionSet.AUDIT_SECURITY):
            self._admit_auditor(auditor)

    def _archive(self, construct_id: str, name: str, object_lock: s3.ObjectLockRetention | None = None) -> SecureBucket:
        settings = self._organization.logging.log_archive
        return SecureBucket(
            self,
            construct_id,
            bucket_name=name,
            encryption_key=self.key,
            access_log_bucket=self.access_logs.bucket,
            access_log_prefix=f"{name}/",
            lifecycle_rules=[_lifecycle(settings)],
            object_lock=object_lock,
        )

    def _admit_trail(self) -> None:
        """Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html."""
        organization = self._organization
        management = organization.account_with_purpose(Purpose.MANAGEMENT).id
        trail = f"arn:aws:cloudtrail:{organization.home_region}:{management}:trail/{organization.names.trail}"
        of_the_trail = {"aws:SourceArn": trail}
        bucket = self.log_archive.bucket
        prefixes = [f"AWSLogs/{owner}/*" for owner in (management, organization.id)]
        self._admit(bucket, "cloudtrail.amazonaws.com", prefixes, of_the_trail)
        # DescribeKey when the trail is made; Decrypt because the bucket's own data key is used again.
        _allow_key(self.key, "cloudtrail.amazonaws.com", ["kms:DescribeKey"], of_the_trail)

    def _admit_flow_logs(self) -> None:
        """Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html."""
        of_the_organization = {"aws:SourceOrgID": self._organization.id}
        self._admit(self.flow_logs.bucket, "delivery.logs.amazonaws.com", ["AWSLogs/*"], of_the_organization)

    def _admit_config(self) -> None:
        """Source: https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html."""
        of_the_organization = {"aws:SourceOrgID": self._organization.id}
        bucket = self.configuration_history.bucket
        self._admit(bucket, "config.amazonaws.com", ["AWSLogs/*/Config/*"], of_the_organization, "s3:ListBucket")

    def _admit_adoption_reports(self) -> None:
        bucket = self.reports.bucket
        objects = bucket.arn_for_objects(f"{PREFIX}*")
        access = AdoptionAccess(
            self,
            "Adoption",
            organization=self._organization,
            statements=[
                iam.PolicyStatement(actions=["s3:ListBucket"], resources=[bucket.bucket_arn]),
                iam.PolicyStatement(actions=["s3:GetObject", "s3:PutObject"], resources=[objects]),
                iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[self.key.key_arn]),
            ],
        )
        acknowledge_resource(
            access.policy,
            objects,
            "Reports are kept by date; it reads the last one and adds the next, and deletes none.",
        )

    def _admit(
        self, bucket: s3.Bucket, service: str, prefixes: list[str], condition: Mapping[str, str], *more: str
    ) -> None:
        principal = iam.ServicePrincipal(service)
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["s3:GetBucketAcl", *more],
                principals=[principal],
                resources=[bucket.bucket_arn],
                conditions={"StringEquals": condition},
            )
        )
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["s3:PutObject"],
                principals=[principal],
                resources=[bucket.arn_for_objects(prefix) for prefix in prefixes],
                conditions={"StringEquals": {**condition, "s3:x-amz-acl": "bucket-owner-full-control"}},
            )
        )
        _allow_key(self.key, service, ["kms:GenerateDataKey*", "kms:Decrypt"], condition)

    def _admit_auditor(self, auditor: iam.Role) -> None:
        policy = iam.ManagedPolicy(
            auditor,
            "LogArchive",
            roles=[auditor],
            statements=[iam.PolicyStatement(actions=["kms:Decrypt"], resources=[self.key.key_arn])],
        )
        for archive in (
            self.log_archive,
            self.flow_logs,
            self.configuration_history,
            self.reports,
            self.access_logs,
        ):
            bucket = archive.bucket
            objects = bucket.arn_for_objects("*")
            policy.add_statements(
                iam.PolicyStatement(actions=["s3:ListBucket"], resources=[bucket.bucket_arn]),
                iam.PolicyStatement(actions=["s3:GetObject"], resources=[objects]),
            )
            acknowledge(
                policy,
                f"AwsSolutions-IAM5[Resource::<{self.get_logical_id(_resource(bucket))}.Arn>/*]",
                "Reading every object of the archive is what auditors are for; they can neither write nor delete.",
            )


def _resource(bucket: s3.Bucket) -> s3.CfnBucket:
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    return resource


def _allow_key(key: kms.Key, service: str, actions: list[str], condition: Mapping[str, str]) -> None:
    key.add_to_resource_policy(
        iam.PolicyStatement(
            actions=actions,
            principals=[iam.ServicePrincipal(service)],
            resources=["*"],
            conditions={"StringEquals": condition},
        )
    )


def _lifecycle(settings: LogArchive) -> s3.LifecycleRule:
    return s3.LifecycleRule(
        id="archive",
        expiration=Duration.days(settings.retention_days),
        transitions=[
            s3.Transition(
                storage_class=_STORAGE_CLASSES[transition.storage_class],
                transition_after=Duration.days(transition.after_days),
            )
            for transition in settings.transitions
        ],
    )


def _object_lock(settings: LogArchive) -> s3.ObjectLockRetention:
    period = Duration.days(settings.object_lock.days)
    if settings.object_lock.mode == "compliance":
        return s3.ObjectLockRetention.compliance(period)
    return s3.ObjectLockRetention.governance(period)
