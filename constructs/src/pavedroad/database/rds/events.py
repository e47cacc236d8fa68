"""RDS events that a person should hear of."""

from collections.abc import Sequence

from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.topics import admit_publisher


def subscribe_to_events(
    scope: Construct, topic: sns.ITopic, *, instances: Sequence[str], parameter_group: str
) -> list[rds.CfnEventSubscription]:
    """Send the critical events of instances, parameter group and the account's DB security groups to ``topic``.

    The policies of a topic and key made in the same app are extended; imported ones must admit
    ``events.rds.amazonaws.com``.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html
    Controls: RDS.20 (instances), RDS.21 (parameter groups), RDS.22 (DB security groups).
    """
    admit_publisher(scope, topic, "events.rds.amazonaws.com")
    wanted: dict[str, tuple[list[str], Sequence[str] | None]] = {
        "db-instance": (["configuration change", "failure", "maintenance"], instances),
        "db-parameter-group": (["configuration change"], [parameter_group]),
        # No source: the events of these groups come from the account, not from one database.
        "db-security-group": (["configuration change", "failure"], None),
    }
    subscriptions = [
        rds.CfnEventSubscription(
            scope,
            f"{source_type.title().replace('-', '')}Events",
            sns_topic_arn=topic.topic_arn,
            enabled=True,
            source_type=source_type,
            event_categories=categories,
            source_ids=sources,
        )
        for source_type, (categories, sources) in wanted.items()
    ]
    policy = topic.node.try_find_child("Policy")
    for subscription in subscriptions if policy is not None else []:
        # RDS tries the topic when the subscription is made: its policy must stand by then.
        subscription.node.add_dependency(policy)
    return subscriptions
