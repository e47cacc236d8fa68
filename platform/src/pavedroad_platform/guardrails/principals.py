"""The roles that guardrails must let work, as patterns that hold in every account."""

from typing import Final

from pavedroad_platform.organization.models import Organization
from pavedroad_platform.organization.names import PREFIX

DEPLOYMENT_ROLES: Final = (
    # CloudFormation works as the first when the CDK deploys; the second starts deployments.
    "arn:*:iam::*:role/cdk-*-cfn-exec-role-*",
    "arn:*:iam::*:role/cdk-*-deploy-role-*",
    # Service-managed StackSets work as it; a service-linked role makes it, which no policy binds.
    "arn:*:iam::*:role/stacksets-exec-*",
    # AWS Organizations makes it in every account; the management account bootstraps the CDK through it.
    "arn:*:iam::*:role/OrganizationAccountAccessRole",
)
"""Who changes the platform itself. Nobody can make a role with one of these names: ``protect-platform`` denies it."""

LAUNCH_ROLES: Final = f"arn:*:iam::*:role/{PREFIX}Launch*"
"""Who Service Catalog launches products as."""


def break_glass_roles(organization: Organization) -> list[str]:
    """The roles for emergencies; their use raises an alarm."""
    roles = [role.key for role in organization.access.roles.values() if role.break_glass]
    return [f"arn:*:iam::*:role/{organization.names.role(role)}" for role in roles]


def unless(*principals: str) -> dict[str, dict[str, list[str]]]:
    """A condition under which a denial spares ``principals``."""
    return {"ArnNotLike": {"aws:PrincipalArn": list(principals)}}
