"""How many tasks run, and on what capacity."""

from dataclasses import dataclass

from aws_cdk import Duration, Token
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from pavedroad.arguments import Arguments


@dataclass(frozen=True, kw_only=True)
class TaskScaling:
    """Target tracking: tasks are added above a target and taken away below it.

    Attributes:
        min_tasks: Never fewer; may be a numeric parameter. Left out: 2, in different zones. 1 leaves a warning.
        max_tasks: Never more; may be a numeric parameter. Left out: 10.
        cpu_percent: Average CPU use that is held. Left out: 60. ``None``: CPU does not scale the service.
        memory_percent: Average memory use that is held. Left out: 70. ``None``: memory does not scale the service.
        requests_per_task: Requests a task and minute that are held. Left out: requests do not scale the service.
        scale_in_cooldown: Rest after tasks were taken away. Left out: 5 minutes.
        scale_out_cooldown: Rest after tasks were added. Left out: 1 minute.
    """

    min_tasks: int = 2
    max_tasks: int = 10
    cpu_percent: float | None = 60
    memory_percent: float | None = 70
    requests_per_task: int | None = None
    scale_in_cooldown: Duration | None = None
    scale_out_cooldown: Duration | None = None

    @property
    def is_single_task(self) -> bool:
        """Whether the service may come down to one task; unknown, and so ``False``, for a parameter."""
        return not Token.is_unresolved(self.min_tasks) and self.min_tasks == 1

    def check(self, arguments: Arguments) -> None:
        """Refuse numbers that cannot work together."""
        arguments.between("scaling.min_tasks", self.min_tasks, 1, 5000)
        arguments.between("scaling.max_tasks", self.max_tasks, 1, 5000)
        if not Token.is_unresolved(self.min_tasks) and not Token.is_unresolved(self.max_tasks):
            arguments.between("scaling.max_tasks", self.max_tasks, self.min_tasks, 5000)
        arguments.between("scaling.cpu_percent", self.cpu_percent, 1, 100)
        arguments.between("scaling.memory_percent", self.memory_percent, 1, 100)
        if self.cpu_percent is None and self.memory_percent is None and self.requests_per_task is None:
            arguments.refuse(
                "scaling.cpu_percent", None, "give at least one of cpu_percent, memory_percent and requests_per_task"
            )

    def apply(self, service: ecs.FargateService, target_group: elbv2.ApplicationTargetGroup) -> ecs.ScalableTaskCount:
        """Register the service as a scalable target with one policy for each target."""
        tasks = service.auto_scale_task_count(min_capacity=self.min_tasks, max_capacity=self.max_tasks)
        scale_in = self.scale_in_cooldown or Duration.minutes(5)
        scale_out = self.scale_out_cooldown or Duration.minutes(1)
        if self.cpu_percent is not None:
            tasks.scale_on_cpu_utilization(
                "Cpu",
                target_utilization_percent=self.cpu_percent,
                scale_in_cooldown=scale_in,
                scale_out_cooldown=scale_out,
            )
        if self.memory_percent is not None:
            tasks.scale_on_memory_utilization(
                "Memory",
                target_utilization_percent=self.memory_percent,
                scale_in_cooldown=scale_in,
                scale_out_cooldown=scale_out,
            )
        if self.requests_per_task is not None:
            tasks.scale_on_request_count(
                "Requests",
                requests_per_target=self.requests_per_task,
                target_group=target_group,
                scale_in_cooldown=scale_in,
                scale_out_cooldown=scale_out,
            )
        return tasks


@dataclass(frozen=True, kw_only=True)
class SpotMix:
    """A share of the tasks on Fargate Spot, which AWS may take away with two minutes' notice.

    Attributes:
        on_demand_base: Tasks that always run on demand. Left out: 2.
        on_demand_weight: The on-demand share of the tasks above the base. Left out: 1.
        spot_weight: The Spot share of the tasks above the base. Left out: 1.
    """

    on_demand_base: int = 2
    on_demand_weight: int = 1
    spot_weight: int = 1

    def check(self, arguments: Arguments) -> None:
        """Refuse numbers that ECS does not accept."""
        arguments.between("spot.on_demand_base", self.on_demand_base, 0, 100_000)
        arguments.between("spot.on_demand_weight", self.on_demand_weight, 0, 1000)
        arguments.between("spot.spot_weight", self.spot_weight, 1, 1000)

    def strategies(self) -> list[ecs.CapacityProviderStrategy]:
        """The shares in the terms of ECS."""
        return [
            ecs.CapacityProviderStrategy(
                capacity_provider="FARGATE", base=self.on_demand_base, weight=self.on_demand_weight
            ),
            ecs.CapacityProviderStrategy(capacity_provider="FARGATE_SPOT", weight=self.spot_weight),
        ]
