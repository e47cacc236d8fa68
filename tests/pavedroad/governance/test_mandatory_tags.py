import re
from dataclasses import replace

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.governance.mandatory_tags import TAG_KEYS, MandatoryTags

TAGS = MandatoryTags(
    application="order-service",
    team="orders",
    environment="production",
    cost_centre="2000",
    data_classification="confidential",
)
EXPECTED = {
    "application": "order-service",
    "team": "orders",
    "environment": "production",
    "cost-centre": "2000",
    "data-classification": "confidential",
}


def tags_in(stack: cdk.Stack, resource_type: str) -> dict[str, object]:
    (resource,) = Template.from_stack(stack).find_resources(resource_type).values()
    return {tag["Key"]: tag["Value"] for tag in resource["Properties"]["Tags"]}


def test_tags_every_taggable_resource_and_the_stack(app: cdk.App, stack: cdk.Stack) -> None:
    sns.Topic(stack, "Topic", master_key=kms.Key(stack, "Key"))
    TAGS.apply(stack)
    # Constructs that come later are tagged too.
    s3.Bucket(stack, "Bucket")
    assert tags_in(stack, "AWS::SNS::Topic") == EXPECTED
    assert tags_in(stack, "AWS::KMS::Key") == EXPECTED
    assert tags_in(stack, "AWS::S3::Bucket") == EXPECTED
    assert app.synth().get_stack_by_name("Stack").tags == EXPECTED


def test_the_tags_by_key_are_those_that_aws_sees() -> None:
    assert TAGS.by_key == EXPECTED


def test_a_construct_may_be_of_another_classification(stack: cdk.Stack) -> None:
    TAGS.apply(stack)
    replace(TAGS, data_classification="public").apply(s3.Bucket(stack, "Website"))
    assert tags_in(stack, "AWS::S3::Bucket") == {**EXPECTED, "data-classification": "public"}


def test_values_may_be_parameters_of_a_product(app: cdk.App, stack: cdk.Stack) -> None:
    cost_centre = cdk.CfnParameter(stack, "CostCentre")
    replace(TAGS, cost_centre=cost_centre.value_as_string).apply(stack)
    sns.Topic(stack, "Topic")
    assert tags_in(stack, "AWS::SNS::Topic") == {**EXPECTED, "cost-centre": {"Ref": "CostCentre"}}
    # The stack's own tags stand beside the template, where a reference has no value.
    assert app.synth().get_stack_by_name("Stack").tags == {k: v for k, v in EXPECTED.items() if k != "cost-centre"}


def test_tags_reach_nested_stacks(stack: cdk.Stack) -> None:
    nested = cdk.NestedStack(stack, "Nested")
    sns.Topic(nested, "Topic")
    TAGS.apply(nested)
    assert tags_in(nested, "AWS::SNS::Topic") == EXPECTED


def test_the_synthesis_fails_and_names_every_resource_that_lacks_a_tag(app: cdk.App, stack: cdk.Stack) -> None:
    TAGS.apply(stack)
    bucket = s3.Bucket(stack, "Bucket")
    topic = sns.Topic(stack, "Topic")
    cdk.Tags.of(bucket).remove("team", priority=300)
    cdk.Tags.of(bucket).remove("cost-centre", priority=300)
    cdk.Tags.of(topic).remove("application", priority=300)
    with pytest.raises(RuntimeError) as failure:
        app.synth()
    text = str(failure.value)
    fix = "; leave out what removes or excludes them there"
    assert f"Stack/Bucket/Resource (AWS::S3::Bucket) lacks the mandatory tags team, cost-centre{fix}" in text
    assert f"Stack/Topic/Resource (AWS::SNS::Topic) lacks the mandatory tags application{fix}" in text


def test_what_cannot_be_tagged_is_not_asked_for_tags(app: cdk.App, stack: cdk.Stack) -> None:
    policy = iam.PolicyStatement(actions=["s3:GetObject"], resources=["*"])
    iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()).add_to_policy(policy)
    TAGS.apply(stack)
    app.synth()
    (inline,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    assert "Tags" not in inline["Properties"]


@pytest.mark.parametrize("attribute", TAG_KEYS)
@pytest.mark.parametrize("value", ["", "x" * 257, "a,b", "<script>"])
def test_refuses_values_that_aws_would_refuse(stack: cdk.Stack, attribute: str, value: str) -> None:
    expected = f"Stack 'Stack': {attribute}={value!r}: must be 1 to 256 letters, digits, spaces or _ . : / = + - @"
    with pytest.raises(InvalidArgumentsError, match=f"^{re.escape(expected)}$"):
        replace(TAGS, **{attribute: value}).apply(stack)


def test_tells_all_wrong_values_at_once_and_changes_nothing(stack: cdk.Stack) -> None:
    sns.Topic(stack, "Topic")
    with pytest.raises(InvalidArgumentsError, match=r"application='': .*; team='': "):
        replace(TAGS, application="", team="").apply(stack)
    assert "Tags" not in str(Template.from_stack(stack).to_json())
