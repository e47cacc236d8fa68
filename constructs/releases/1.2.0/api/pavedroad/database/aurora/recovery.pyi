from dataclasses import dataclass, field
from aws_cdk import Duration
from pavedroad.arguments import Arguments
from pavedroad.database.aurora.engines import MYSQL_TYPE, POSTGRES_TYPE
from pavedroad.database.recovery import LONGEST_RETENTION, Objective, check_backup_retention
FAILOVER = 60
REPLACEMENT = 60 * 60
GLOBAL_LAG = 20
GLOBAL_FAILOVER = 10 * 60
DAILY_COPY = 24 * 60 * 60
RESTORE = 4 * 60 * 60
_DEFAULT_BACKTRACK = Duration.hours(24)
_LONGEST_BACKTRACK = 72 * 60 * 60

@dataclass(frozen=True, kw_only=True)
class AuroraRecovery:
    rpo: Duration | None = None
    rto: Duration | None = None
    region_rpo: Duration | None = None
    region_rto: Duration | None = None
    backtrack: Duration | None = None
    backup_retention: Duration = field(default_factory=lambda: LONGEST_RETENTION)
    backup_window: str | None = None

    def check(self, arguments: Arguments) -> None:
        ...

def readers_for(arguments: Arguments, recovery: AuroraRecovery, readers: int | None) -> int:
    ...

def needs_global_cluster(arguments: Arguments, recovery: AuroraRecovery) -> bool:
    ...

def global_parameters(engine_type: str, recovery: AuroraRecovery) -> dict[str, str]:
    ...

def backtrack_window(arguments: Arguments, recovery: AuroraRecovery, *, engine_type: str, is_global: bool) -> Duration | None:
    ...
