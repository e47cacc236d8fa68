from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from pavedroad.delivery.pipeline.roles import ActionRoles
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole

@dataclass(frozen=True, kw_only=True)
class Rights:
    statements: Sequence[iam.PolicyStatement]
    reasons: Mapping[str, str]

def role_with(roles: ActionRoles, name: str, rights: Rights) -> iam.IRole:
    ...

def acknowledge_rights(role: ManagedPolicyRole, rights: Rights) -> None:
    ...

def task_definition_rights(stack: Stack, region: str | None, task_role_arns: Sequence[str]) -> Rights:
    ...
