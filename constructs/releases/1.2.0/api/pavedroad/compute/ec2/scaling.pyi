from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Duration, Token
from aws_cdk import aws_autoscaling as autoscaling
from pavedroad.arguments import Arguments
_MOST_INSTANCES = 1000

@dataclass(frozen=True, kw_only=True)
class ScheduledSize:
    name: str
    cron: str
    min_instances: int | None = None
    max_instances: int | None = None
    time_zone: str | None = None

    def check(self, arguments: Arguments) -> None:
        ...

@dataclass(frozen=True, kw_only=True)
class InstanceScaling:
    min_instances: int = 2
    max_instances: int = 6
    cpu_percent: float | None = 60
    warmup: Duration | None = None
    schedules: Sequence[ScheduledSize] = ()

    @property
    def is_single_instance(self) -> bool:
        ...

    def check(self, arguments: Arguments) -> None:
        ...

    def apply(self, group: autoscaling.AutoScalingGroup) -> None:
        ...

@dataclass(frozen=True, kw_only=True)
class SpotShare:
    on_demand_base: int = 2
    spot_percent: int = 50

    def check(self, arguments: Arguments) -> None:
        ...

def distribution(spot: SpotShare | None) -> autoscaling.InstancesDistribution:
    ...
