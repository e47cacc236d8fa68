"""What a table can do and is paid for: on demand, or provisioned and scaled out and in."""

from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, Token
from aws_cdk import aws_dynamodb as dynamodb

from pavedroad.arguments import Arguments


@dataclass(frozen=True, kw_only=True)
class OnDemandBilling:
    """Every request is paid for; the table follows the load.

    Attributes:
        max_read_request_units: Reads a second beyond which the table throttles, to bound the bill. Left out: no bound
            but the account's quota.
        max_write_request_units: The same of writes.
    """

    max_read_request_units: float | None = None
    max_write_request_units: float | None = None


@dataclass(frozen=True, kw_only=True)
class CapacityScaling:
    """How far provisioned capacity is scaled out and in.

    Attributes:
        min_capacity: The fewest capacity units.
        max_capacity: The most capacity units.
        target_utilization_percent: The use that scaling aims at, 20 to 90 percent. Left out: 70.
        scale_in_cooldown: The least time between two steps down. Left out: none.
        scale_out_cooldown: The least time between two steps up. Left out: none.
    """

    min_capacity: float
    max_capacity: float
    target_utilization_percent: float = 70
    scale_in_cooldown: Duration | None = None
    scale_out_cooldown: Duration | None = None

    def settings(self) -> dynamodb.CfnGlobalTable.CapacityAutoScalingSettingsProperty:
        """As CloudFormation wants it."""
        cooldowns = (self.scale_in_cooldown, self.scale_out_cooldown)
        scale_in, scale_out = (cooldown.to_seconds() if cooldown else None for cooldown in cooldowns)
        resource = dynamodb.CfnGlobalTable
        return resource.CapacityAutoScalingSettingsProperty(
            min_capacity=self.min_capacity,
            max_capacity=self.max_capacity,
            target_tracking_scaling_policy_configuration=resource.TargetTrackingScalingPolicyConfigurationProperty(
                target_value=self.target_utilization_percent,
                disable_scale_in=False,
                scale_in_cooldown=scale_in,
                scale_out_cooldown=scale_out,
            ),
        )


@dataclass(frozen=True, kw_only=True)
class ProvisionedBilling:
    """Capacity is paid for, used or not; it is scaled out and in for the table and each of its indexes.

    Attributes:
        read: Of reads; every replica scales its own.
        write: Of writes; all replicas share it.
    """

    read: CapacityScaling
    write: CapacityScaling


TableBilling = OnDemandBilling | ProvisionedBilling


def check_billing(arguments: Arguments, billing: TableBilling) -> None:
    """Refuse bounds that DynamoDB would."""
    if isinstance(billing, OnDemandBilling):
        for name in ("max_read_request_units", "max_write_request_units"):
            value = getattr(billing, name)
            if value is not None and not Token.is_unresolved(value) and value < 1:
                arguments.refuse(f"billing.{name}", value, "must be 1 or more")
        return
    for name, scaling in (("read", billing.read), ("write", billing.write)):
        place = f"billing.{name}"
        arguments.between(f"{place}.target_utilization_percent", scaling.target_utilization_percent, 20, 90)
        if not Token.is_unresolved(scaling.min_capacity):
            if scaling.min_capacity < 1:
                arguments.refuse(f"{place}.min_capacity", scaling.min_capacity, "must be 1 or more")
            if not Token.is_unresolved(scaling.max_capacity) and scaling.max_capacity < scaling.min_capacity:
                arguments.refuse(
                    f"{place}.max_capacity", scaling.max_capacity, f"must be {scaling.min_capacity:g} or more"
                )


def construct_billing(billing: TableBilling) -> dynamodb.Billing:
    """As the CDK's table wants it. It cannot compare tokens: ``set_write_capacity`` sets what was asked for."""
    if isinstance(billing, OnDemandBilling):
        return dynamodb.Billing.on_demand(
            max_read_request_units=billing.max_read_request_units,
            max_write_request_units=billing.max_write_request_units,
        )
    stand_in = dynamodb.Capacity.autoscaled(min_capacity=1, max_capacity=1)
    return dynamodb.Billing.provisioned(read_capacity=stand_in, write_capacity=stand_in)


def set_write_capacity(resource: dynamodb.CfnGlobalTable, billing: TableBilling, indexes: int) -> None:
    """Set the write capacity of the table and its indexes; that of reads stands in the replicas."""
    if isinstance(billing, OnDemandBilling):
        return
    written: Any = dynamodb.CfnGlobalTable.WriteProvisionedThroughputSettingsProperty(
        write_capacity_auto_scaling_settings=billing.write.settings()
    )
    resource.write_provisioned_throughput_settings = written
    scaled = resource.stack.resolve(written)["writeCapacityAutoScalingSettings"]
    for number in range(indexes):
        place = f"GlobalSecondaryIndexes.{number}.WriteProvisionedThroughputSettings"
        resource.add_property_override(f"{place}.WriteCapacityAutoScalingSettings", _capitalized(scaled))


def _capitalized(value: Any) -> Any:
    if isinstance(value, dict) and not any(name.startswith(("Ref", "Fn::")) for name in value):
        return {name[0].upper() + name[1:]: _capitalized(part) for name, part in value.items()}
    return value
