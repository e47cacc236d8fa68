"""What each permission set of ``access.yaml`` allows in an account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from aws_cdk import aws_iam as iam

from pavedroad_platform.organization.models import Account, PermissionSet, Purpose


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """What a role may do.

    Attributes:
        managed_policies: Policies that AWS maintains, by name below ``aws:policy/``, each with the reason to take it.
        statements: Makes the statements of our own; a statement belongs to one policy, so each role gets new ones.
        acknowledgments: Findings of the checks on those statements that do not apply, each with its reason.
    """

    managed_policies: Mapping[str, str] = field(default_factory=dict)
    statements: Callable[[], list[iam.PolicyStatement]] = list
    acknowledgments: Mapping[str, str] = field(default_factory=dict)


_VIEW: Final = {
    "job-function/ViewOnlyAccess": (
        "It lists and describes, and reads no data. AWS adds what new services need; a list of our own would lag."
    )
}
_ANY_RESOURCE: Final = "AwsSolutions-IAM5[Resource::*]"


def permissions_of(permission: PermissionSet, account: Account) -> Permissions:
    """What ``permission`` allows in ``account``."""
    if permission == PermissionSet.OPERATE_PLATFORM and account.purpose == Purpose.SHARED_SERVICES:
        return _DEPLOY_PLATFORM
    return _PERMISSIONS[permission]


def _launch_products() -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="LaunchProducts",
            actions=[
                "servicecatalog:DescribeProduct",
                "servicecatalog:DescribeProductView",
                "servicecatalog:DescribeProvisioningArtifact",
                "servicecatalog:DescribeProvisioningParameters",
                "servicecatalog:ListLaunchPaths",
                "servicecatalog:ListProvisioningArtifacts",
                "servicecatalog:ProvisionProduct",
                "servicecatalog:SearchProducts",
            ],
            resources=["*"],
        ),
        iam.PolicyStatement(
            sid="OperateProducts",
            actions=[
                "cloudformation:DescribeStackEvents",
                "cloudformation:DescribeStackResources",
                "cloudformation:DescribeStacks",
                "servicecatalog:DescribeProvisionedProduct",
                "servicecatalog:DescribeRecord",
                "servicecatalog:GetProvisionedProductOutputs",
                "servicecatalog:ListRecordHistory",
                "servicecatalog:ScanProvisionedProducts",
                "servicecatalog:SearchProvisionedProducts",
                "servicecatalog:TerminateProvisionedProduct",
                "servicecatalog:UpdateProvisionedProduct",
            ],
            resources=["*"],
        ),
    ]


def _operate_platform() -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="OperateStacks",
            actions=[
                "cloudformation:CancelUpdateStack",
                "cloudformation:ContinueUpdateRollback",
                "cloudformation:DescribeStackDriftDetectionStatus",
                "cloudformation:DetectStackDrift",
                "cloudformation:DetectStackResourceDrift",
            ],
            resources=["*"],
        )
    ]


def _deploy_platform() -> list[iam.PolicyStatement]:
    return [
        *_operate_platform(),
        iam.PolicyStatement(
            sid="DeployWithTheCdk",
            actions=["sts:AssumeRole"],
            resources=[_BOOTSTRAP_ROLES],
            # Only bootstrap roles that trust this account let anyone in; none outside the organisation is asked.
            conditions={"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}},
        ),
    ]


_BOOTSTRAP_ROLES: Final = "arn:aws:iam::*:role/cdk-*"
_OPERATED: Final = "These actions change no template and no resource: they finish what a deployment began, and compare."

_DEPLOY_PLATFORM: Final = Permissions(
    statements=_deploy_platform,
    acknowledgments={
        _ANY_RESOURCE: _OPERATED,
        f"AwsSolutions-IAM5[Resource::{_BOOTSTRAP_ROLES}]": (
            "The CDK's bootstrap roles have one name in every account and region. Each lets in whom its trust policy"
            " names; the condition keeps to the organisation."
        ),
    },
)

_PERMISSIONS: Final[Mapping[PermissionSet, Permissions]] = {
    PermissionSet.ADMINISTER: Permissions(
        managed_policies={
            "AdministratorAccess": (
                "For emergencies, whose shape nobody knows beforehand. The service control policies bind it too, and"
                " every use of the gateway's break-glass role raises an alarm."
            )
        }
    ),
    PermissionSet.OPERATE_PLATFORM: Permissions(
        statements=_operate_platform,
        acknowledgments={_ANY_RESOURCE: _OPERATED},
    ),
    PermissionSet.LAUNCH_PRODUCTS: Permissions(
        statements=_launch_products,
        acknowledgments={
            _ANY_RESOURCE: (
                "Service Catalog shows and launches only what the portfolios give this role; product ids are AWS's and"
                " change when a product is made anew. Provisioned products exist in this account alone."
            )
        },
    ),
    PermissionSet.READ_ONLY: Permissions(
        managed_policies={
            **_VIEW,
            "CloudWatchReadOnlyAccess": (
                "Who runs an application reads its logs, metrics and traces; they are the only data that it reads."
            ),
        }
    ),
    PermissionSet.AUDIT_SECURITY: Permissions(
        managed_policies={
            **_VIEW,
            "SecurityAudit": (
                "AWS maintains it for auditors: it reads the configuration of security in every service and no data."
            ),
        }
    ),
}
