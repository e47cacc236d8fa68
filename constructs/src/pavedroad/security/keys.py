"""The encryption key that a construct makes when it is given none, and who else may use a key."""

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge

_SERVICE_ROLES = {
    "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
    "spot.amazonaws.com": "AWSServiceRoleForEC2Spot",
}


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


def admit_auto_scaling(key: kms.IKey) -> None:
    """Let the service-linked roles of Auto Scaling and EC2 Spot use ``key``, for volumes and notifications.

    The policy of a key made in the same app is extended; an imported key must already admit the roles.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
    """
    stack = Stack.of(key)
    roles = [
        stack.format_arn(
            service="iam",
            region="",
            resource="role",
            resource_name=f"aws-service-role/{service}/{name}",
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )
        for service, name in _SERVICE_ROLES.items()
    ]
    # A condition and not the principal: KMS refuses a policy that names a role before its first use has made it.
    by_these_roles = {
        "StringEquals": {"aws:PrincipalArn": roles, "kms:CallerAccount": stack.account},
    }
    for sid, actions, condition in (
        (
            "AutoScaling",
            ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            by_these_roles,
        ),
        ("AutoScalingVolumes", ["kms:CreateGrant"], by_these_roles | {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
    ):
        added = key.add_to_resource_policy(
            iam.PolicyStatement(
                sid=sid, principals=[iam.AnyPrincipal()], actions=actions, resources=["*"], conditions=condition
            )
        )
    if added.statement_added:
        acknowledge(
            key,
            "checkov::CKV_AWS_33",
            "The statement admits two service-linked roles of this account, which its condition on aws:PrincipalArn "
            "names; as principals KMS would refuse them in an account where Auto Scaling has never been used.",
        )
