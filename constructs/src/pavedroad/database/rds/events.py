"""RDS events that a person should hear of."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.topics import admit_publisher

Sources = Mapping[str, tuple[Sequence[str], Sequence[str] | None]]
"""By source type: the event categories, and the identifiers; ``None`` for all of the account."""

_CRITICAL = ("configuration change", "failure", "maintenance")
# No source: the events of these groups come from the account, not from one database.
_SECURITY_GROUPS: Sources = {"db-security-group": (("configuration change", "failure"), None)}


def instance_sources(*, instances: Sequence[str], parameter_group: str) -> Sources:
    """The critical events of instances and their parameter group.

    Controls: RDS.20 (instances), RDS.21 (parameter groups), RDS.22 (DB security groups).
    """
    return {
        "db-instance": (_CRITICAL, instances),
        "db-parameter-group": (("configuration change",), [parameter_group]),
        **_SECURITY_GROUPS,
    }


def cluster_sources(*, cluster: str, instances: Sequence[str]) -> Sources:
    """The critical events of a cluster and its members; RDS tells none of cluster parameter groups.

    Controls: RDS.19 (clusters), RDS.20 (instances), RDS.22 (DB security groups).
    """
    return {
        "db-cluster": ((*_CRITICAL, "failover"), [cluster]),
        "db-instance": (_CRITICAL, instances),
        **_SECURITY_GROUPS,
    }


def subscribe_to_events(scope: Construct, topic: sns.ITopic, *, sources: Sources) -> list[rds.CfnEventSubscription]:
    """Send the events of ``sources`` to ``topic``.

    The policies of a topic and key made in the same app are extended; imported ones must admit
    ``events.rds.amazonaws.com``.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html
    """
    subscriptions = [
        rds.CfnEventSubscription(
            scope,
            f"{source_type.title().replace('-', '')}Events",
            sns_topic_arn=topic.topic_arn,
            enabled=True,
            source_type=source_type,
            event_categories=list(categories),
            source_ids=identifiers,
        )
        for source_type, (categories, identifiers) in sources.items()
    ]
    admit_events(scope, topic, subscriptions)
    return subscriptions


def admit_events(scope: Construct, topic: sns.ITopic, subscriptions: Sequence[Construct]) -> None:
    """Let RDS, which tells the events of DocumentDB too, publish to ``topic`` before it is subscribed."""
    admit_publisher(scope, topic, "events.rds.amazonaws.com")
    policy = topic.node.try_find_child("Policy")
    for subscription in subscriptions if policy is not None else []:
        # RDS tries the topic when the subscription is made: its policy must stand by then.
        subscription.node.add_dependency(policy)
