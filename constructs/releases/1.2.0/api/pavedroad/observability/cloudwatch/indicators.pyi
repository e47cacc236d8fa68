from dataclasses import dataclass
from aws_cdk import Duration, Token, Tokenization
from aws_cdk import aws_cloudwatch as cloudwatch
from pavedroad.arguments import Arguments

@dataclass(frozen=True, kw_only=True)
class RequestIndicator:
    total: cloudwatch.IMetric
    good: cloudwatch.IMetric | None = None
    bad: cloudwatch.IMetric | None = None

    def check(self, arguments: Arguments) -> None:
        ...

    def error_ratio(self) -> tuple[str, dict[str, cloudwatch.IMetric]]:
        ...

@dataclass(frozen=True, kw_only=True)
class LatencyIndicator:
    metric: cloudwatch.Metric
    threshold: float

    def check(self, arguments: Arguments) -> None:
        ...

    def error_ratio(self) -> tuple[str, dict[str, cloudwatch.IMetric]]:
        ...
Indicator = RequestIndicator | LatencyIndicator

def burn_rate(indicator: Indicator, target_percent: float, period: Duration) -> cloudwatch.MathExpression:
    ...

def budget_left(indicator: Indicator, target_percent: float, window: Duration) -> cloudwatch.MathExpression:
    ...
