"""From what a business can bear to lose to how often AWS Backup must run."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration, Token

from pavedroad.arguments import Arguments

_HOUR = 60 * 60
# Hours between two backups, most first. AWS Backup starts a rule once an hour at most.
_INTERVALS = (24, 12, 8, 6, 4, 3, 2, 1)
# Continuous backups reach within 5 minutes for RDS and Aurora and within 15 minutes for S3.
# https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
CONTINUOUS_LOSS = 15 * 60
_CONTINUOUS_SERVICES = ("rds", "s3")
# AWS names no figure for a restore; this one is for planning.
RESTORE = 4 * _HOUR


@dataclass(frozen=True, kw_only=True)
class Frequency:
    """How often backups are taken.

    Attributes:
        interval_hours: Hours between two backups.
        continuous: Whether changes between them are kept too, by the services that can.
    """

    interval_hours: int
    continuous: bool


def frequency(
    arguments: Arguments,
    *,
    rpo: Duration | None,
    rto: Duration | None,
    continuous: bool | None,
    start_window: Duration,
    resources: Sequence[str],
) -> Frequency:
    """How often backups must be taken, after refusing objectives that AWS Backup cannot meet.

    Two backups are at most their interval and the start window apart: one may start at once and the next at the end
    of its window. The interval is the longest that keeps this within ``rpo``.

    Args:
        arguments: Collects what is refused.
        rpo: The newest data that may be lost. ``None``: a backup a day.
        rto: How long restoring may take.
        continuous: Whether continuous backups were asked for; ``None`` where ``rpo`` decides.
        start_window: How late a backup may start.
        resources: The ARNs, or patterns of them, that are backed up.
    """
    loss, outage = _seconds(arguments, "rpo", rpo), _seconds(arguments, "rto", rto)
    if outage is not None and outage < RESTORE:
        arguments.refuse(
            "rto",
            _words(outage),
            "cannot be met by backups: restoring takes hours, and 4 are planned; allow 4 hours, or have a standby "
            "or a replica that takes over",
        )
    if loss is None:
        return Frequency(interval_hours=_INTERVALS[0], continuous=bool(continuous))
    window = None if start_window.is_unresolved() else start_window.to_seconds(integral=False)
    if window is None:
        arguments.refuse("window.start_within", "a token", "must be known at synth where rpo is given")
        return Frequency(interval_hours=1, continuous=bool(continuous))
    for hours in _INTERVALS:
        if hours * _HOUR + window <= loss:
            return Frequency(interval_hours=hours, continuous=bool(continuous))
    _refuse_what_continuous_backups_cannot_meet(arguments, loss, window, continuous=continuous, resources=resources)
    return Frequency(interval_hours=_INTERVALS[0], continuous=True)


def _refuse_what_continuous_backups_cannot_meet(
    arguments: Arguments, loss: float, window: float, *, continuous: bool | None, resources: Sequence[str]
) -> None:
    least = _words(_HOUR + window)
    if loss < CONTINUOUS_LOSS:
        arguments.refuse(
            "rpo",
            _words(loss),
            "cannot be met by backups: continuous ones hold what was written up to 15 minutes ago; allow 15 minutes, "
            "or replicate the data",
        )
    elif continuous is False:
        arguments.refuse(
            "rpo",
            _words(loss),
            f"cannot be met with continuous=False: backups start once an hour at most, within their start window; "
            f"leave continuous out, or allow {least}",
        )
    elif others := [arn for arn in resources if not _has_continuous_backups(arn)]:
        arguments.refuse(
            "rpo",
            _words(loss),
            f"cannot be met for {', '.join(others)}: only RDS, Aurora and S3 have continuous backups; name those in "
            f"selection.resources, such as arn:aws:rds:*:*:db:*, or allow {least}",
        )


def _has_continuous_backups(arn: str) -> bool:
    if Token.is_unresolved(arn) and not arn.startswith("arn:"):
        return True
    parts = arn.split(":")
    return len(parts) > 2 and parts[2] in _CONTINUOUS_SERVICES  # noqa: PLR2004 - an ARN's third part is its service


def _seconds(arguments: Arguments, name: str, objective: Duration | None) -> float | None:
    if objective is None:
        return None
    if objective.is_unresolved():
        arguments.refuse(name, "a token", "must be known at synth, as the plan is built by it")
        return None
    return objective.to_seconds(integral=False)


def _words(seconds: float) -> str:
    return f"{seconds / _HOUR:g} hours" if seconds >= _HOUR else f"{seconds / 60:g} minutes"
