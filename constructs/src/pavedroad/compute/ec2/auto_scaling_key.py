"""Lets Auto Scaling use a key: its service-linked role starts the instances whose volumes are encrypted."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge

_SERVICE_ROLES = {
    "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
    "spot.amazonaws.com": "AWSServiceRoleForEC2Spot",
}


def admit_auto_scaling(scope: Construct, key: kms.IKey) -> None:
    """Let the service-linked roles of Auto Scaling and EC2 Spot use ``key``, for volumes and notifications.

    The policy of a key made in the same app is extended; an imported key must already admit the roles.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
    """
    stack = Stack.of(scope)
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
