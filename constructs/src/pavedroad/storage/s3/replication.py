"""Replication of a bucket's objects to a bucket elsewhere."""

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole

RULE = "replicate"


@dataclass(frozen=True, kw_only=True)
class Replication:
    """Where new objects are copied to. The bucket there is versioned and admits the role by its policy.

    Attributes:
        bucket_arn: The ARN of the bucket that receives the copies, in another region or account.
        encryption_key_arn: The ARN of the KMS key there that encrypts the copies.
        account: The account that owns that bucket, which then owns the copies. Left out: this account.
        prefix: Copy only objects whose key begins with it. Left out: all.
    """

    bucket_arn: str
    encryption_key_arn: str
    account: str | None = None
    prefix: str = ""


class BucketReplication(Construct):
    """Replicates a bucket through a role that may read it and write to the one target, nothing else.

    Args:
        scope: The bucket's construct.
        construct_id: The id in it.
        bucket: The source.
        encryption_key: Its key; ``None`` where it is encrypted by S3.
        replication: The target.

    Attributes:
        target: Where the copies go, as given.
        role: What S3 replicates with; the policy of a bucket in another account admits it.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    Controls: S3.7, NIST CP-9.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.Bucket,
        encryption_key: kms.IKey | None,
        replication: Replication,
    ) -> None:
        super().__init__(scope, construct_id)
        self.target = replication
        self.role = ManagedPolicyRole(
            self,
            "Role",
            description="Replicates the objects of one bucket",
            assumed_by=iam.ServicePrincipal(
                "s3.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
            ),
        )
        for statement in (*_reading(bucket, encryption_key), *_writing(replication)):
            self.role.add_to_principal_policy(statement)
        for objects in (bucket.arn_for_objects("*"), f"{replication.bucket_arn}/*"):
            acknowledge_resource(
                self.role,
                objects,
                "Replication concerns every object of the bucket; the role names this one source and this one target.",
            )
        resource = bucket.node.default_child
        assert isinstance(resource, s3.CfnBucket)
        resource.replication_configuration = _configuration(self.role, replication)


def _reading(bucket: s3.Bucket, key: kms.IKey | None) -> list[iam.PolicyStatement]:
    statements = [
        iam.PolicyStatement(actions=["s3:GetReplicationConfiguration", "s3:ListBucket"], resources=[bucket.bucket_arn]),
        iam.PolicyStatement(
            actions=[
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionTagging",
                "s3:GetObjectRetention",
                "s3:GetObjectLegalHold",
            ],
            resources=[bucket.arn_for_objects("*")],
        ),
    ]
    if key:
        statements.append(iam.PolicyStatement(actions=["kms:Decrypt"], resources=[key.key_arn]))
    return statements


def _writing(replication: Replication) -> list[iam.PolicyStatement]:
    actions = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
    if replication.account:
        actions.append("s3:ObjectOwnerOverrideToBucketOwner")
    return [
        iam.PolicyStatement(actions=actions, resources=[f"{replication.bucket_arn}/*"]),
        iam.PolicyStatement(actions=["kms:Encrypt", "kms:GenerateDataKey"], resources=[replication.encryption_key_arn]),
    ]


def _configuration(role: iam.Role, replication: Replication) -> s3.CfnBucket.ReplicationConfigurationProperty:
    on = "Enabled"
    bucket = s3.CfnBucket
    return bucket.ReplicationConfigurationProperty(
        role=role.role_arn,
        rules=[
            bucket.ReplicationRuleProperty(
                id=RULE,
                priority=1,
                status=on,
                filter=bucket.ReplicationRuleFilterProperty(prefix=replication.prefix),
                delete_marker_replication=bucket.DeleteMarkerReplicationProperty(status=on),
                source_selection_criteria=bucket.SourceSelectionCriteriaProperty(
                    sse_kms_encrypted_objects=bucket.SseKmsEncryptedObjectsProperty(status=on)
                ),
                destination=bucket.ReplicationDestinationProperty(
                    bucket=replication.bucket_arn,
                    account=replication.account,
                    metrics=bucket.MetricsProperty(status=on),
                    access_control_translation=bucket.AccessControlTranslationProperty(owner="Destination")
                    if replication.account
                    else None,
                    encryption_configuration=bucket.EncryptionConfigurationProperty(
                        replica_kms_key_id=replication.encryption_key_arn
                    ),
                ),
            )
        ],
    )
