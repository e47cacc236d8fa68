from collections.abc import Callable
from dataclasses import dataclass
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.observability.notifications import notifying_role, notifying_rule

@dataclass(frozen=True, kw_only=True)
class BackupPlanAlarmThresholds:
    failed_jobs: float = 0
    expired_jobs: float = 0
    failed_copies: float = 0
    completed_jobs: float = 1

def backup_alarms(scope: Construct, *, metric: Callable[[str, int], cloudwatch.Metric], has_copies: bool, topic: sns.ITopic, thresholds: BackupPlanAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...

def tell_failed_restores(scope: Construct, topic: sns.ITopic) -> events.Rule:
    ...
