"""From what a business can bear to lose to how a table must be replicated."""

from collections.abc import Sequence

from aws_cdk import Duration

from pavedroad.arguments import Arguments
from pavedroad.database.dynamodb.replicas import TableReplica
from pavedroad.database.recovery import Objective, in_words

# "LatestRestorableDateTime is typically 5 minutes before the current time."
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
LATEST_RESTORABLE = 5 * 60
# A restore makes a new table, whose indexes are built anew. AWS names no figure; this one is for planning.
RESTORE = 4 * 60 * 60
# Replication takes a second or less as a rule, without an agreement on it.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
REPLICATION = 5
# Strong consistency needs three regions: this one, and two that are replicas or one of them a witness.
_REGIONS_ELSEWHERE = 2


def is_strongly_consistent(
    arguments: Arguments,
    *,
    rpo: Duration | None,
    rto: Duration | None,
    replicas: Sequence[TableReplica],
    witness_region: str | None,
) -> bool:
    """Whether every write waits for a second region, after refusing objectives that the table could not meet.

    Point-in-time recovery loses up to five minutes and takes hours; an asynchronous replica loses seconds and is there
    at once; with strong consistency, which needs three regions, nothing that was acknowledged is lost.

    Returns:
        Whether there is a witness, or ``rpo`` is below five seconds.
    """
    loss, outage = (Objective.read(arguments, name, it).seconds for name, it in (("rpo", rpo), ("rto", rto)))
    if not replicas:
        _refuse_what_restoring_cannot_meet(arguments, loss, outage)
        if witness_region is not None:
            arguments.refuse("witness_region", witness_region, "needs one replica beside it")
        return False
    strong = witness_region is not None or (loss is not None and loss < REPLICATION)
    regions_elsewhere = len(replicas) + (witness_region is not None)
    if strong and regions_elsewhere != _REGIONS_ELSEWHERE:
        why = "" if loss is None else f"; rpo={in_words(loss)} needs it, from {REPLICATION} seconds on one replica does"
        arguments.refuse(
            "replicas",
            [replica.region for replica in replicas],
            f"strong consistency needs two replicas, or one replica and witness_region{why}",
        )
    return strong


def _refuse_what_restoring_cannot_meet(arguments: Arguments, loss: float | None, outage: float | None) -> None:
    if loss is not None and loss < LATEST_RESTORABLE:
        arguments.refuse(
            "rpo",
            in_words(loss),
            "cannot be met without replicas: point-in-time recovery loses up to 5 minutes; give replicas in another "
            "region, or allow 5 minutes",
        )
    if outage is not None and outage < RESTORE:
        arguments.refuse(
            "rto",
            in_words(outage),
            "cannot be met without replicas: restoring a table takes hours; give replicas in another region, or allow "
            "4 hours",
        )
