"""What the roles of deployments may do, here or in the account that is deployed to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from pavedroad.delivery.pipeline.roles import ActionRoles
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What a deployment's role may do, in the account that is deployed to.

    Attributes:
        statements: The rights themselves.
        reasons: Why a resource with a wildcard in it is as narrow as can be, by the resource.
    """

    statements: Sequence[iam.PolicyStatement]
    reasons: Mapping[str, str]


def role_with(roles: ActionRoles, name: str, rights: Rights) -> iam.IRole:
    """A role of this account for the action ``name``, which reads artefacts and has ``rights``."""
    role = roles.make(name, rights.statements, reads=True)
    acknowledge_rights(role, rights)
    return role


def acknowledge_rights(role: ManagedPolicyRole, rights: Rights) -> None:
    """Acknowledge the wildcards in ``rights``, which ``role`` already has."""
    assert role.policy is not None
    for resource, reason in rights.reasons.items():
        acknowledge_resource(role.policy, resource, reason)


def task_definition_rights(stack: Stack, region: str | None, task_role_arns: Sequence[str]) -> Rights:
    """Registering and tagging new task definitions, with these roles and no others."""
    task_definitions = stack.format_arn(
        service="ecs", region=region or stack.region, resource="task-definition", resource_name="*"
    )
    return Rights(
        statements=[
            iam.PolicyStatement(actions=["ecs:RegisterTaskDefinition"], resources=[task_definitions]),
            iam.PolicyStatement(
                actions=["ecs:TagResource"],
                resources=[task_definitions],
                conditions={"StringEquals": {"ecs:CreateAction": "RegisterTaskDefinition"}},
            ),
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=list(task_role_arns),
                conditions={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            ),
        ],
        reasons={
            task_definitions: "The revision's number is not known before it is registered; what a new one may do "
            "is bounded by the roles that may be passed to it, which are named; it is tagged in that one call.",
        },
    )
