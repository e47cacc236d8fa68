"""From what a business can bear to lose to how many instances there are."""

from dataclasses import dataclass, field

from aws_cdk import Duration

from pavedroad.arguments import Arguments
from pavedroad.database.recovery import LONGEST_RETENTION, Objective, check_backup_retention

# "Service is typically restored in less than 120 seconds, and often less than 60 seconds."
# https://docs.aws.amazon.com/documentdb/latest/developerguide/failover.html
FAILOVER = 120
# A person makes an instance in another zone; the storage survives. AWS names no figure; this one is for planning.
REPLACEMENT = 60 * 60


@dataclass(frozen=True, kw_only=True)
class DocumentDatabaseRecovery:
    """What a failure may cost, and what is kept to recover from it.

    Attributes:
        rpo: The newest data that may be lost when an instance or a zone fails. Any is met: a write is in three zones.
        rto: How long the database may then be away. With ``instances`` left out, there are two unless an hour may
            pass. Neither speaks of the loss of a region.
        backup_retention: How far back the database can be restored to any second, 7 to 35 days. Left out: 35 days.
        backup_window: Daily, UTC, ``hh:mm-hh:mm``, 30 minutes or longer. Left out: DocumentDB chooses one.
    """

    rpo: Duration | None = None
    rto: Duration | None = None
    backup_retention: Duration = field(default_factory=lambda: LONGEST_RETENTION)
    backup_window: str | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse a backup retention that DocumentDB does not offer."""
        check_backup_retention(arguments, "recovery.backup_retention", self.backup_retention, control="DocumentDB.2")


def instances_for(arguments: Arguments, recovery: DocumentDatabaseRecovery, instances: int | None) -> int:
    """How many instances there are, after refusing an objective that the database could not meet.

    Args:
        arguments: Collects what is refused.
        recovery: The objectives.
        instances: As many as were asked for.

    Returns:
        ``instances`` where it was given; else 2, or 1 where the objective leaves time to make an instance.
    """
    Objective.read(arguments, "recovery.rpo", recovery.rpo)
    rto = Objective.read(arguments, "recovery.rto", recovery.rto)
    rto.refuse_below(
        arguments,
        FAILOVER,
        "cannot be met by DocumentDB: it takes up to 2 minutes until a replica is the primary; allow 2 minutes",
    )
    if instances == 1 and rto.allows(FAILOVER):  # what is shorter is refused already
        rto.refuse_below(
            arguments,
            REPLACEMENT,
            "cannot be met with instances=1: with its zone the only instance is lost, and another must be made; "
            "leave instances out, or allow 1 hour",
        )
    if instances is not None:
        return instances
    return 1 if rto.allows(REPLACEMENT) else 2
