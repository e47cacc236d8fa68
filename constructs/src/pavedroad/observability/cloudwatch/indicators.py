"""What a service level objective measures: which share of requests was good."""

from dataclasses import dataclass

from aws_cdk import Duration, Token, Tokenization
from aws_cdk import aws_cloudwatch as cloudwatch

from pavedroad.arguments import Arguments


@dataclass(frozen=True, kw_only=True)
class RequestIndicator:
    """The share of good requests, from two counts.

    Attributes:
        total: All requests, as a sum.
        good: Those that were good, as a sum. Left out: ``bad`` is given.
        bad: Those that were not, as a sum; no data counts as none. Left out: ``good`` is given.
    """

    total: cloudwatch.IMetric
    good: cloudwatch.IMetric | None = None
    bad: cloudwatch.IMetric | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse both or none of the two."""
        if (self.good is None) == (self.bad is None):
            arguments.refuse("indicator", "good, bad" if self.good else None, "give either good or bad, beside total")

    def error_ratio(self) -> tuple[str, dict[str, cloudwatch.IMetric]]:
        """The share of bad requests, from 0 to 1, as metric math and what it uses; no data without requests."""
        if self.bad is not None:
            return "FILL(bad, 0) / total", {"bad": self.bad, "total": self.total}
        assert self.good is not None
        return "(total - FILL(good, 0)) / total", {"good": self.good, "total": self.total}


@dataclass(frozen=True, kw_only=True)
class LatencyIndicator:
    """The share of requests that were answered fast enough, from one metric that CloudWatch keeps percentiles of.

    Attributes:
        metric: The time to answer, such as ``service.metric_response_time()``; its statistic does not matter.
        threshold: Up to this value a request is good, in the metric's unit: seconds for a load balancer, milliseconds
            for Lambda.
    """

    metric: cloudwatch.Metric
    threshold: float

    def check(self, arguments: Arguments) -> None:
        """Refuse thresholds that no request can meet, and those that are not known yet."""
        if Token.is_unresolved(self.threshold):
            arguments.refuse("indicator.threshold", "a parameter", "must be known at synthesis: it names a statistic")
        elif self.threshold <= 0:
            arguments.refuse("indicator.threshold", self.threshold, "must be above 0")

    def error_ratio(self) -> tuple[str, dict[str, cloudwatch.IMetric]]:
        """The share of slow requests, from 0 to 1, as metric math and what it uses; no data without requests."""
        fast = self.metric.with_(statistic=f"PR(:{self.threshold:g})", label="Fast requests (%)")
        return "1 - fast / 100", {"fast": fast}


Indicator = RequestIndicator | LatencyIndicator


def burn_rate(indicator: Indicator, target_percent: float, period: Duration) -> cloudwatch.MathExpression:
    """How many times faster than allowed the error budget is spent, over each ``period``."""
    ratio, metrics = indicator.error_ratio()
    return cloudwatch.MathExpression(
        expression=f"({ratio}) / {_budget(target_percent)}",
        using_metrics=metrics,
        label="Burn rate",
        period=period,
    )


def budget_left(indicator: Indicator, target_percent: float, window: Duration) -> cloudwatch.MathExpression:
    """What is left of the error budget over ``window``, in percent; below 0 it is overspent."""
    ratio, metrics = indicator.error_ratio()
    return cloudwatch.MathExpression(
        expression=f"100 * (1 - ({ratio}) / {_budget(target_percent)})",
        using_metrics=metrics,
        label="Error budget left (%)",
        period=window,
    )


def _budget(target_percent: float) -> str:
    """The share of requests that may be bad; CloudWatch reckons it where the target is a parameter."""
    if Token.is_unresolved(target_percent):
        return f"((100 - {Tokenization.stringify_number(target_percent)}) / 100)"
    return f"{round((100 - target_percent) / 100, 9):.9f}".rstrip("0")
