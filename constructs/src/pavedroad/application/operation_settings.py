"""How an application is watched, paid and backed up, where a team does not decide it itself.

Each is a ``Part``: a function of the scope and the other parts. What it makes is imported when it is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from pavedroad.application.parts import ApplicationParts
from pavedroad.arguments import Arguments
from pavedroad.governance.mandatory_tags import TAG_KEYS

if TYPE_CHECKING:
    from aws_cdk import Duration

    from pavedroad.continuity.backup_plan import BackupPlan
    from pavedroad.continuity.restore_test import RestoreTest
    from pavedroad.continuity.rules import BackupCopy
    from pavedroad.cost.cost_guard import CostGuard
    from pavedroad.observability.cloudwatch.indicators import Indicator
    from pavedroad.observability.cloudwatch.service_dashboard import ServiceDashboard
    from pavedroad.observability.cloudwatch.service_level_objective import ServiceLevelObjective
    from pavedroad.observability.sns.alarm_topics import AlarmTopics
    from pavedroad.observability.sns.subscriptions import AlarmSubscriptions


@dataclass(frozen=True, kw_only=True)
class AlarmSettings:
    """``AlarmTopics``: who hears of alarms, and of the pipeline and the budget.

    Attributes:
        critical: Who hears of critical alarms. Left out: nobody, which leaves the warning ``pavedroad:alarms-nobody``.
        warning: Who hears of the rest. Left out: nobody, which leaves that warning too.
    """

    critical: "AlarmSubscriptions | None" = None
    warning: "AlarmSubscriptions | None" = None

    def __call__(self, scope: Construct, parts: ApplicationParts) -> "AlarmTopics":
        """Make the topics, which budgets and the detection of anomalies may use too."""
        from pavedroad.observability.sns.alarm_topics import AlarmTopics
        from pavedroad.observability.sns.subscriptions import AlarmSubscriptions

        return AlarmTopics(
            scope,
            "Alarms",
            critical=self.critical or AlarmSubscriptions(),
            warning=self.warning or AlarmSubscriptions(),
            publishers=("cloudwatch.amazonaws.com", "budgets.amazonaws.com", "costalerts.amazonaws.com"),
            encryption_key=parts.encryption_key,
        )


@dataclass(frozen=True, kw_only=True)
class ObjectiveSettings:
    """``ServiceLevelObjective`` on availability.

    Attributes:
        target_percent: The share of requests that are good, in percent. Left out: 99.9.
        indicator: What is measured. Left out: answers other than 5xx, which needs a ``FargateService``.
    """

    target_percent: float = 99.9
    indicator: "Indicator | None" = None

    def __call__(self, scope: Construct, parts: ApplicationParts) -> "ServiceLevelObjective":
        """Make the objective."""
        from pavedroad.observability.cloudwatch.service_level_objective import ServiceLevelObjective

        return ServiceLevelObjective(
            scope,
            "Objective",
            name=f"{parts.tags.application} answers",
            target_percent=self.target_percent,
            indicator=self.indicator or _availability(scope, parts),
        )


@dataclass(frozen=True, kw_only=True)
class DashboardSettings:
    """``ServiceDashboard`` of all parts.

    Attributes:
        dashboard_name: The dashboard's name. Left out: CloudFormation names it.
    """

    dashboard_name: str | None = None

    def __call__(self, scope: Construct, parts: ApplicationParts) -> "ServiceDashboard":
        """Make the dashboard: alarms, a row for each part that has one, errors in the service's log."""
        from pavedroad.observability.cloudwatch.service_dashboard import DashboardRow, ServiceDashboard

        shown = {
            "Objective": parts.objective,
            "Service": parts.service,
            "Database": parts.database,
            "Bucket": parts.bucket,
        }
        log_group = getattr(parts.service, "log_group", None)
        return ServiceDashboard(
            scope,
            "Dashboard",
            rows=[
                DashboardRow(title=title, component=component)
                for title, component in shown.items()
                if component is not None
            ],
            alarms=parts.alarms,
            log_groups=[log_group] if log_group else [],
            dashboard_name=self.dashboard_name,
        )


@dataclass(frozen=True, kw_only=True)
class BudgetSettings:
    """``CostGuard``: the application's budget, told to the topic of warnings.

    Attributes:
        monthly_limit: The budget of a month, in US dollars.
        email_addresses: Who is told by mail too. Left out: nobody.
        anomaly_monitor_arn: An account's existing monitor of its services, of which it can have one. Left out: made.
    """

    monthly_limit: float
    email_addresses: Sequence[str] = ()
    anomaly_monitor_arn: str | None = None

    def __call__(self, scope: Construct, parts: ApplicationParts) -> "CostGuard":
        """Make the budget."""
        from pavedroad.cost.cost_guard import CostGuard

        return CostGuard(
            scope,
            "Budget",
            application=parts.tags.application,
            monthly_limit=self.monthly_limit,
            email_addresses=self.email_addresses,
            topic=parts.topics.warning if parts.topics else None,
            anomaly_monitor_arn=self.anomaly_monitor_arn,
        )


@dataclass(frozen=True, kw_only=True)
class BackupSettings:
    """``BackupPlan`` for all that has the application's tag ``application``, buckets of logs and artefacts excepted.

    Attributes:
        rpo: The newest data that may be lost. Left out: a backup a day.
        copies: Vaults elsewhere that get a copy of each backup. Left out: none.
        restore_test: Restores the latest backups regularly. Left out: nothing is restored.
    """

    rpo: "Duration | None" = None
    copies: "Sequence[BackupCopy]" = ()
    restore_test: "RestoreTest | None" = None

    def __call__(self, scope: Construct, parts: ApplicationParts) -> "BackupPlan":
        """Make the plan."""
        from pavedroad.continuity.backup_plan import BackupPlan, BackupSelection

        return BackupPlan(
            scope,
            "Backups",
            selection=BackupSelection(
                tag_key=TAG_KEYS["application"],
                tag_value=parts.tags.application,
                excluded_resources=_buckets_without_data(scope, parts),
            ),
            rpo=self.rpo,
            copies=self.copies,
            restore_test=self.restore_test,
            encryption_key=parts.encryption_key,
            notification_topic=parts.topics.warning if parts.topics else None,
        )


def _availability(scope: Construct, parts: ApplicationParts) -> "Indicator":
    from pavedroad.compute.ecs.fargate_service import FargateService

    if isinstance(parts.service, FargateService):
        return parts.service.availability()
    arguments = Arguments(scope)
    arguments.refuse("objective.indicator", None, "is known for a FargateService; say what is measured for another")
    arguments.check()
    raise AssertionError


def _buckets_without_data(scope: Construct, parts: ApplicationParts) -> list[str]:
    """Every bucket but the application's own: they hold logs and artefacts, which expire."""
    from aws_cdk import aws_s3 as s3

    # Compared by its path: jsii may give another Python object for the same resource.
    kept = parts.bucket.bucket.node.path if parts.bucket else None
    buckets = [child for child in scope.node.find_all() if isinstance(child, s3.CfnBucket)]
    return [bucket.attr_arn for bucket in buckets if bucket.node.path != f"{kept}/Resource"]
