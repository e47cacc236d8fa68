"""From what a business can bear to lose to how the database must be built."""

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


def needs_standby(arguments: Arguments, *, rpo: Duration | None, rto: Duration | None, multi_az: bool | None) -> bool:
    """Whether a standby in another zone is built, after refusing objectives that the instance could not meet.

    Backups alone lose up to five minutes and take hours to restore; a standby loses nothing that was committed
    and takes over within two minutes. Read replicas are asynchronous and carry no objective.

    Args:
        arguments: Collects what is refused.
        rpo: The newest data that may be lost when the instance or its zone fails.
        rto: How long the database may then be away.
        multi_az: What was asked for; ``None`` derives it.

    Returns:
        ``multi_az`` where it was given; else ``False`` only if both objectives are given and backups meet them.
    """
    loss, outage = _seconds(arguments, "rpo", rpo), _seconds(arguments, "rto", rto)
    if outage is not None and outage < FAILOVER:
        arguments.refuse(
            "rto",
            _words(outage),
            "cannot be met in one region by an RDS instance: a Multi-AZ failover takes 60 to 120 seconds; "
            "allow 2 minutes, or take an Aurora cluster",
        )
    if multi_az is False:
        _refuse_what_backups_cannot_meet(arguments, loss, outage)
    if multi_az is not None:
        return multi_az
    return not _backups_suffice(loss, outage)


def _backups_suffice(loss: float | None, outage: float | None) -> bool:
    return loss is not None and outage is not None and loss >= LOG_UPLOAD and outage >= RESTORE


def _refuse_what_backups_cannot_meet(arguments: Arguments, loss: float | None, outage: float | None) -> None:
    if loss is not None and loss < LOG_UPLOAD:
        arguments.refuse(
            "rpo",
            _words(loss),
            "cannot be met with multi_az=False: backups hold what was committed up to 5 minutes ago; "
            "leave multi_az out, or allow 5 minutes",
        )
    if outage is not None and FAILOVER <= outage < RESTORE:
        arguments.refuse(
            "rto",
            _words(outage),
            "cannot be met with multi_az=False: restoring from a backup takes hours; "
            "leave multi_az out, or allow 4 hours",
        )


def _seconds(arguments: Arguments, name: str, objective: Duration | None) -> float | None:
    if objective is None:
        return None
    if objective.is_unresolved():
        arguments.refuse(name, "a token", "must be known at synth, as the database is built by it")
        return None
    return objective.to_seconds(integral=False)


def _words(seconds: float) -> str:
    return f"{seconds:g} seconds"
