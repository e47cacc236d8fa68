"""The roles that Service Catalog launches products with, one a product, by the same name in every account."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge_all
from pavedroad_platform.catalog.launch_policies import Statement, policies, statements
from pavedroad_platform.catalog.permissions import permissions
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.organization.names import Names


class LaunchRoles(Construct):
    """The launch roles of products: each may do what the registry says that its offered releases need, and no more.

    A launch constraint names its role without an account, so the same roles stand in the catalogue's account and in
    every account that launches.

    Args:
        scope: The parent construct, in the account that launches.
        construct_id: The id, unique among the parent's children.
        products: The keys of the products, such as ``organization.catalog.products``.
        names: The organisation's names.
        permissions_boundary: The boundary of the account.
        acknowledged: Whether findings are acknowledged. A template that is only published does without: each takes
            the CDK as long as the policy that it is about. Left out: they are.

    Attributes:
        roles: The launch role of each product by its key.

    Raises:
        PlatformError: A release needs permissions that are not known, or that do not fit a role.

    Source: https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html

    Example:
        >>> boundary = PermissionsBoundary(stack, "PermissionsBoundary", names=organization.names)
        >>> LaunchRoles(
        ...     stack,
        ...     "LaunchRoles",
        ...     products=organization.catalog.products,
        ...     names=organization.names,
        ...     permissions_boundary=boundary.policy,
        ... )
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        products: Iterable[str],
        names: Names,
        permissions_boundary: iam.IManagedPolicy,
        acknowledged: bool = True,
    ) -> None:
        super().__init__(scope, construct_id)
        self._acknowledged = acknowledged
        self.roles: Mapping[str, iam.Role] = {
            product: self._role(product, names, permissions_boundary) for product in products
        }

    def _role(self, product: str, names: Names, permissions_boundary: iam.IManagedPolicy) -> iam.Role:
        role = iam.Role(
            self,
            product,
            role_name=names.launch_role(product),
            description=f"Service Catalog launches, updates and terminates the product {product} with this role.",
            assumed_by=iam.ServicePrincipal("servicecatalog.amazonaws.com"),
            permissions_boundary=permissions_boundary,
        )
        for number, policy in enumerate(_policies_of(product), start=1):
            managed = _policy(role, f"Policy{number}", policy)
            if self._acknowledged:
                acknowledge_all(managed, _reasons(policy))
        return role


_OF_GRANTS = (
    "RDS asks for the grant with the rights of who makes the database. This role is taken by Service Catalog alone,"
    " which makes what a released template says; no person and no program holds it."
)
_OF_VAULTS = (
    "The access policy of a product's vault denies the deletion of what was backed up; CloudFormation cannot make the"
    " vault without it. Service Catalog alone takes this role, with released templates only."
)
# Each holds for the policies of every launch role: they are computed alike.
_OF_ALL_PRODUCTS = {
    "parliament::RESOURCE_STAR": (
        "Service Catalog keeps templates in a bucket of its own whose name is AWS's; reading them is confined by the"
        " tag that it sets on each."
    ),
    "parliament::RESOURCE_POLICY_PRIVILEGE_ESCALATION": (
        "CloudFormation sets the policy of a product's own bucket and touches no object in it. Nobody but Service"
        " Catalog takes this role, with released templates only."
    ),
    "checkov::CKV_AWS_111": (
        "Each write is one that a resource type of the released templates needs; the role is taken by Service Catalog"
        " alone, and the permissions boundary caps what it makes."
    ),
}


@cache
def _policies_of(product: str) -> list[list[Statement]]:
    """Computed once, however many accounts have the role."""
    templates = Releases(product).offered_templates()
    return policies(statements(permissions(templates), templates))


def _policy(role: iam.Role, construct_id: str, allowed: list[Statement]) -> Construct:
    managed = Construct(role, construct_id)
    # As CloudFormation has it: the text must be as long as it was counted, and hundreds of statements take one call.
    iam.CfnManagedPolicy(
        managed,
        "Resource",
        description="",
        path="/",
        roles=[role.role_name],
        policy_document={"Version": "2012-10-17", "Statement": [_statement(statement) for statement in allowed]},
    )
    return managed


def _reasons(allowed: list[Statement]) -> dict[str, str]:
    """Why each finding about a policy does not apply."""
    reasons = dict(_OF_ALL_PRODUCTS)
    if any("kms:CreateGrant" in statement.actions for statement in allowed):
        reasons["PavedRoad-IAM-12"] = _OF_GRANTS
    if any("backup:PutBackupVaultAccessPolicy" in statement.actions for statement in allowed):
        reasons["checkov::CKV_AWS_109"] = _OF_VAULTS
    for resource in sorted({arn for statement in allowed for arn in statement.resources if arn.endswith("*")}):
        reasons[f"AwsSolutions-IAM5[Resource::{_as_reported(resource)}]"] = _reason(resource)
    return reasons


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        **statement.as_json(),
        "Action": _one_or_all(statement.actions),
        "Resource": _one_or_all([_with_tokens(arn) for arn in statement.resources]),
    }


def _one_or_all(values: Sequence[str]) -> str | list[str]:
    """As the CDK writes lists into policies."""
    return values[0] if len(values) == 1 else list(values)


# Asked for once: every question to the CDK crosses a process, and there are hundreds of ARNs.
_TOKENS = {"${Partition}": Aws.PARTITION, "${Region}": Aws.REGION, "${Account}": Aws.ACCOUNT_ID}


def _with_tokens(arn: str) -> str:
    for variable, token in _TOKENS.items():
        arn = arn.replace(variable, token)
    return arn


def _as_reported(arn: str) -> str:
    return (
        arn.replace("${Partition}", "<AWS::Partition>")
        .replace("${Region}", "<AWS::Region>")
        .replace("${Account}", "<AWS::AccountId>")
    )


def _reason(resource: str) -> str:
    if resource == "*":
        return "These actions take no resource in IAM, or read a template that Service Catalog marked for this launch."
    if resource.endswith(":*"):
        return "AWS makes up the ids of what is launched, so each named action is confined to this account and region."
    return "The rest of the name is made up at launch; its beginning confines it to what products make."
