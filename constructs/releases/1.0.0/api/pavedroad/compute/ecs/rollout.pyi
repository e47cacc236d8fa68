from dataclasses import dataclass
from aws_cdk import Duration
from pavedroad.arguments import Arguments

@dataclass(frozen=True, kw_only=True)
class Rollout:
    min_healthy_percent: int = 100
    max_healthy_percent: int = 200
    health_check_grace_period: Duration | None = None
    deregistration_delay: Duration | None = None
    stop_timeout: Duration | None = None

    def check(self, arguments: Arguments) -> None:
        ...

def check_seconds(arguments: Arguments, name: str, duration: Duration | None, low: int, high: int) -> None:
    ...
