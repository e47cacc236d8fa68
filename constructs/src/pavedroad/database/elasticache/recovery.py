"""From what a business can bear to lose to how a cache must be built."""

from aws_cdk import Duration, Token

from pavedroad.arguments import Arguments
from pavedroad.database.elasticache.capacity import CacheCapacity, NodeCapacity
from pavedroad.database.recovery import Objective, in_words

# Replication is asynchronous, usually behind by less than a second; AWS agrees on no figure.
# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.Redis.Groups.html
REPLICATION = 5
# A replica is promoted within seconds after a failure is seen; its name moves with it. For planning.
# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
FAILOVER = 60
# Automatic snapshots are taken once a day.
SNAPSHOT = 24 * 60 * 60
# Restoring makes a new cache. AWS names no figure; this one is for planning.
RESTORE = 4 * 60 * 60


def replicas_needed(
    arguments: Arguments, *, rpo: Duration | None, rto: Duration | None, capacity: CacheCapacity
) -> float:
    """How many replicas a shard has, after refusing objectives that the cache could not meet.

    A snapshot loses up to a day and takes hours; a replica in another zone loses seconds and takes over within a
    minute. A serverless cache is always replicated.

    Returns:
        What was asked for; else 0 only if both objectives are given and snapshots meet them, and 1 otherwise.
    """
    loss, outage = (Objective.read(arguments, name, it).seconds for name, it in (("rpo", rpo), ("rto", rto)))
    if loss is not None and loss < REPLICATION:
        arguments.refuse(
            "rpo",
            in_words(loss),
            "cannot be met by a cache: its replication is asynchronous; allow 5 seconds, or keep the data in a table",
        )
    if outage is not None and outage < FAILOVER:
        arguments.refuse("rto", in_words(outage), "cannot be met: a failover takes up to a minute; allow 1 minute")
    if not isinstance(capacity, NodeCapacity):
        return 1
    given = capacity.replicas_per_shard
    if given == 0:
        _refuse_what_snapshots_cannot_meet(arguments, loss, outage)
    if given is not None:
        return given
    snapshots_suffice = loss is not None and outage is not None and loss >= SNAPSHOT and outage >= RESTORE
    return 0 if snapshots_suffice and capacity.replica_scaling is None else 1


def is_replicated(replicas: float) -> bool:
    """Whether there are replicas; a number that is known at deployment only is taken for some."""
    return Token.is_unresolved(replicas) or replicas > 0


def _refuse_what_snapshots_cannot_meet(arguments: Arguments, loss: float | None, outage: float | None) -> None:
    remedy = "leave replicas_per_shard out, or allow"
    if loss is not None and REPLICATION <= loss < SNAPSHOT:
        arguments.refuse(
            "rpo", in_words(loss), f"cannot be met without replicas: snapshots are a day apart; {remedy} 24 hours"
        )
    if outage is not None and FAILOVER <= outage < RESTORE:
        arguments.refuse(
            "rto", in_words(outage), f"cannot be met without replicas: restoring takes hours; {remedy} 4 hours"
        )
