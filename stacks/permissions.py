"""What each permission set of ``access.yaml`` allows in an account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from aws_cdk import aws_iam as iam

from pavedroad_platform.adoption.metrics import NAMESPACE
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Account, PermissionSet, Purpose


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """A statement of our own.

    Attributes:
        sid: Its id.
        actions: What is allowed.
        resources: On what.
        reason: Why the resources cannot be named one by one.
        condition: When. Left out: always.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    reason: str
    condition: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def statement(self) -> iam.PolicyStatement:
        """A new statement: each belongs to one policy."""
        return iam.PolicyStatement(
            sid=self.sid, actions=list(self.actions), resources=list(self.resources), conditions=self.condition
        )


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """What a role may do.

    Attributes:
        managed_policies: Policies that AWS maintains, by name below ``aws:policy/``, each with the reason to take it.
        statements: The statements of our own.
    """

    managed_policies: Mapping[str, str] = field(default_factory=dict)
    statements: tuple[Allowed, ...] = ()


_VIEW: Final = {
    "job-function/ViewOnlyAccess": (
        "It lists and describes, and reads no data. AWS adds what new services need; a list of our own would lag."
    )
}

_MANAGED_POLICIES: Final[Mapping[PermissionSet, Mapping[str, str]]] = {
    PermissionSet.ADMINISTER: {
        "AdministratorAccess": (
            "For emergencies, whose shape nobody knows beforehand. The service control policies bind it too, and"
            " every use of the gateway's break-glass role raises an alarm."
        )
    },
    PermissionSet.READ_ONLY: {
        **_VIEW,
        "CloudWatchReadOnlyAccess": (
            "Who runs an application reads its logs, metrics and traces; they are the only data that it reads."
        ),
    },
    PermissionSet.AUDIT_SECURITY: {
        **_VIEW,
        "SecurityAudit": (
            "AWS maintains it for auditors: it reads the configuration of security in every service and no data."
        ),
    },
}


def permissions_of(permission: PermissionSet, account: Account, organization: Organization) -> Permissions:
    """What ``permission`` allows in ``account``."""
    statements: tuple[Allowed, ...] = ()
    if permission == PermissionSet.LAUNCH_PRODUCTS:
        statements = _launch_products(account)
    elif permission == PermissionSet.OPERATE_PLATFORM:
        statements = _operate_platform(account, organization)
    return Permissions(managed_policies=_MANAGED_POLICIES.get(permission, {}), statements=statements)


def _launch_products(account: Account) -> tuple[Allowed, ...]:
    return (
        Allowed(
            sid="LaunchProducts",
            actions=(
                "servicecatalog:DescribeProduct",
                "servicecatalog:DescribeProvisioningArtifact",
                "servicecatalog:DescribeProvisioningParameters",
                "servicecatalog:ListLaunchPaths",
                "servicecatalog:ListProvisioningArtifacts",
                "servicecatalog:ProvisionProduct",
            ),
            resources=("arn:aws:catalog:*:*:product/*",),
            reason="Service Catalog launches what the portfolios give to this role, no more; product ids are AWS's.",
        ),
        Allowed(
            sid="OperateProducts",
            actions=(
                "servicecatalog:CreateProvisionedProductPlan",
                "servicecatalog:DeleteProvisionedProductPlan",
                "servicecatalog:DescribeProductView",
                "servicecatalog:DescribeProvisionedProduct",
                "servicecatalog:DescribeProvisionedProductPlan",
                "servicecatalog:DescribeRecord",
                "servicecatalog:GetProvisionedProductOutputs",
                "servicecatalog:ListProvisionedProductPlans",
                "servicecatalog:ListRecordHistory",
                "servicecatalog:ScanProvisionedProducts",
                "servicecatalog:SearchProducts",
                "servicecatalog:SearchProvisionedProducts",
                "servicecatalog:TerminateProvisionedProduct",
                "servicecatalog:UpdateProvisionedProduct",
            ),
            resources=("*",),
            reason="These actions take no resource in IAM; they see the products of this account and this role alone.",
        ),
        Allowed(
            sid="SeeLaunches",
            actions=("cloudformation:DescribeStackEvents", "cloudformation:DescribeStackResources"),
            resources=(f"arn:aws:cloudformation:*:{account.id}:stack/SC-*",),
            reason="Service Catalog makes up the names of the stacks that it launches, beginning with SC-.",
        ),
    )


