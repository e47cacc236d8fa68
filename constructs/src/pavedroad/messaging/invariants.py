"""What stays true of a queue and a topic, whatever a mixin, an injector or an escape hatch does to them."""

import json

from aws_cdk import Stack
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pavedroad.invariants import hold


def hold_queue(construct: Construct, queue: sqs.Queue) -> None:
    """Hold encryption with a key of the customer, and TLS, of a queue of ``construct``."""
    resource = queue.node.default_child
    assert isinstance(resource, sqs.CfnQueue)
    _hold(construct, "queue", queue, resource)


def hold_topic(construct: Construct, topic: sns.Topic) -> None:
    """Hold encryption with a key of the customer, and TLS, of a topic of ``construct``."""
    resource = topic.node.default_child
    assert isinstance(resource, sns.CfnTopic)
    _hold(construct, "topic", topic, resource)


def _hold(
    construct: Construct, kind: str, holder: sqs.Queue | sns.Topic, resource: sqs.CfnQueue | sns.CfnTopic
) -> None:
    named = f"The {kind} {holder.node.path}"
    hold(
        construct,
        f"{named} is encrypted with a key of the customer; its KmsMasterKeyId was removed",
        lambda: bool(resource.kms_master_key_id),
    )
    hold(
        construct,
        f"{named} is reached through TLS only; its policy does not deny plain text any more",
        lambda: _refuses_plain_text(holder),
    )


def _refuses_plain_text(holder: sqs.Queue | sns.Topic) -> bool:
    child = holder.node.try_find_child("Policy")
    policy = child.node.default_child if child else None
    if not isinstance(policy, sqs.CfnQueuePolicy | sns.CfnTopicPolicy):
        return False
    statements = Stack.of(holder).resolve(policy.policy_document)["Statement"]
    return any(
        statement["Effect"] == "Deny" and '"aws:SecureTransport": "false"' in json.dumps(statement.get("Condition"))
        for statement in statements
    )
