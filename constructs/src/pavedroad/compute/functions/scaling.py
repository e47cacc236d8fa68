"""Execution environments that are kept warm."""

from dataclasses import dataclass

from aws_cdk import Duration, Token
from aws_cdk import aws_lambda as lambda_

from pavedroad.arguments import Arguments


@dataclass(frozen=True, kw_only=True)
class ProvisionedConcurrency:
    """Execution environments that wait for calls, more of them under load and fewer without.

    Attributes:
        min_capacity: Never fewer; a new version starts with this many. May be a numeric parameter. Left out: 1.
        max_capacity: Never more; may be a numeric parameter. Left out: 10.
        utilization_percent: The share in use that is held, 10 to 90; no parameter. Left out: 70.
        scale_in_cooldown: Rest after environments were taken away. Left out: 5 minutes.
        scale_out_cooldown: Rest after environments were added. Left out: 1 minute.
    """

    min_capacity: int = 1
    max_capacity: int = 10
    utilization_percent: float = 70
    scale_in_cooldown: Duration | None = None
    scale_out_cooldown: Duration | None = None

    def check(self, arguments: Arguments, reserved: int | None) -> None:
        """Refuse numbers that cannot work together, or with the ``reserved`` concurrency."""
        arguments.between("provisioned_concurrency.min_capacity", self.min_capacity, 1, 100_000)
        low = 1 if Token.is_unresolved(self.min_capacity) else self.min_capacity
        high = 100_000 if reserved is None or Token.is_unresolved(reserved) else reserved
        arguments.between("provisioned_concurrency.max_capacity", self.max_capacity, low, high)
        arguments.between("provisioned_concurrency.utilization_percent", self.utilization_percent, 10, 90)

    def apply(self, alias: lambda_.Alias) -> lambda_.IScalableFunctionAttribute:
        """Register the alias as a scalable target with target tracking."""
        target = alias.add_auto_scaling(min_capacity=self.min_capacity, max_capacity=self.max_capacity)
        target.scale_on_utilization(
            utilization_target=self.utilization_percent / 100,
            scale_in_cooldown=self.scale_in_cooldown or Duration.minutes(5),
            scale_out_cooldown=self.scale_out_cooldown or Duration.minutes(1),
        )
        return target
