"""Replicas of a database cluster of which the form says how many there are."""

from collections.abc import Sequence

from aws_cdk import Aws, CfnCondition, CfnParameter, CfnResource, Fn, Stack, Token
from aws_cdk import aws_docdb as docdb
from aws_cdk import aws_rds as rds

from pavedroad_platform.catalog.product import Parameter
from pavedroad_platform.catalog.recovery_parameters import SAFETY

MOST_REPLICAS = 2


def replica_count_parameter(name: str, *, label: str, help: str) -> Parameter:  # noqa: A002 - the console's word
    """A field for the number of replicas, one where the team changes nothing."""
    allowed = tuple(str(count) for count in range(MOST_REPLICAS + 1))
    return Parameter(
        name=name,
        label=label,
        group=SAFETY,
        help=help,
        type="Number",
        default=1,
        allowed_values=allowed,
        constraint="One of 0, 1 and 2.",
    )


def keep_replicas_as_asked(
    replicas: Sequence[CfnResource],
    subscriptions: Sequence[rds.CfnEventSubscription | docdb.CfnEventSubscription],
    *,
    count: CfnParameter,
) -> None:
    """Make each of ``replicas`` only where ``count`` asks for so many, and subscribe to the events of those alone.

    Args:
        replicas: As many as there can be; the construct made them all.
        subscriptions: The construct's subscriptions, some of which name the replicas.
        count: The field of ``replica_count_parameter``.
    """
    stack = Stack.of(count)
    chosen: dict[str, object] = {}
    for number, replica in enumerate(replicas, start=1):
        enough = [Fn.condition_equals(count, str(value)) for value in range(number, len(replicas) + 1)]
        expression = enough[0] if len(enough) == 1 else Fn.condition_or(*enough)
        condition = CfnCondition(stack, f"Has{count.node.id}{number}", expression=expression)
        replica.cfn_options.condition = condition
        chosen[replica.ref] = Fn.condition_if(condition.logical_id, replica.ref, Aws.NO_VALUE)
    for subscription in subscriptions:
        if subscription.source_ids:
            subscription.source_ids = [Token.as_string(chosen.get(each, each)) for each in subscription.source_ids]
