"""How many instances run, when, and on what capacity."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration, Token
from aws_cdk import aws_autoscaling as autoscaling

from pavedroad.arguments import Arguments

_MOST_INSTANCES = 1000


@dataclass(frozen=True, kw_only=True)
class ScheduledSize:
    """A size that holds from a point in time, until another schedule changes it.

    Attributes:
        name: The schedule's name, such as ``Morning``.
        cron: When, in five fields: ``0 7 * * MON-FRI``.
        min_instances: Never fewer from then on. Left out: as before.
        max_instances: Never more from then on. Left out: as before.
        time_zone: Such as ``Europe/Berlin``. Left out: UTC.
    """

    name: str
    cron: str
    min_instances: int | None = None
    max_instances: int | None = None
    time_zone: str | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse a schedule that changes nothing, or that Auto Scaling cannot read."""
        prefix = f"scaling.schedules[{self.name}]."
        fields = r"\S+( \S+){4}"
        arguments.matches(f"{prefix}cron", self.cron, fields, "five fields: minute, hour, day, month, weekday")
        arguments.between(f"{prefix}min_instances", self.min_instances, 0, _MOST_INSTANCES)
        arguments.between(f"{prefix}max_instances", self.max_instances, 0, _MOST_INSTANCES)
        if self.min_instances is None and self.max_instances is None:
            arguments.refuse(f"{prefix}min_instances", None, "give it or max_instances: the schedule changes nothing")


@dataclass(frozen=True, kw_only=True)
class InstanceScaling:
    """Target tracking: instances are added above a target and taken away below it.

    Attributes:
        min_instances: Never fewer; may be a numeric parameter. Left out: 2, in different zones. 1 leaves a warning.
        max_instances: Never more; may be a numeric parameter. Left out: 6.
        cpu_percent: Average CPU use that is held. Left out: 60. ``None``: CPU does not scale the fleet.
        warmup: How long a new instance takes until its load counts. Left out: 3 minutes.
        schedules: Other sizes at certain times, out and in. Left out: none.
    """

    min_instances: int = 2
    max_instances: int = 6
    cpu_percent: float | None = 60
    warmup: Duration | None = None
    schedules: Sequence[ScheduledSize] = ()

    @property
    def is_single_instance(self) -> bool:
        """Whether the fleet may come down to one instance; unknown, and so ``False``, for a parameter."""
        return not Token.is_unresolved(self.min_instances) and self.min_instances == 1

    def check(self, arguments: Arguments) -> None:
        """Refuse numbers that cannot work together."""
        arguments.between("scaling.min_instances", self.min_instances, 1, _MOST_INSTANCES)
        arguments.between("scaling.max_instances", self.max_instances, 1, _MOST_INSTANCES)
        if not Token.is_unresolved(self.min_instances) and not Token.is_unresolved(self.max_instances):
            arguments.between("scaling.max_instances", self.max_instances, self.min_instances, _MOST_INSTANCES)
        arguments.between("scaling.cpu_percent", self.cpu_percent, 1, 100)
        for schedule in self.schedules:
            schedule.check(arguments)

    def apply(self, group: autoscaling.AutoScalingGroup) -> None:
        """Give the group its policy and its schedules."""
        if self.cpu_percent is not None:
            group.scale_on_cpu_utilization("Cpu", target_utilization_percent=self.cpu_percent)
        for schedule in self.schedules:
            group.scale_on_schedule(
                schedule.name,
                schedule=autoscaling.Schedule.expression(schedule.cron),
                min_capacity=schedule.min_instances,
                max_capacity=schedule.max_instances,
                time_zone=schedule.time_zone,
            )


@dataclass(frozen=True, kw_only=True)
class SpotShare:
    """A share of the instances on Spot, which AWS may take away with two minutes' notice.

    Attributes:
        on_demand_base: Instances that always run on demand. Left out: 2.
        spot_percent: The share of Spot among the instances above the base. Left out: 50.
    """

    on_demand_base: int = 2
    spot_percent: int = 50

    def check(self, arguments: Arguments) -> None:
        """Refuse numbers that Auto Scaling does not accept."""
        arguments.between("spot.on_demand_base", self.on_demand_base, 0, _MOST_INSTANCES)
        arguments.between("spot.spot_percent", self.spot_percent, 0, 100)
        if Token.is_unresolved(self.spot_percent):
            arguments.refuse(
                "spot.spot_percent", self.spot_percent, "must be a number: CloudFormation does not subtract"
            )


def distribution(spot: SpotShare | None) -> autoscaling.InstancesDistribution:
    """On demand in the order of the types; Spot from where it is cheap and stays."""
    return autoscaling.InstancesDistribution(
        on_demand_allocation_strategy=autoscaling.OnDemandAllocationStrategy.PRIORITIZED,
        on_demand_base_capacity=spot.on_demand_base if spot else None,
        on_demand_percentage_above_base_capacity=100 - spot.spot_percent if spot else 100,
        spot_allocation_strategy=autoscaling.SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED,
    )
