"""What the builds of the platform's pipeline may do: take the bootstrap roles, where they deploy, and little else."""

from collections.abc import Sequence

from aws_cdk import DefaultStackSynthesizer
from aws_cdk import aws_iam as iam

from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad_platform.organization import Organization
from stacks.permissions import Allowed

DEPLOY = ("deploy-role", "file-publishing-role", "lookup-role")
"""The bootstrap roles that ``cdk deploy`` takes."""

READ = ("lookup-role",)
"""The bootstrap role that only reads."""

_ANY = "*"


def bootstrap_roles(organization: Organization, names: tuple[str, ...], account: str = _ANY) -> list[str]:
    """The ARNs of the roles that ``cdk bootstrap`` made.

    Args:
        organization: The configuration.
        names: Which of them: ``DEPLOY`` or ``READ``.
        account: In which account. Left out: in every one.
    """
    prefix = f"cdk-{DefaultStackSynthesizer.DEFAULT_QUALIFIER}"
    return [f"arn:aws:iam::{account}:role/{prefix}-{name}-{account}-{organization.home_region}" for name in names]


def may(role: ManagedPolicyRole, allowed: Sequence[Allowed]) -> None:
    """Let ``role`` do this, acknowledged with the reasons that it has."""
    for each in allowed:
        role.add_to_principal_policy(each.statement())
    assert role.policy is not None
    for each in allowed:
        for resource in each.resources:
            if _ANY in resource:
                acknowledge_resource(role.policy, resource, each.reason)


def may_take(role: ManagedPolicyRole, arns: list[str], organization: Organization) -> None:
    """Let ``role`` take bootstrap roles, of accounts of this organisation only."""
    role.add_to_principal_policy(
        iam.PolicyStatement(
            actions=["sts:AssumeRole"],
            resources=arns,
            conditions={"StringEquals": {"aws:ResourceOrgID": organization.id}},
        )
    )
    assert role.policy is not None
    for arn in arns:
        if _ANY in arn:
            acknowledge_resource(
                role.policy,
                arn,
                "It is this one role in every account of the organisation, which the condition on aws:ResourceOrgID "
                "holds it to; a list of accounts would grow beyond what a policy may have.",
            )
