from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.security.acknowledgments import acknowledge
_INTERVALS = (1, 5, 10, 15, 30, 60)

@dataclass(frozen=True, kw_only=True)
class DatabaseMonitoring:
    insights: rds.DatabaseInsightsMode | None = rds.DatabaseInsightsMode.STANDARD
    interval: Duration = field(default_factory=lambda: Duration.seconds(60))
    event_topic: sns.ITopic | None = None

    def check(self, arguments: Arguments) -> None:
        ...

def insights_properties(insights: rds.DatabaseInsightsMode | None, encryption_key: kms.IKey) -> Mapping[str, Any]:
    ...

def performance_insights(insights: rds.DatabaseInsightsMode, encryption_key: kms.IKey) -> Mapping[str, Any]:
    ...

def enhanced_monitoring_role(scope: Construct) -> iam.Role:
    ...
