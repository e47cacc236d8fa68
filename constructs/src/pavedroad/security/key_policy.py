"""Who administers a key, and through which services it is used."""

from collections.abc import Mapping, Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

# Without kms:CreateGrant: who administers could otherwise grant the use to themselves.
ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ReplicateKey",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
    "kms:UpdatePrimaryRegion",
)
USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")


def administration(administrators: Sequence[iam.IPrincipal]) -> list[iam.PolicyStatement]:
    """Who changes the key and its policy, without the use of it: the administrators, or whom IAM allows it.

    With administrators the root user keeps the right, and nobody else through IAM: without it a key whose
    administrators are gone could be managed by AWS Support only.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    root = iam.PolicyStatement(
        sid="RootUserAdministers" if administrators else "AccountAdministers",
        principals=[iam.AccountRootPrincipal()],
        actions=list(ADMINISTRATION),
        resources=["*"],
        conditions={"StringEquals": {"aws:PrincipalType": "Account"}} if administrators else None,
    )
    if not administrators:
        return [root]
    named = iam.PolicyStatement(
        sid="Administrators", principals=list(administrators), actions=list(ADMINISTRATION), resources=["*"]
    )
    return [root, named]


def use_through_services(scope: Construct, services: Sequence[str]) -> list[iam.PolicyStatement]:
    """Identities of this account use the key as their IAM policies say, but only by asking one of ``services``.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    stack = Stack.of(scope)
    through: dict[str, object] = {
        "kms:CallerAccount": stack.account,
        "kms:ViaService": [f"{service}.{stack.region}.amazonaws.com" for service in services],
    }
    return [
        _of_the_account(USE, {"StringEquals": through}),
        _of_the_account(("kms:CreateGrant",), {"StringEquals": through, "Bool": {"kms:GrantIsForAWSResource": "true"}}),
    ]


def use_by_service(scope: Construct, service: str) -> iam.PolicyStatement:
    """A service that works for no identity uses the key for this account only."""
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal(f"{service}.amazonaws.com")],
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
        resources=["*"],
        conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}},
    )


def _of_the_account(actions: Sequence[str], conditions: Mapping[str, object]) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        principals=[iam.AccountRootPrincipal()], actions=list(actions), resources=["*"], conditions=dict(conditions)
    )
