from dataclasses import dataclass
from aws_cdk import Duration, Token
from aws_cdk import aws_lambda as lambda_
from pavedroad.arguments import Arguments

@dataclass(frozen=True, kw_only=True)
class ProvisionedConcurrency:
    min_capacity: int = 1
    max_capacity: int = 10
    utilization_percent: float = 70
    scale_in_cooldown: Duration | None = None
    scale_out_cooldown: Duration | None = None

    def check(self, arguments: Arguments, reserved: int | None) -> None:
        ...

    def apply(self, alias: lambda_.Alias) -> lambda_.IScalableFunctionAttribute:
        ...
