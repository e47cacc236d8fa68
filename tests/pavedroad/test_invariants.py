import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template
from constructs import IConstruct

from pavedroad.invariants import hold

PROMISE = "The topic is encrypted; its KmsMasterKeyId was removed"


@jsii.implements(cdk.IAspect)
class RemovesEncryption:
    def visit(self, node: IConstruct) -> None:
        if isinstance(node, sns.CfnTopic):
            node.kms_master_key_id = None


@pytest.fixture
def topic(stack: cdk.Stack) -> sns.CfnTopic:
    topic = sns.CfnTopic(stack, "Topic", kms_master_key_id="alias/aws/sns")
    hold(topic, PROMISE, lambda: bool(topic.kms_master_key_id))
    return topic


def test_a_promise_that_is_kept_lets_the_synthesis_pass(stack: cdk.Stack, topic: sns.CfnTopic) -> None:
    Template.from_stack(stack).resource_count_is("AWS::SNS::Topic", 1)


def test_a_promise_broken_through_the_escape_hatch_fails_the_synthesis_and_names_the_place(
    app: cdk.App, topic: sns.CfnTopic
) -> None:
    topic.kms_master_key_id = None
    with pytest.raises(RuntimeError, match=rf"Stack/Topic\] {PROMISE}"):
        app.synth()


def test_a_promise_is_checked_after_aspects_had_their_chance(app: cdk.App, topic: sns.CfnTopic) -> None:
    cdk.Aspects.of(app).add(RemovesEncryption())
    with pytest.raises(RuntimeError, match=PROMISE):
        app.synth()


def test_every_broken_promise_is_told(app: cdk.App, topic: sns.CfnTopic) -> None:
    hold(topic, "The topic has a name", lambda: bool(topic.topic_name))
    topic.kms_master_key_id = None
    with pytest.raises(RuntimeError) as caught:
        app.synth()
    assert PROMISE in str(caught.value)
    assert "The topic has a name" in str(caught.value)
