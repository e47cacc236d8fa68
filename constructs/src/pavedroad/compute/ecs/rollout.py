"""How a new version replaces the old one, and how a task ends."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration

from pavedroad.arguments import Arguments
from pavedroad.durations import check_seconds

if TYPE_CHECKING:
    from pavedroad.compute.ecs.traffic_shift import TrafficShift


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """How tasks are replaced. A rollout that fails is rolled back in any case.

    Attributes:
        min_healthy_percent: Tasks that stay in service, in percent of the wanted number. Left out: 100.
        max_healthy_percent: Tasks that may run meanwhile, in percent; above 100, since tasks are also moved to keep
            the zones balanced. Left out: 200.
        health_check_grace_period: How long a starting task may fail the load balancer's check. Left out: 60 seconds.
        deregistration_delay: How long a task that leaves finishes its requests. Left out: 30 seconds.
        stop_timeout: How long a task may take between SIGTERM and SIGKILL, at most 120 seconds. Left out: 60 seconds.
        traffic_shift: Blue/green deployment, all at once or in steps. Left out: tasks are replaced one after another.
    """

    min_healthy_percent: int = 100
    max_healthy_percent: int = 200
    health_check_grace_period: Duration | None = None
    deregistration_delay: Duration | None = None
    stop_timeout: Duration | None = None
    traffic_shift: "TrafficShift | None" = None

    def check(self, arguments: Arguments) -> None:
        """Refuse numbers that ECS or the load balancer does not accept."""
        arguments.between("rollout.min_healthy_percent", self.min_healthy_percent, 0, 100)
        arguments.between("rollout.max_healthy_percent", self.max_healthy_percent, 101, 200)
        check_seconds(arguments, "rollout.deregistration_delay", self.deregistration_delay, 0, 3600)
        check_seconds(arguments, "rollout.stop_timeout", self.stop_timeout, 2, 120)
        if self.traffic_shift is not None:
            self.traffic_shift.check(arguments)
