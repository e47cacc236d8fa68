"""Tells a topic of events through EventBridge."""

from collections.abc import Mapping

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.topics import own_events, publishing
from pavedroad.security.roles import ManagedPolicyRole


def notifying_role(scope: Construct, construct_id: str, *, topic: sns.ITopic, description: str) -> ManagedPolicyRole:
    """The role with which EventBridge publishes to ``topic``, and nothing else.

    A topic's key policy cannot tie EventBridge to one rule, a role can.
    """
    role = ManagedPolicyRole(scope, construct_id, assumed_by=own_events(scope), description=description)
    for statement in publishing(topic):
        role.add_to_principal_policy(statement)
    return role


def notifying_rule(
    scope: Construct,
    construct_id: str,
    *,
    role: ManagedPolicyRole,
    topic: sns.ITopic,
    source: str,
    detail_type: str,
    detail: Mapping[str, object],
    message: str,
) -> events.Rule:
    """A rule that publishes ``message`` to ``topic`` when a matching event comes.

    Args:
        scope: The construct whose events are told.
        construct_id: The rule's id in it.
        role: What it publishes with, from ``notifying_role``.
        topic: Where the messages go.
        source: Who sends the event, such as ``aws.kms``.
        detail_type: The event's kind.
        detail: What its detail must match.
        message: What a person reads; it may hold ``events.EventField``.

    Controls: NIST IR-6, SI-4(5).
    """
    return events.Rule(
        scope,
        construct_id,
        event_pattern=events.EventPattern(source=[source], detail_type=[detail_type], detail=dict(detail)),
        targets=[
            targets.SnsTopic(
                topic, role=role.without_policy_updates(), message=events.RuleTargetInput.from_text(message)
            )
        ],
    )
