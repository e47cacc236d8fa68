"""Provisioned capacity of a table of a keyspace, scaled out and in."""

from dataclasses import dataclass

from aws_cdk import Duration, Token
from aws_cdk import aws_cassandra as cassandra

from pavedroad.arguments import Arguments


@dataclass(frozen=True, kw_only=True)
class ThroughputScaling:
    """How far provisioned capacity is scaled out and in.

    Attributes:
        min_units: The fewest capacity units, with which the table begins.
        max_units: The most capacity units.
        target_utilization_percent: The use that scaling aims at, 20 to 90 percent. Left out: 70.
        scale_in_cooldown: The least time between two steps down. Left out: none.
        scale_out_cooldown: The least time between two steps up. Left out: none.
    """

    min_units: float
    max_units: float
    target_utilization_percent: float = 70
    scale_in_cooldown: Duration | None = None
    scale_out_cooldown: Duration | None = None

    def setting(self) -> cassandra.CfnTable.AutoScalingSettingProperty:
        """As CloudFormation wants it."""
        cooldowns = (self.scale_in_cooldown, self.scale_out_cooldown)
        scale_in, scale_out = (cooldown.to_seconds() if cooldown else None for cooldown in cooldowns)
        resource = cassandra.CfnTable
        return resource.AutoScalingSettingProperty(
            auto_scaling_disabled=False,
            minimum_units=self.min_units,
            maximum_units=self.max_units,
            scaling_policy=resource.ScalingPolicyProperty(
                target_tracking_scaling_policy_configuration=resource.TargetTrackingScalingPolicyConfigurationProperty(
                    target_value=self.target_utilization_percent,
                    disable_scale_in=False,
                    scale_in_cooldown=scale_in,
                    scale_out_cooldown=scale_out,
                )
            ),
        )


@dataclass(frozen=True, kw_only=True)
class ProvisionedThroughput:
    """Capacity that is paid for, used or not.

    Attributes:
        read: Of reads; in several regions each scales its own.
        write: Of writes; in several regions it is the same everywhere.
    """

    read: ThroughputScaling
    write: ThroughputScaling


def check_throughput(arguments: Arguments, place: str, throughput: ProvisionedThroughput) -> None:
    """Refuse bounds that Keyspaces would."""
    for kind, scaling in (("read", throughput.read), ("write", throughput.write)):
        name, low, high = f"{place}.{kind}", scaling.min_units, scaling.max_units
        arguments.between(f"{name}.target_utilization_percent", scaling.target_utilization_percent, 20, 90)
        if Token.is_unresolved(low):
            continue
        if low < 1:
            arguments.refuse(f"{name}.min_units", low, "must be 1 or more")
        if not Token.is_unresolved(high) and high < low:
            arguments.refuse(f"{name}.max_units", high, f"must be {low:g} or more")
