"""The store of a pipeline's artefacts in a further region."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline.artifacts import admit_decryption, admit_reader
from pavedroad.delivery.pipeline.deployments import ROLE_ARN
from pavedroad.security.keys import rotated_key
from pavedroad.storage.s3.secure_bucket import SecureBucket
from pavedroad.version_stamp import stamp


class ArtifactReplica(Construct):
    """An encrypted bucket that CodePipeline copies artefacts to for deployments in this region.

    It stands in a stack of the pipeline's account in the other region and is deployed before the pipeline, which is
    given it as one of ``artifact_replicas``: imported by name, region and key. Only an ``EcsDeployment``,
    ``CodeDeployEcsDeployment`` or ``CloudFormationDeployment`` with a ``region`` needs one.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        bucket_name: The bucket's name, by which the pipeline's stack knows it.
        reader_role_arns: Roles of other accounts that deploy to this region, each a ``DeploymentTargetRole``; they need
            not exist yet. Left out: none.
        artifact_retention: How long artefacts are kept, in days; a rollback needs them. Left out: 90 days.

    Attributes:
        bucket: The bucket; it is kept when the stack is deleted.
        encryption_key: Its key, with yearly rotation.

    Raises:
        InvalidArgumentsError: Arguments cannot work; all are named.

    Controls: S3.1, S3.5 and nag S10 (TLS), S3.8 (no public access), S3.9 and nag S1 (access logs), S3.17 (KMS), KMS.4
        (rotation), NIST AC-3, AC-4, SC-12, SC-13, SC-28.

    Example:
        >>> replica = ArtifactReplica(
        ...     stack,
        ...     "Artifacts",
        ...     bucket_name="storefront-artifacts-eu-central-1",
        ...     reader_role_arns=["arn:aws:iam::777777777777:role/storefront-delivery"],
        ... )
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket_name: str,
        reader_role_arns: Sequence[str] = (),
        artifact_retention: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        retention = artifact_retention or Duration.days(90)
        arguments = Arguments(self)
        for role_arn in reader_role_arns:
            arguments.matches("reader_role_arns", role_arn, *ROLE_ARN)
        arguments.between("artifact_retention (days)", retention.to_days(integral=False), 1, 3650)
        arguments.check()

        self.encryption_key = rotated_key(self, "Key", description=f"Artefacts of {self.node.path}")
        self.bucket: s3.Bucket = SecureBucket(
            self,
            "Resource",
            bucket_name=bucket_name,
            encryption_key=self.encryption_key,
            lifecycle_rules=[s3.LifecycleRule(id="expire-artifacts", expiration=retention)],
            noncurrent_version_expiration=Duration.days(30),
        ).bucket
        for role_arn in reader_role_arns:
            admit_reader(self.bucket, role_arn)
            admit_decryption(self.encryption_key, role_arn)
        stamp(self)
