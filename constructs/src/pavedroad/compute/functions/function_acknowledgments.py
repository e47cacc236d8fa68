"""Findings that do not apply to a function or its role, with the reasons."""

from aws_cdk import Stack, Token
from aws_cdk import aws_lambda as lambda_

from pavedroad.compute.functions.network import interface_arns
from pavedroad.security.acknowledgments import acknowledge, acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole

_CONCURRENCY = "NIST.800.53.R5-LambdaConcurrency"


def acknowledge_role(role: ManagedPolicyRole, *, in_vpc: bool) -> None:
    """Acknowledge the wildcards that Lambda itself needs; what others grant later stands in another policy."""
    assert role.policy is not None
    reason = "X-Ray takes traces for the account and has no resource to name."
    if in_vpc:
        reason += (
            " ec2:DescribeNetworkInterfaces and ec2:DescribeSubnets support no resource either; the function's own "
            "code is denied them."
        )
        made_of, every = interface_arns(role)
        for arn in (*made_of, every):
            acknowledge_resource(
                role.policy,
                arn,
                "Lambda makes and removes the function's network interfaces, whose ids are not known before, and asks "
                "for them in this form. They are of this account and region, and the function's own code is denied all "
                "of it.",
            )
    if "dynamodb:ListStreams" in str(Stack.of(role).resolve(role.policy.document)):
        reason += " Nor does dynamodb:ListStreams, which a table's stream needs and which tells names only."
    acknowledge_resource(role.policy, "*", reason)
    role.begin_policy("GrantedPolicy")


def acknowledge_function(function: lambda_.Function, *, in_vpc: bool, reserved: int | None) -> None:
    """Acknowledge what was left out on purpose."""
    if not in_vpc:
        acknowledge(
            function,
            "NIST.800.53.R5-LambdaInsideVPC",
            "Nothing reaches a function from a network, in a VPC or not: who may call it is decided by IAM. It needs "
            "the VPC only to reach what is in it, and is then given the argument network (Lambda.3).",
        )
        acknowledge(function, "checkov::CKV_AWS_117", "As NIST.800.53.R5-LambdaInsideVPC: it needs nothing of a VPC.")
    if reserved is None:
        reason = (
            "A limit of its own is taken from all other functions of the account, and turns calls away when it is "
            "reached: the owner sets it with the argument reserved_concurrency. The account's limit holds, and an "
            "alarm tells before it is reached."
        )
        acknowledge(function, _CONCURRENCY, reason)
        acknowledge(function, "checkov::CKV_AWS_115", reason)
    elif Token.is_unresolved(reserved):
        acknowledge(function, _CONCURRENCY, "The limit is a parameter, so the check cannot be evaluated; it is set.")
