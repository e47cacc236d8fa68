"""What is seen of a database while it runs."""

from dataclasses import dataclass, field

from aws_cdk import Duration
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns

from pavedroad.arguments import Arguments

_INTERVALS = (1, 5, 10, 15, 30, 60)


@dataclass(frozen=True, kw_only=True)
class DatabaseMonitoring:
    """What is seen of a database beyond its metrics and logs.

    Attributes:
        insights: Database Insights: ``STANDARD`` keeps 7 days, ``ADVANCED`` 15 months. Left out: ``STANDARD``.
            ``None`` leaves the warning ``pavedroad:database-no-insights``.
        interval: Of enhanced monitoring: 1, 5, 10, 15, 30 or 60 seconds. Left out: 60 seconds.
        event_topic: Told of failures, maintenance and changes. Left out: no subscription.
    """

    insights: rds.DatabaseInsightsMode | None = rds.DatabaseInsightsMode.STANDARD
    interval: Duration = field(default_factory=lambda: Duration.seconds(60))
    event_topic: sns.ITopic | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse an interval that RDS does not offer."""
        if self.interval.is_unresolved() or self.interval.to_seconds(integral=False) in _INTERVALS:
            return
        arguments.refuse(
            "monitoring.interval",
            f"{self.interval.to_seconds(integral=False):g} seconds",
            f"must be one of {', '.join(map(str, _INTERVALS))} seconds",
        )
