"""What is seen of a database while it runs."""

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


def insights_properties(insights: rds.DatabaseInsightsMode | None, encryption_key: kms.IKey) -> Mapping[str, Any]:
    """Database Insights as the CDK's instances and clusters take them."""
    if insights is None:
        return {"enable_performance_insights": False}
    return {"database_insights_mode": insights, **performance_insights(insights, encryption_key)}


def performance_insights(insights: rds.DatabaseInsightsMode, encryption_key: kms.IKey) -> Mapping[str, Any]:
    """The part of it that the members of a cluster take too."""
    advanced = insights == rds.DatabaseInsightsMode.ADVANCED
    retention = rds.PerformanceInsightRetention
    return {
        "enable_performance_insights": True,
        "performance_insight_retention": retention.MONTHS_15 if advanced else retention.DEFAULT,
        "performance_insight_encryption_key": encryption_key,
    }


def enhanced_monitoring_role(scope: Construct) -> iam.Role:
    """The role in which RDS writes the operating system's metrics, of this account's instances only."""
    own_account = {"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}}
    role = iam.Role(
        scope,
        "MonitoringRole",
        assumed_by=iam.ServicePrincipal("monitoring.rds.amazonaws.com", conditions=own_account),
        managed_policies=[
            iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonRDSEnhancedMonitoringRole")
        ],
    )
    acknowledge(
        role,
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole]",
        "AWS maintains this service-role policy for enhanced monitoring alone: it allows writing to the log groups "
        "named RDS* and nothing else. Only RDS monitoring on behalf of this account can assume the role.",
    )
    return role
