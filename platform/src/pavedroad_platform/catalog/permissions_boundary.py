"""The most that a team, a product or a launch role can ever do in an account, whatever its own policies say."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge_all
from pavedroad_platform.organization.names import PREFIX, Names, tag_parameter

# Roles of the CDK, of StackSets and of Organizations deploy the platform; whoever may change one of them may do
# anything.
_PLATFORM_ROLES = (f"{PREFIX}*", "cdk-*", "stacksets-exec-*", "OrganizationAccountAccessRole")

_LONG_LIVED_CREDENTIALS = (
    "iam:CreateAccessKey",
    "iam:CreateGroup",
    "iam:CreateLoginProfile",
    "iam:CreateOpenIDConnectProvider",
    "iam:CreateSAMLProvider",
    "iam:CreateServiceSpecificCredential",
    "iam:CreateUser",
)

_ROLE_CHANGES = (
    "iam:AttachRolePolicy",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
)

_POLICY_CHANGES = (
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    "iam:DeletePolicy",
    "iam:DeletePolicyVersion",
    "iam:SetDefaultPolicyVersion",
)


class PermissionsBoundary(Construct):
    """The managed policy that bounds every role that a launch role makes, and the launch roles themselves.

    It allows what the role's own policies allow, except: making a role without this boundary or taking it off, users
    and their keys, the platform's own roles, policies, stacks and keys, and the organisation and account themselves.

    Args:
        scope: The parent construct, in the account that is bounded.
        construct_id: The id, unique among the parent's children.
        names: The organisation's names.

    Attributes:
        policy: The managed policy.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    Controls: IAM.1, NIST AC-5, AC-6(10).

    Example:
        >>> boundary = PermissionsBoundary(stack, "PermissionsBoundary", names=organization.names)
        >>> iam.Role(stack, "Role", assumed_by=principal, permissions_boundary=boundary.policy)
    """

    def __init__(self, scope: Construct, construct_id: str, *, names: Names) -> None:
        super().__init__(scope, construct_id)
        self._names = names
        self.policy = iam.ManagedPolicy(
            self,
            "Resource",
            managed_policy_name=names.permissions_boundary,
            description="Bounds every role that products and teams make; it grants nothing by itself.",
            statements=[
                iam.PolicyStatement(sid="WhatTheRoleAllows", actions=["*"], resources=["*"]),
                *self._no_escape(),
                *self._the_platform_stays(),
            ],
        )
        reason = (
            "A permissions boundary grants nothing: it caps a role's own policies, which name each action."
            " What no role may do is denied beneath."
        )
        findings = (
            "AwsSolutions-IAM5[Resource::*]",
            "AwsSolutions-IAM5[Action::*]",
            "NIST.800.53.R5-IAMPolicyNoStatementsWithAdminAccess",
            "NIST.800.53.R5-IAMPolicyNoStatementsWithFullAccess",
            "PavedRoad-IAM-4",
            "PavedRoad-IAM-13",
            *(f"checkov::CKV_AWS_{number}" for number in (107, 108, 109, 110, 111)),
        )
        acknowledge_all(self.policy, dict.fromkeys(findings, reason))

    def _no_escape(self) -> list[iam.PolicyStatement]:
        boundary = self._arn("policy", self._names.permissions_boundary)
        return [
            iam.PolicyStatement(
                sid="RolesOnlyWithThisBoundary",
                effect=iam.Effect.DENY,
                actions=["iam:CreateRole", "iam:PutRolePermissionsBoundary"],
                resources=["*"],
                conditions={"StringNotEquals": {"iam:PermissionsBoundary": boundary}},
            ),
            _deny("TheBoundaryStays", ["iam:DeleteRolePermissionsBoundary"], ["*"]),
            _deny("NoUsersNorKeys", _LONG_LIVED_CREDENTIALS, ["*"]),
        ]

    def _the_platform_stays(self) -> list[iam.PolicyStatement]:
        roles = [self._arn("role", name) for name in _PLATFORM_ROLES]
        stacks = [
            f"arn:{Aws.PARTITION}:cloudformation:*:{Aws.ACCOUNT_ID}:stack/{prefix}{self._names.stack('*')}"
            for prefix in ("", "StackSet-")
        ]
        return [
            _deny("PlatformRoles", [*_ROLE_CHANGES, "iam:PassRole", "sts:AssumeRole"], roles),
            _deny("PlatformPolicies", _POLICY_CHANGES, [self._arn("policy", f"{PREFIX}*")]),
            _deny(
                "PlatformStacks",
                [
                    f"cloudformation:{action}"
                    for action in (
                        "CreateChangeSet",
                        "DeleteStack",
                        "ExecuteChangeSet",
                        "SetStackPolicy",
                        "UpdateStack",
                    )
                ],
                stacks,
            ),
            iam.PolicyStatement(
                sid="PlatformKeys",
                effect=iam.Effect.DENY,
                actions=["kms:DisableKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"],
                resources=["*"],
                conditions={"ForAnyValue:StringLike": {"kms:ResourceAliases": self._names.key_alias("*")}},
            ),
            _deny(
                "PlatformParameters",
                ["ssm:DeleteParameter", "ssm:PutParameter"],
                [
                    f"arn:{Aws.PARTITION}:ssm:*:{Aws.ACCOUNT_ID}:parameter{path}"
                    for path in (tag_parameter("*"), self._names.parameter("*"))
                ],
            ),
            _deny("OrganizationAndAccount", ["account:*", "organizations:*"], ["*"]),
        ]

    def _arn(self, kind: str, name: str) -> str:
        return f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:{kind}/{name}"


def _deny(sid: str, actions: "list[str] | tuple[str, ...]", resources: list[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(sid=sid, effect=iam.Effect.DENY, actions=list(actions), resources=resources)
