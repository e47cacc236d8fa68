"""The encryption key that a construct makes when it is given none."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from constructs import Construct


def rotated_key(scope: Construct, construct_id: str, *, description: str) -> kms.Key:
    """A customer-managed key with yearly rotation; it outlives its stack so that what it encrypted stays readable.

    Controls: KMS.3 (no unintended deletion), KMS.4 (rotation), NIST SC-12.
    """
    return kms.Key(
        scope,
        construct_id,
        description=description,
        enable_key_rotation=True,
        removal_policy=RemovalPolicy.RETAIN,
    )
