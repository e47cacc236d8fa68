from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk.assertions import Template

from pavedroad.security.keys import admit_auto_scaling, rotated_key


def test_a_key_rotates_and_outlives_its_stack(
    stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    rotated_key(stack, "Key", description="Objects of orders")
    template = Template.from_stack(stack)
    template.has_resource(
        "AWS::KMS::Key",
        {
            "Properties": {"EnableKeyRotation": True, "Description": "Objects of orders"},
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
        },
    )
    assert pack_findings(stack) == []


def test_only_the_account_itself_is_admitted(stack: cdk.Stack) -> None:
    rotated_key(stack, "Key", description="Objects of orders")
    (key,) = Template.from_stack(stack).find_resources("AWS::KMS::Key").values()
    (statement,) = key["Properties"]["KeyPolicy"]["Statement"]
    root = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":root"]]}
    assert statement["Principal"] == {"AWS": root}


def test_the_logical_id_is_a_contract(stack: cdk.Stack) -> None:
    rotated_key(stack, "Key", description="Objects of orders")
    assert set(Template.from_stack(stack).find_resources("AWS::KMS::Key")) == {"Key961B73FD"}


def test_auto_scaling_of_this_account_and_nobody_else_is_admitted(
    stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    admit_auto_scaling(rotated_key(stack, "Key", description="Volumes of orders"))
    (key,) = Template.from_stack(stack).find_resources("AWS::KMS::Key").values()
    _, use, grants = key["Properties"]["KeyPolicy"]["Statement"]
    roles = (
        "/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
        "/spot.amazonaws.com/AWSServiceRoleForEC2Spot",
    )
    for statement in (use, grants):
        condition = statement["Condition"]["StringEquals"]
        assert condition["kms:CallerAccount"] == {"Ref": "AWS::AccountId"}
        named = [arn["Fn::Join"][1] for arn in condition["aws:PrincipalArn"]]
        assert [parts[:4] for parts in named] == [
            ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}]
        ] * 2
        assert [parts[4] for parts in named] == [f":role/aws-service-role{role}" for role in roles]
    assert grants["Action"] == "kms:CreateGrant"
    assert grants["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    assert pack_findings(stack) == []
