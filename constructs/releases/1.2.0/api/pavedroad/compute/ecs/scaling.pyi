from dataclasses import dataclass
from aws_cdk import Duration, Token
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from pavedroad.arguments import Arguments

@dataclass(frozen=True, kw_only=True)
class TaskScaling:
    min_tasks: int = 2
    max_tasks: int = 10
    cpu_percent: float | None = 60
    memory_percent: float | None = 70
    requests_per_task: int | None = None
    scale_in_cooldown: Duration | None = None
    scale_out_cooldown: Duration | None = None

    @property
    def is_single_task(self) -> bool:
        ...

    def check(self, arguments: Arguments) -> None:
        ...

    def apply(self, service: ecs.FargateService, target_group: elbv2.ApplicationTargetGroup) -> ecs.ScalableTaskCount:
        ...

@dataclass(frozen=True, kw_only=True)
class SpotMix:
    on_demand_base: int = 2
    on_demand_weight: int = 1
    spot_weight: int = 1

    def check(self, arguments: Arguments) -> None:
        ...

    def strategies(self) -> list[ecs.CapacityProviderStrategy]:
        ...
