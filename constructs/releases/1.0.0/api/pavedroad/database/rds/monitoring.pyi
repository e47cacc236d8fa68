from dataclasses import dataclass, field
from aws_cdk import Duration
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from pavedroad.arguments import Arguments
_INTERVALS = (1, 5, 10, 15, 30, 60)

@dataclass(frozen=True, kw_only=True)
class DatabaseMonitoring:
    insights: rds.DatabaseInsightsMode | None = rds.DatabaseInsightsMode.STANDARD
    interval: Duration = field(default_factory=lambda: Duration.seconds(60))
    event_topic: sns.ITopic | None = None

    def check(self, arguments: Arguments) -> None:
        ...
