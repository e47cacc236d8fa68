"""Who may publish to a topic."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct


def own_events(scope: Construct) -> iam.ServicePrincipal:
    """EventBridge, for rules of this account: without the condition another account's rule could use the role."""
    return own_service(scope, "events.amazonaws.com")


def own_service(scope: Construct, service: str) -> iam.ServicePrincipal:
    """``service`` where it works for this account: others could otherwise use it as their deputy."""
    return iam.ServicePrincipal(service, conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}})


def publishing(topic: sns.ITopic) -> list[iam.PolicyStatement]:
    """What a role needs to publish to ``topic``, and to the use of its key that this takes."""
    statements = [iam.PolicyStatement(actions=["sns:Publish"], resources=[topic.topic_arn])]
    if topic.master_key:
        statements.append(
            iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[topic.master_key.key_arn])
        )
    return statements


def admit_publisher(scope: Construct, topic: sns.ITopic, service: str) -> None:
    """Let ``service`` publish to ``topic`` for this account, the use of the topic's key included.

    The policies of a topic and key made in the same app are extended; imported ones must admit ``service``.
    """
    principal = own_service(scope, service)
    topic.grant_publish(principal)
    if topic.master_key is not None:
        topic.master_key.grant(principal, "kms:Decrypt", "kms:GenerateDataKey*")
