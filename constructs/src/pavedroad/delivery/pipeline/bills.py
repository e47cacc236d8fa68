"""Where a pipeline keeps what its scans found to be in each release."""

from aws_cdk import Duration
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pavedroad.delivery.pipeline.artifacts import DECRYPT, LOOK_AT_BUCKET
from pavedroad.delivery.pipeline.roles import ActionRoles, as_it_is
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.storage.s3.secure_bucket import SecureBucket


class BillsOfMaterials(Construct):
    """An encrypted bucket of software bills of materials, one folder for each execution of the pipeline.

    Beside the artefact bucket, where everything expires: who uses a release asks what is in it for as long as it runs.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        encryption_key: Encrypts the bills.
        retention: How long they are kept; ``None``: for good.

    Attributes:
        bucket: The bucket; it is kept when the stack is deleted.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, encryption_key: kms.IKey, retention: Duration | None
    ) -> None:
        super().__init__(scope, construct_id)
        self._key = encryption_key
        rules = [s3.LifecycleRule(id="expire-bills", expiration=retention)] if retention else []
        self.bucket = SecureBucket(self, "Bucket", encryption_key=encryption_key, lifecycle_rules=rules).bucket

    def keep(self, name: str, bill: codepipeline.Artifact, roles: ActionRoles) -> actions.S3DeployAction:
        """The action that copies ``bill`` from the artefacts, after the scan ``name`` has made it."""
        objects = self.bucket.arn_for_objects(f"*/{name}/*")
        role = roles.make(
            f"Keep{name}",
            [
                iam.PolicyStatement(actions=["s3:PutObject"], resources=[objects]),
                iam.PolicyStatement(actions=LOOK_AT_BUCKET, resources=[self.bucket.bucket_arn]),
                iam.PolicyStatement(actions=[*DECRYPT, "kms:GenerateDataKey"], resources=[self._key.key_arn]),
            ],
            reads=True,
        )
        assert role.policy is not None
        acknowledge_resource(
            role.policy,
            objects,
            "The execution's id is not known before it runs and the scan names its files; the folder is this scan's "
            "own.",
        )
        return actions.S3DeployAction(
            action_name=f"Keep{name}",
            bucket=self.bucket,
            input=bill,
            object_key=f"{codepipeline.GlobalVariables.EXECUTION_ID}/{name}",
            role=as_it_is(role),
            run_order=2,
        )
