from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from pavedroad.observability.topics import admit_publisher, publishing

OWN = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def allowed(template: Template, resource_type: str, document: str) -> list[dict[str, Any]]:
    (found,) = template.find_resources(resource_type).values()
    statements: list[dict[str, Any]] = found["Properties"][document]["Statement"]
    return [it for it in statements if it["Principal"] == {"Service": "backup.amazonaws.com"}]


def test_a_service_publishes_for_this_account_only_with_the_key(stack: cdk.Stack) -> None:
    topic = sns.Topic(stack, "Topic", master_key=kms.Key(stack, "Key"))
    admit_publisher(stack, topic, "backup.amazonaws.com")
    template = Template.from_stack(stack)
    (publish,) = allowed(template, "AWS::SNS::TopicPolicy", "PolicyDocument")
    (use,) = allowed(template, "AWS::KMS::Key", "KeyPolicy")
    assert (publish["Action"], publish["Condition"]) == ("sns:Publish", OWN)
    assert (use["Action"], use["Condition"]) == (["kms:Decrypt", "kms:GenerateDataKey*"], OWN)


def test_publishing_needs_the_key_only_where_there_is_one(stack: cdk.Stack) -> None:
    plain = sns.Topic(stack, "Plain")
    encrypted = sns.Topic(stack, "Encrypted", master_key=kms.Key(stack, "Key"))
    assert [list(it.actions) for it in publishing(plain)] == [["sns:Publish"]]
    assert [list(it.actions) for it in publishing(encrypted)] == [
        ["sns:Publish"],
        ["kms:Decrypt", "kms:GenerateDataKey"],
    ]
