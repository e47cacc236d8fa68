"""From what a business can bear to lose to how the instance must be built."""

from dataclasses import dataclass, field

from aws_cdk import Duration

from pavedroad.arguments import Arguments
from pavedroad.database.recovery import LONGEST_RETENTION, Objective, check_backup_retention

# "Failover times are typically 60 to 120 seconds", longer after large transactions.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html
FAILOVER = 120
# "RDS uploads transaction logs for DB instances to Amazon S3 every five minutes."
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
LOG_UPLOAD = 5 * 60
# A restore makes a new instance and loads its volume lazily. AWS names no figure; this one is for planning.
RESTORE = 4 * 60 * 60


@dataclass(frozen=True, kw_only=True)
class DatabaseRecovery:
    """What a failure may cost, and what is kept to recover from it.

    Attributes:
        rpo: The newest data that may be lost when the instance or its zone fails.
        rto: How long the database may then be away. With both and ``multi_az`` left out, a standby is built unless
            backups alone meet them (five minutes and four hours). What one region cannot meet is refused. Neither
            speaks of the loss of a region.
        multi_az: A synchronous standby in another zone. Left out: built, or as ``rpo`` and ``rto`` say. Without one
            the warning ``pavedroad:database-single-az`` is left.
        backup_retention: How far back the database can be restored to any second, 7 to 35 days. Left out: 35 days.
        backup_window: Daily, UTC, ``hh:mm-hh:mm``, 30 minutes or longer. Left out: RDS chooses one.
    """

    rpo: Duration | None = None
    rto: Duration | None = None
    multi_az: bool | None = None
    backup_retention: Duration = field(default_factory=lambda: LONGEST_RETENTION)
    backup_window: str | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse a backup retention that RDS does not offer."""
        check_backup_retention(arguments, "recovery.backup_retention", self.backup_retention, control="RDS.11")


def needs_standby(arguments: Arguments, recovery: DatabaseRecovery) -> bool:
    """Whether a standby in another zone is built, after refusing objectives that the instance could not meet.

    Backups alone lose up to five minutes and take hours to restore; a standby loses nothing that was committed
    and takes over within two minutes. Read replicas are asynchronous and carry no objective.

    Args:
        arguments: Collects what is refused.
        recovery: The objectives, and whether a standby was asked for.

    Returns:
        ``multi_az`` where it was given; else ``False`` only if both objectives are given and backups meet them.
    """
    rpo = Objective.read(arguments, "recovery.rpo", recovery.rpo)
    rto = Objective.read(arguments, "recovery.rto", recovery.rto)
    rto.refuse_below(
        arguments,
        FAILOVER,
        "cannot be met in one region by an RDS instance: a Multi-AZ failover takes 60 to 120 seconds; "
        "allow 2 minutes, or take an Aurora cluster",
    )
    if recovery.multi_az is False:
        _refuse_what_backups_cannot_meet(arguments, rpo, rto)
    if recovery.multi_az is not None:
        return recovery.multi_az
    return not (rpo.allows(LOG_UPLOAD) and rto.allows(RESTORE))


def _refuse_what_backups_cannot_meet(arguments: Arguments, rpo: Objective, rto: Objective) -> None:
    rpo.refuse_below(
        arguments,
        LOG_UPLOAD,
        "cannot be met with multi_az=False: backups hold what was committed up to 5 minutes ago; "
        "leave multi_az out, or allow 5 minutes",
    )
    if rto.allows(FAILOVER):  # what is shorter is refused already
        rto.refuse_below(
            arguments,
            RESTORE,
            "cannot be met with multi_az=False: restoring from a backup takes hours; "
            "leave multi_az out, or allow 4 hours",
        )
