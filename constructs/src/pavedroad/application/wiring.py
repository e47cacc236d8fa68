"""How the service comes to use the bucket and the database."""

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from pavedroad.application.parts import ApplicationParts
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole

if TYPE_CHECKING:
    from pavedroad.storage.s3.secure_bucket import SecureBucket

_OBJECTS = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
)


def connect(parts: ApplicationParts) -> None:
    """Let the service use the bucket, and reach the database and log in to it."""
    if parts.service is None:
        return
    if parts.bucket is not None:
        _use_objects(parts.service, parts.bucket)
    if parts.database is not None:
        parts.database.connections.allow_default_port_from(parts.service, "The service")
        parts.database.grant_connect(parts.service, user=parts.database_user)


def _use_objects(service: iam.IGrantable, bucket: "SecureBucket") -> None:
    """Without the wildcards in actions that the CDK's own grant has."""
    arn = bucket.bucket.bucket_arn
    objects = f"{arn}/*"
    _grant(service, objects, *_OBJECTS)
    _grant(service, arn, "s3:GetBucketLocation", "s3:ListBucket")
    if bucket.encryption_key is not None:
        _grant(service, bucket.encryption_key.key_arn, "kms:Decrypt", "kms:GenerateDataKey")
    role = service.grant_principal
    if isinstance(role, ManagedPolicyRole) and role.policy is not None:
        acknowledge_resource(
            role.policy,
            objects,
            "The bucket is the application's own and its service keeps all objects in it, under names that it makes; "
            "the actions are named, and no versions can be deleted.",
        )


def _grant(grantee: iam.IGrantable, resource: str, *actions: str) -> None:
    iam.Grant.add_to_principal(grantee=grantee, actions=list(actions), resource_arns=[resource])
