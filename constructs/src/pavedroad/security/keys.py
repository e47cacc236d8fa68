"""The encryption key that a construct makes when it is given none, and who else may use a key."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge

_USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")


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


def admit_auto_scaling(key: kms.IKey) -> None:
    """Let EC2 Auto Scaling of this account start instances whose volumes are encrypted with ``key``.

    The policy of a key made in the same app is extended; an imported key must already admit the service-linked role.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
    """
    stack = Stack.of(key)
    role = stack.format_arn(
        service="iam",
        region="",
        resource="role",
        resource_name="aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*",
    )
    only_auto_scaling = {"ArnLike": {"aws:PrincipalArn": role}}
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AutoScalingVolumes",
            principals=[iam.AnyPrincipal()],
            actions=list(_USE),
            resources=["*"],
            conditions=only_auto_scaling,
        )
    )
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AutoScalingGrants",
            principals=[iam.AnyPrincipal()],
            actions=["kms:CreateGrant"],
            resources=["*"],
            conditions=only_auto_scaling | {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        )
    )
    acknowledge(
        key,
        "checkov::CKV_AWS_33",
        "The condition leaves one principal, EC2 Auto Scaling's service-linked role of this account. KMS refuses a "
        "policy that names a role which does not exist yet, and AWS makes this one with the first group.",
    )
