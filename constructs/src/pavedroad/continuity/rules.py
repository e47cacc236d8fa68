"""The rules of a backup plan: when backups are taken, how long each is kept, and where copies go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from aws_cdk import Duration, Fn, Token
from aws_cdk import aws_backup as backup

from pavedroad.arguments import Arguments
from pavedroad.continuity.objectives import Frequency
from pavedroad.durations import days_of

# AWS Backup: a continuous backup is kept 35 days at most, and what moves to cold storage stays there for 90 days.
_CONTINUOUS_DAYS = 35
_COLD_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class BackupRetention:
    """How long backups are kept, in whole days; each kind no longer than the next. Parameters are given as days.

    Attributes:
        daily: The daily ones, or those that ``rpo`` asks for more often. Left out: 35 days.
        weekly: Those of Sundays. Left out: 90 days. ``None``: none are taken.
        monthly: Those of the first of a month. Left out: 365 days. ``None``: none are taken.
        cold_storage_after: When monthly backups move to cold storage, of the services that have it; they stay there
            for 90 days or longer. Left out: they stay warm.
    """

    daily: Duration = field(default_factory=lambda: Duration.days(35))
    weekly: Duration | None = field(default_factory=lambda: Duration.days(90))
    monthly: Duration | None = field(default_factory=lambda: Duration.days(365))
    cold_storage_after: Duration | None = None

    @property
    def kept(self) -> list[tuple[str, Duration]]:
        """The kinds of backups with their retention, the shortest first."""
        kinds = (("daily", self.daily), ("weekly", self.weekly), ("monthly", self.monthly))
        return [(kind, duration) for kind, duration in kinds if duration is not None]

    def check(self, arguments: Arguments, *, continuous: bool) -> None:
        """Refuse what AWS Backup does not offer."""
        known = [(kind, days) for kind, duration in self.kept if (days := days_of(duration)) is not None]
        for kind, days in known:
            if days % 1 or days < 1:
                arguments.refuse(f"retention.{kind}", f"{days:g} days", "must be whole days, one or more")
        for (kind, days), (longer, more) in pairwise(known):
            if days > more:
                arguments.refuse(f"retention.{kind}", f"{days:g} days", f"must not be longer than {longer}, {more:g}")
        daily = days_of(self.daily)
        if continuous and daily is not None and daily > _CONTINUOUS_DAYS:
            arguments.refuse(
                "retention.daily",
                f"{daily:g} days",
                f"must be {_CONTINUOUS_DAYS} or fewer, as continuous backups are kept no longer; "
                "keep weekly or monthly ones instead",
            )
        self._check_cold_storage(arguments)

    def _check_cold_storage(self, arguments: Arguments) -> None:
        cold, monthly = days_of(self.cold_storage_after), days_of(self.monthly)
        if cold is None:
            return
        if self.monthly is None or (monthly is not None and monthly < cold + _COLD_DAYS):
            arguments.refuse(
                "retention.cold_storage_after",
                f"{cold:g} days",
                f"needs monthly backups that are kept {_COLD_DAYS} days longer than that",
            )


@dataclass(frozen=True, kw_only=True)
class BackupCopy:
    """Where each backup is copied to: a vault in another region, or in another account of the organisation.

    Attributes:
        vault_arn: The ARN of the vault there. One in another account admits this one by its access policy.
        account: The account that owns the vault. Left out: this account.
        retention: How long copies are kept, in whole days. Left out: as long as the backup itself.
    """

    vault_arn: str
    account: str | None = None
    retention: Duration | None = None


@dataclass(frozen=True, kw_only=True)
class BackupWindow:
    """When backups start and how long they may take; parameters of a template are given as minutes.

    Attributes:
        start: When they start, UTC, ``hh:mm``. With an ``rpo`` of less than a day and an hour its hour is one of
            several. Left out: 03:00.
        start_within: How late a backup may start, an hour or longer. Left out: one hour.
        complete_within: When one that is not finished is given up, counted from ``start``. Left out: 24 hours.
    """

    start: str = "03:00"
    start_within: Duration = field(default_factory=lambda: Duration.hours(1))
    complete_within: Duration = field(default_factory=lambda: Duration.hours(24))

    def check(self, arguments: Arguments) -> None:
        """Refuse times that AWS Backup does not take."""
        arguments.matches("window.start", self.start, r"([01]\d|2[0-3]):[0-5]\d", "hh:mm, such as 03:00")
        start, complete = _minutes(self.start_within), _minutes(self.complete_within)
        if start is not None and start < 60:  # noqa: PLR2004 - AWS Backup's shortest, in minutes
            arguments.refuse("window.start_within", f"{start:g} minutes", "must be an hour or longer")
        if start is not None and complete is not None and complete <= start:
            arguments.refuse("window.complete_within", f"{complete:g} minutes", "must be longer than start_within")


def backup_rules(
    *,
    vault: backup.IBackupVault,
    frequency: Frequency,
    retention: BackupRetention,
    window: BackupWindow,
    copies: Sequence[BackupCopy],
) -> list[backup.CfnBackupPlan.BackupRuleResourceTypeProperty]:
    """One rule for each kind of backup that is kept."""
    schedules = _schedules(window.start, frequency.interval_hours)
    return [
        backup.CfnBackupPlan.BackupRuleResourceTypeProperty(
            rule_name=kind,
            target_backup_vault=vault.backup_vault_name,
            schedule_expression=schedules[kind],
            schedule_expression_timezone="Etc/UTC",
            start_window_minutes=window.start_within.to_minutes(),
            completion_window_minutes=window.complete_within.to_minutes(),
            # Where a service has no continuous backups, AWS Backup takes a snapshot.
            enable_continuous_backup=(frequency.continuous and kind == "daily") or None,
            lifecycle=_lifecycle(kind, kept, retention.cold_storage_after),
            copy_actions=list(_copy_actions(kind, kept, retention.cold_storage_after, copies)) or None,
            recovery_point_tags={"backup-rule": kind},
        )
        for kind, kept in retention.kept
    ]


def _minutes(duration: Duration) -> float | None:
    return None if duration.is_unresolved() else duration.to_minutes(integral=False)


def _schedules(start: str, interval_hours: int) -> dict[str, str]:
    if Token.is_unresolved(start):
        hour, minute = (Fn.select(part, Fn.split(":", start)) for part in (0, 1))
        first = 0
    else:
        hour, minute = (str(int(part)) for part in start.split(":"))
        first = int(hour) % interval_hours
    daily = hour if interval_hours == 24 else f"{first}/{interval_hours}"  # noqa: PLR2004 - a day
    return {
        "daily": f"cron({minute} {daily} * * ? *)",
        "weekly": f"cron({minute} {hour} ? * SUN *)",
        "monthly": f"cron({minute} {hour} 1 * ? *)",
    }


def _lifecycle(
    kind: str, kept: Duration, cold_storage_after: Duration | None
) -> backup.CfnBackupPlan.LifecycleResourceTypeProperty:
    cold = cold_storage_after if kind == "monthly" else None
    return backup.CfnBackupPlan.LifecycleResourceTypeProperty(
        delete_after_days=kept.to_days(), move_to_cold_storage_after_days=cold.to_days() if cold else None
    )


def _copy_actions(
    kind: str, kept: Duration, cold_storage_after: Duration | None, copies: Sequence[BackupCopy]
) -> Iterator[backup.CfnBackupPlan.CopyActionResourceTypeProperty]:
    for copy in copies:
        # A retention of the copies' own may be too short for cold storage.
        lifecycle = (
            _lifecycle(kind, copy.retention, None) if copy.retention else _lifecycle(kind, kept, cold_storage_after)
        )
        yield backup.CfnBackupPlan.CopyActionResourceTypeProperty(
            destination_backup_vault_arn=copy.vault_arn, lifecycle=lifecycle
        )
