"""The store that a pipeline's stages hand their work on through."""

from collections.abc import Iterable

from aws_cdk import Arn, ArnFormat, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.storage.s3.secure_bucket import SecureBucket

READ_OBJECTS = ["s3:GetObject", "s3:GetObjectVersion"]
_WRITE_OBJECTS = ["s3:PutObject"]
LOOK_AT_BUCKET = ["s3:GetBucketLocation", "s3:GetBucketVersioning"]
DECRYPT = ["kms:Decrypt", "kms:DescribeKey"]
# S3 decrypts the parts of a multipart upload when it puts them together.
_ENCRYPT = [*DECRYPT, "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"]


class ArtifactStore(Construct):
    """An encrypted bucket for artefacts and the two policies that roles read and write them by.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        encryption_key: Encrypts every artefact.
        retention: How long an artefact is kept.
        replicas: Buckets of other regions that the artefacts of actions there are copied to.

    Attributes:
        bucket: The bucket of the pipeline's own region.
        readers: The managed policy of roles that read artefacts.
        writers: The managed policy of roles that write artefacts.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        encryption_key: kms.IKey,
        retention: Duration,
        replicas: Iterable[s3.IBucket] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        self.encryption_key = encryption_key
        self.bucket = SecureBucket(
            self,
            "Bucket",
            encryption_key=encryption_key,
            lifecycle_rules=[s3.LifecycleRule(id="expire-artifacts", expiration=retention)],
            noncurrent_version_expiration=Duration.days(30),
        ).bucket
        self._buckets = [self.bucket, *replicas]
        own = [bucket.encryption_key for bucket in self._buckets[1:] if bucket.encryption_key]
        self._keys = [encryption_key, *own]
        self.readers = self._policy("Readers", READ_OBJECTS, DECRYPT)
        self.writers = self._policy("Writers", _WRITE_OBJECTS, _ENCRYPT)

    def admit(self, role_arn: str) -> None:
        """Let a role of another account read the artefacts: it needs the buckets' and the keys' consent as well.

        By a condition on its account: a policy that named a role which does not exist yet could not be made. Imported
        replicas and keys have policies of their own, which must admit the role.
        """
        for bucket in self._buckets:
            admit_reader(bucket, role_arn)
        for key in self._keys:
            admit_decryption(key, role_arn)

    def cache(self, name: str, expiry: Duration) -> str:
        """The prefix of the cache of the build ``name``: no build fills the cache that another one trusts."""
        prefix = f"cache/{name}"
        self.bucket.add_lifecycle_rule(id=f"expire-cache-{name}", prefix=f"{prefix}/", expiration=expiry)
        return prefix

    def _policy(self, construct_id: str, object_actions: list[str], key_actions: list[str]) -> iam.ManagedPolicy:
        policy = iam.ManagedPolicy(
            self,
            construct_id,
            description=f"{construct_id} of the artefacts of {self.node.path}"[:1000],
            statements=[
                iam.PolicyStatement(
                    actions=object_actions, resources=[bucket.arn_for_objects("*") for bucket in self._buckets]
                ),
                iam.PolicyStatement(actions=LOOK_AT_BUCKET, resources=[bucket.bucket_arn for bucket in self._buckets]),
                iam.PolicyStatement(actions=key_actions, resources=[key.key_arn for key in self._keys]),
            ],
        )
        for bucket in self._buckets:
            acknowledge_resource(
                policy,
                bucket.arn_for_objects("*"),
                "CodePipeline chooses the key of every artefact when it runs; the bucket holds nothing but this "
                "pipeline's artefacts.",
            )
        return policy


def role_of_account(role_arn: str) -> iam.IPrincipal:
    """The one role, by its account and a condition, so that it need not exist when a policy admits it."""
    account = Arn.split(role_arn, ArnFormat.SLASH_RESOURCE_NAME).account
    assert account is not None
    return iam.PrincipalWithConditions(
        iam.AccountPrincipal(account), conditions={"ArnEquals": {"aws:PrincipalArn": role_arn}}
    )


def admit_reader(bucket: s3.IBucket, role_arn: str) -> None:
    """Let a role of another account read the artefacts in ``bucket``."""
    for actions, resource in ((READ_OBJECTS, bucket.arn_for_objects("*")), (LOOK_AT_BUCKET, bucket.bucket_arn)):
        bucket.add_to_resource_policy(
            iam.PolicyStatement(principals=[role_of_account(role_arn)], actions=actions, resources=[resource])
        )


def admit_decryption(key: kms.IKey, role_arn: str) -> None:
    """Let a role of another account decrypt artefacts with ``key``."""
    key.add_to_resource_policy(
        iam.PolicyStatement(principals=[role_of_account(role_arn)], actions=DECRYPT, resources=["*"])
    )
