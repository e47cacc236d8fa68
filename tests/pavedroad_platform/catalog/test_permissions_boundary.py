import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from pavedroad_platform.catalog.permissions_boundary import PermissionsBoundary
from pavedroad_platform.organization.names import Names


@pytest.fixture
def statements(stack: cdk.Stack) -> dict[str, dict]:
    PermissionsBoundary(stack, "PermissionsBoundary", names=Names("pavedroad"))
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    assert policy["Properties"]["ManagedPolicyName"] == "PavedRoadBoundary"
    return {statement["Sid"]: statement for statement in policy["Properties"]["PolicyDocument"]["Statement"]}


def written(resource) -> str:
    """An ARN as text, without its intrinsic functions."""
    parts = resource["Fn::Join"][1] if isinstance(resource, dict) else [resource]
    return "".join(part if isinstance(part, str) else f"<{part['Ref']}>" for part in parts)


def test_roles_are_made_with_this_boundary_only(statements) -> None:
    statement = statements["RolesOnlyWithThisBoundary"]
    assert statement["Effect"] == "Deny"
    assert statement["Action"] == ["iam:CreateRole", "iam:PutRolePermissionsBoundary"]
    boundary = statement["Condition"]["StringNotEquals"]["iam:PermissionsBoundary"]
    assert written(boundary) == "arn:<AWS::Partition>:iam::<AWS::AccountId>:policy/PavedRoadBoundary"


def test_nobody_leaves_the_boundary(statements) -> None:
    assert statements["TheBoundaryStays"]["Action"] == "iam:DeleteRolePermissionsBoundary"
    assert "iam:CreatePolicyVersion" in statements["PlatformPolicies"]["Action"]
    assert written(statements["PlatformPolicies"]["Resource"]).endswith(":policy/PavedRoad*")


def test_nobody_makes_users_or_keys(statements) -> None:
    assert {"iam:CreateUser", "iam:CreateAccessKey"} <= set(statements["NoUsersNorKeys"]["Action"])
    assert statements["NoUsersNorKeys"]["Resource"] == "*"


def test_the_platforms_own_roles_are_neither_changed_nor_used(statements) -> None:
    statement = statements["PlatformRoles"]
    assert {"iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:PassRole", "sts:AssumeRole"} <= set(
        statement["Action"]
    )
    assert {written(resource).rpartition("/")[2] for resource in statement["Resource"]} == {
        "PavedRoad*",
        "cdk-*",
        "stacksets-exec-*",
        "OrganizationAccountAccessRole",
    }


def test_the_platforms_stacks_keys_and_parameters_stay(statements) -> None:
    stacks = [written(resource) for resource in statements["PlatformStacks"]["Resource"]]
    assert [arn.rpartition(":")[2] for arn in stacks] == ["stack/StackSet-pavedroad-*", "stack/pavedroad-*"]
    assert statements["PlatformKeys"]["Condition"] == {
        "ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/pavedroad/*"}
    }
    assert [
        written(resource).partition("parameter")[2] for resource in statements["PlatformParameters"]["Resource"]
    ] == [
        "/paved-road/tags/*",
        "/pavedroad/*",
    ]


def test_all_that_is_not_denied_is_left_to_the_roles_own_policies(statements) -> None:
    allowing = [statement for statement in statements.values() if statement["Effect"] == "Allow"]
    assert allowing == [{"Action": "*", "Effect": "Allow", "Resource": "*", "Sid": "WhatTheRoleAllows"}]


def test_packs_find_nothing(stack, statements, pack_findings) -> None:
    assert pack_findings(stack) == []
