from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from aws_cdk import Duration, Fn, Token
from aws_cdk import aws_backup as backup
from pavedroad.arguments import Arguments
from pavedroad.continuity.objectives import Frequency
from pavedroad.durations import days_of
_CONTINUOUS_DAYS = 35
_COLD_DAYS = 90

@dataclass(frozen=True, kw_only=True)
class BackupRetention:
    daily: Duration = field(default_factory=lambda: Duration.days(35))
    weekly: Duration | None = field(default_factory=lambda: Duration.days(90))
    monthly: Duration | None = field(default_factory=lambda: Duration.days(365))
    cold_storage_after: Duration | None = None

    @property
    def kept(self) -> list[tuple[str, Duration]]:
        ...

    def check(self, arguments: Arguments, *, continuous: bool) -> None:
        ...

@dataclass(frozen=True, kw_only=True)
class BackupCopy:
    vault_arn: str
    account: str | None = None
    retention: Duration | None = None

@dataclass(frozen=True, kw_only=True)
class BackupWindow:
    start: str = '03:00'
    start_within: Duration = field(default_factory=lambda: Duration.hours(1))
    complete_within: Duration = field(default_factory=lambda: Duration.hours(24))

    def check(self, arguments: Arguments) -> None:
        ...

def backup_rules(*, vault: backup.IBackupVault, frequency: Frequency, retention: BackupRetention, window: BackupWindow, copies: Sequence[BackupCopy]) -> list[backup.CfnBackupPlan.BackupRuleResourceTypeProperty]:
    ...
