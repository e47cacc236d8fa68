from dataclasses import dataclass
from typing import TYPE_CHECKING
from aws_cdk import Duration
from pavedroad.arguments import Arguments
from pavedroad.durations import check_seconds
if TYPE_CHECKING:
    from pavedroad.compute.ecs.traffic_shift import TrafficShift

@dataclass(frozen=True, kw_only=True)
class Rollout:
    min_healthy_percent: int = 100
    max_healthy_percent: int = 200
    health_check_grace_period: Duration | None = None
    deregistration_delay: Duration | None = None
    stop_timeout: Duration | None = None
    traffic_shift: 'TrafficShift | None' = None

    def check(self, arguments: Arguments) -> None:
        ...
