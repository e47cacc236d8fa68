"""From what a business can bear to lose to how the cluster must be built."""

from dataclasses import dataclass, field

from aws_cdk import Duration

from pavedroad.arguments import Arguments
from pavedroad.database.aurora.engines import MYSQL_TYPE, POSTGRES_TYPE
from pavedroad.database.recovery import LONGEST_RETENTION, Objective, check_backup_retention

# "Service is typically restored in less than 60 seconds, and often less than 30 seconds."
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
FAILOVER = 60
# Without a reader Aurora makes a new instance in the same zone; if the zone is lost, a person makes one in another.
# The storage survives. AWS names no figure for the second; this one is for planning.
REPLACEMENT = 60 * 60
# The least that rds.global_db_rpo can hold Aurora PostgreSQL to; Aurora MySQL holds to nothing, and is usually faster.
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
GLOBAL_LAG = 20
# "Recovery time in the order of minutes", once a person has begun it. For planning.
GLOBAL_FAILOVER = 10 * 60
# A copy of the daily backup in another region, and a restore from it.
DAILY_COPY = 24 * 60 * 60
RESTORE = 4 * 60 * 60
_DEFAULT_BACKTRACK = Duration.hours(24)
_LONGEST_BACKTRACK = 72 * 60 * 60


@dataclass(frozen=True, kw_only=True)
class AuroraRecovery:
    """What a failure may cost, and what is kept to recover from it.

    Attributes:
        rpo: The newest data that may be lost when an instance or a zone fails. Any is met: a commit is in three zones.
        rto: How long the cluster may then be away. With ``readers`` left out, one is built unless an hour may pass.
        region_rpo: The same as ``rpo`` for the loss of a region. Aurora PostgreSQL is held to it.
        region_rto: The same as ``rto`` for the loss of a region. Unless both objectives of the region are given and a
            daily copy of the backups meets them (24 hours and 4 hours; a plan of AWS Backup makes it), the cluster
            becomes the primary of a global cluster; a secondary in another region is another ``AuroraCluster``.
        backtrack: How far Aurora MySQL can be turned back in minutes, to 72 hours. Left out: 24 hours, and nothing for
            Aurora PostgreSQL and global clusters, which cannot. ``Duration.seconds(0)`` leaves the warning
            ``pavedroad:aurora-cluster-no-backtrack``.
        backup_retention: How far back the cluster can be restored to any second, 7 to 35 days. Left out: 35 days.
        backup_window: Daily, UTC, ``hh:mm-hh:mm``, 30 minutes or longer. Left out: RDS chooses one.
    """

    rpo: Duration | None = None
    rto: Duration | None = None
    region_rpo: Duration | None = None
    region_rto: Duration | None = None
    backtrack: Duration | None = None
    backup_retention: Duration = field(default_factory=lambda: LONGEST_RETENTION)
    backup_window: str | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse a backup retention that Aurora does not offer."""
        check_backup_retention(arguments, "recovery.backup_retention", self.backup_retention, control="RDS.11")


def readers_for(arguments: Arguments, recovery: AuroraRecovery, readers: int | None) -> int:
    """How many readers are built, after refusing an objective that the cluster could not meet.

    Args:
        arguments: Collects what is refused.
        recovery: The objectives.
        readers: As many as were asked for.

    Returns:
        ``readers`` where it was given; else 1, or 0 where the objective leaves time to make an instance.
    """
    Objective.read(arguments, "recovery.rpo", recovery.rpo)
    rto = Objective.read(arguments, "recovery.rto", recovery.rto)
    rto.refuse_below(
        arguments,
        FAILOVER,
        "cannot be met by an Aurora cluster: it takes up to 60 seconds until a reader is the writer; allow 1 minute",
    )
    if readers == 0 and rto.allows(FAILOVER):  # what is shorter is refused already
        rto.refuse_below(
            arguments,
            REPLACEMENT,
            "cannot be met with readers=0: with its zone the only instance is lost, and another must be made; "
            "leave readers out, or allow 1 hour",
        )
    if readers is not None:
        return readers
    return 0 if rto.allows(REPLACEMENT) else 1


def needs_global_cluster(arguments: Arguments, recovery: AuroraRecovery) -> bool:
    """Whether the objectives for the loss of a region need a global cluster, after refusing what none could meet."""
    rpo = Objective.read(arguments, "recovery.region_rpo", recovery.region_rpo)
    rto = Objective.read(arguments, "recovery.region_rto", recovery.region_rto)
    rpo.refuse_below(
        arguments,
        GLOBAL_LAG,
        "cannot be promised: Aurora copies to other regions asynchronously, and 20 seconds is the least that it can "
        "be held to; allow 20 seconds",
    )
    rto.refuse_below(
        arguments,
        GLOBAL_FAILOVER,
        "cannot be met: a person begins the failover to another region, which then takes minutes; allow 10 minutes",
    )
    if rpo.seconds is None and rto.seconds is None:
        return False
    return not (rpo.allows(DAILY_COPY) and rto.allows(RESTORE))


def global_parameters(engine_type: str, recovery: AuroraRecovery) -> dict[str, str]:
    """What holds Aurora PostgreSQL to ``region_rpo``: it stops commits while every secondary is further behind."""
    rpo = recovery.region_rpo
    if engine_type != POSTGRES_TYPE or rpo is None or rpo.is_unresolved():
        return {}
    return {"rds.global_db_rpo": f"{rpo.to_seconds(integral=False):.0f}"}


def backtrack_window(
    arguments: Arguments, recovery: AuroraRecovery, *, engine_type: str, is_global: bool
) -> Duration | None:
    """How far the cluster can be turned back (RDS.14); ``None`` where it cannot or shall not."""
    cannot = engine_type != MYSQL_TYPE or is_global
    window = recovery.backtrack
    if window is None:
        return None if cannot else _DEFAULT_BACKTRACK
    seconds = window.to_seconds(integral=False)
    if cannot and seconds:
        reason = "a global cluster" if engine_type == MYSQL_TYPE else "Aurora PostgreSQL"
        arguments.refuse("recovery.backtrack", f"{seconds:g} seconds", f"must be left out: {reason} has no backtrack")
    elif seconds > _LONGEST_BACKTRACK:
        arguments.refuse("recovery.backtrack", f"{seconds:g} seconds", "must be 72 hours or less")
    return window if seconds else None
