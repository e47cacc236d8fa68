"""From what a business can bear to lose to whether a keyspace must be replicated."""

from collections.abc import Sequence

from aws_cdk import Duration, Token

from pavedroad.arguments import Arguments
from pavedroad.database.recovery import Objective, in_words

MOST_REGIONS_ELSEWHERE = 5
# "The replication lag across Regions is typically less than one second"; there is no agreement on it.
# https://docs.aws.amazon.com/keyspaces/latest/devguide/multiRegion-replication_how-it-works.html
REPLICATION = 5
# A restore makes a new table. AWS names no figure; this one is for planning.
RESTORE = 4 * 60 * 60


def check_recovery(
    arguments: Arguments, *, rpo: Duration | None, rto: Duration | None, own_region: str, regions: Sequence[str]
) -> None:
    """Refuse objectives that the keyspace could not meet, and regions that it cannot be replicated to.

    Point-in-time recovery restores up to the present and takes hours; a replica loses what is on its way and takes
    requests at once.
    """
    loss, outage = (Objective.read(arguments, name, it).seconds for name, it in (("rpo", rpo), ("rto", rto)))
    if loss is not None and loss < REPLICATION:
        arguments.refuse(
            "rpo",
            in_words(loss),
            "cannot be met: replication is asynchronous; allow 5 seconds, or take a strongly consistent Table",
        )
    if outage is not None and outage < RESTORE and not regions:
        arguments.refuse(
            "rto",
            in_words(outage),
            "cannot be met without replica_regions: restoring a table takes hours; name a region, or allow 4 hours",
        )
    if len(regions) > MOST_REGIONS_ELSEWHERE:
        arguments.refuse("replica_regions", f"{len(regions)} regions", f"must be {MOST_REGIONS_ELSEWHERE} or fewer")
    known = [region for region in (own_region, *regions) if not Token.is_unresolved(region)]
    for region in sorted({region for region in known if known.count(region) > 1}):
        arguments.refuse("replica_regions", region, "stands twice, or is the region of the stack")
