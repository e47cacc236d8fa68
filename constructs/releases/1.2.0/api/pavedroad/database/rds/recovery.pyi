from dataclasses import dataclass, field
from aws_cdk import Duration
from pavedroad.arguments import Arguments
from pavedroad.database.recovery import LONGEST_RETENTION, Objective, check_backup_retention
FAILOVER = 120
LOG_UPLOAD = 5 * 60
RESTORE = 4 * 60 * 60

@dataclass(frozen=True, kw_only=True)
class DatabaseRecovery:
    rpo: Duration | None = None
    rto: Duration | None = None
    multi_az: bool | None = None
    backup_retention: Duration = field(default_factory=lambda: LONGEST_RETENTION)
    backup_window: str | None = None

    def check(self, arguments: Arguments) -> None:
        ...

def needs_standby(arguments: Arguments, recovery: DatabaseRecovery) -> bool:
    ...
