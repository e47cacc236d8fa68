from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk.assertions import Template

from pavedroad.security.keys import rotated_key


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
