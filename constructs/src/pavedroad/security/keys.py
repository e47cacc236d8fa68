"""The encryption key that a construct makes when it is given none."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct


def rotated_key(
    scope: Construct,
    construct_id: str,
    *,
    description: str,
    alias: str | None = None,
    multi_region: bool | None = None,
    policy: iam.PolicyDocument | None = None,
) -> kms.Key:
    """A customer-managed key with yearly rotation; it outlives its stack so that what it encrypted stays readable.

    Args:
        scope: The parent construct.
        construct_id: The id in it.
        description: What the key encrypts.
        alias: Left out: none.
        multi_region: Left out: the key is of this region.
        policy: Left out: the identities of this account use and administer the key as their IAM policies say.

    Controls: KMS.3 (no unintended deletion), KMS.4 (rotation), NIST SC-12.
    """
    return kms.Key(
        scope,
        construct_id,
        description=description,
        enable_key_rotation=True,
        alias=alias,
        multi_region=multi_region,
        policy=policy,
        removal_policy=RemovalPolicy.RETAIN,
    )