def _operate_platform(account: Account, organization: Organization) -> tuple[Allowed, ...]:
    stacks = Allowed(
        sid="OperateStacks",
        actions=(
            "cloudformation:CancelUpdateStack",
            "cloudformation:ContinueUpdateRollback",
            "cloudformation:DetectStackDrift",
            "cloudformation:DetectStackResourceDrift",
        ),
        resources=(f"arn:aws:cloudformation:*:{account.id}:stack/{organization.names.stack('*')}",),
        reason="The platform's stacks. The actions finish deployments and compare; none changes a template.",
    )
    if account.purpose != Purpose.SHARED_SERVICES:
        return (stacks,)
    deployments = Allowed(
        sid="DeployWithTheCdk",
        actions=("sts:AssumeRole",),
        resources=("arn:aws:iam::*:role/cdk-*",),
        condition={"StringEquals": {"aws:ResourceOrgID": organization.id}},
        reason=(
            "The CDK's bootstrap roles have one name in every account and region. Each lets in whom its trust policy"
            " names; the condition keeps to the organisation."
        ),
    )
    test_account = organization.account_with_purpose(Purpose.CATALOG_TEST).id
    proofs = Allowed(
        sid="ProveProducts",
        actions=("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"),
        resources=(f"arn:aws:iam::{test_account}:role/{organization.names.proof_role}",),
        condition={"StringEquals": {"aws:ResourceOrgID": organization.id}},
        reason="One role of the test account.",
    )
    return stacks, deployments, proofs, *make_adoption_reports(organization), *promote_products(organization)


def make_adoption_reports(organization: Organization) -> tuple[Allowed, ...]:
    """What whoever makes a report on adoption may do in the catalogue's account."""
    catalogue = organization.account_with_purpose(Purpose.SHARED_SERVICES).id
    return (
        Allowed(
            sid="SearchProducts",
            actions=("servicecatalog:SearchProductsAsAdmin",),
            resources=("*",),
            reason="The action takes no resource in IAM; it lists the products of this account and changes nothing.",
        ),
        Allowed(
            sid="ListVersions",
            actions=("servicecatalog:ListProvisioningArtifacts",),
            resources=(f"arn:aws:catalog:*:{catalogue}:product/*",),
            reason="Every product of the catalogue is reported, and their ids are AWS's.",
        ),
        Allowed(
            sid="WriteMetrics",
            actions=("cloudwatch:PutMetricData",),
            resources=("*",),
            condition={"StringEquals": {"cloudwatch:namespace": NAMESPACE}},
            reason="The action takes no resource in IAM; the condition keeps to the namespace of these reports.",
        ),
        Allowed(
            sid="ReadAccounts",
            actions=("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"),
            resources=(f"arn:aws:iam::*:role/{organization.names.adoption}",),
            condition={"StringEquals": {"aws:ResourceOrgID": organization.id}},
            reason=(
                "The role has one name in every account, so that a new account changes no policy. It reads what is"
                " launched; the condition keeps to the organisation."
            ),
        ),
    )


def promote_products(organization: Organization) -> tuple[Allowed, ...]:
    """What whoever brings versions to their states and announces them may do in the catalogue's account."""
    catalogue, names = organization.account_with_purpose(Purpose.SHARED_SERVICES).id, organization.names
    return (
        Allowed(
            sid="SetStatesOfVersions",
            actions=("servicecatalog:UpdateProvisioningArtifact",),
            resources=(f"arn:aws:catalog:*:{catalogue}:product/*",),
            reason="Every product of the catalogue has versions, and their ids are AWS's.",
        ),
        Allowed(
            sid="TellOwners",
            actions=("sns:Publish",),
            resources=(f"arn:aws:sns:{organization.home_region}:{catalogue}:{names.announcements}",),
            reason="One topic.",
        ),
        Allowed(
            sid="RememberWhoWasTold",
            actions=("dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
            resources=(f"arn:aws:dynamodb:{organization.home_region}:{catalogue}:table/{names.announcements}",),
            reason="One table.",
        ),
        Allowed(
            sid="EncryptAnnouncements",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(f"arn:aws:kms:{organization.home_region}:{catalogue}:key/*",),
            condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": names.key_alias("announcements")}},
            reason="Keys are told apart by their aliases: the condition keeps to the one of announcements.",
        ),
    )
