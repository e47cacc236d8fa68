"""From what a business can bear to lose to how the database must be built."""

from dataclasses import dataclass, field

from aws_cdk import Duration

from pavedroad.arguments import Arguments

# "Failover times are typically 60 to 120 seconds", longer after large transactions.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html
FAILOVER = 120
# "RDS uploads transaction logs for DB instances to Amazon S3 every five minutes."
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
LOG_UPLOAD = 5 * 60
# A restore makes a new instance and loads its volume lazily. AWS names no figure; this one is for planning.
RESTORE = 4 * 60 * 60
# RDS.11 asks for 7 days; RDS keeps 35 at most.
_RETENTION_DAYS = (7, 35)


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
    backup_retention: Duration = field(default_factory=lambda: Duration.days(_RETENTION_DAYS[1]))
    backup_window: str | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse a backup retention that RDS does not offer."""
        if self.backup_retention.is_unresolved():
            return
        days, (shortest, longest) = self.backup_retention.to_days(integral=False), _RETENTION_DAYS
        if days % 1 or not shortest <= days <= longest:
            arguments.refuse(
                "recovery.backup_retention",
                f"{days:g} days",
                f"must be from {shortest} (RDS.11) to {longest} whole days",
            )


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
    loss, outage = _seconds(arguments, "rpo", recovery.rpo), _seconds(arguments, "rto", recovery.rto)
    if outage is not None and outage < FAILOVER:
        arguments.refuse(
            "recovery.rto",
            _words(outage),
            "cannot be met in one region by an RDS instance: a Multi-AZ failover takes 60 to 120 seconds; "
            "allow 2 minutes, or take an Aurora cluster",
        )
    if recovery.multi_az is False:
        _refuse_what_backups_cannot_meet(arguments, loss, outage)
    if recovery.multi_az is not None:
        return recovery.multi_az
    return not _backups_suffice(loss, outage)


def _backups_suffice(loss: float | None, outage: float | None) -> bool:
    return loss is not None and outage is not None and loss >= LOG_UPLOAD and outage >= RESTORE


def _refuse_what_backups_cannot_meet(arguments: Arguments, loss: float | None, outage: float | None) -> None:
    if loss is not None and loss < LOG_UPLOAD:
        arguments.refuse(
            "recovery.rpo",
            _words(loss),
            "cannot be met with multi_az=False: backups hold what was committed up to 5 minutes ago; "
            "leave multi_az out, or allow 5 minutes",
        )
    if outage is not None and FAILOVER <= outage < RESTORE:
        arguments.refuse(
            "recovery.rto",
            _words(outage),
            "cannot be met with multi_az=False: restoring from a backup takes hours; "
            "leave multi_az out, or allow 4 hours",
        )


def _seconds(arguments: Arguments, name: str, objective: Duration | None) -> float | None:
    if objective is None:
        return None
    if objective.is_unresolved():
        arguments.refuse(f"recovery.{name}", "a token", "must be known at synth, as the database is built by it")
        return None
    return objective.to_seconds(integral=False)


def _words(seconds: float) -> str:
    return f"{seconds:g} seconds"
