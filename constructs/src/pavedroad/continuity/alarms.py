"""What an operator wants to know of backups before one is needed."""

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
    """When backups need a person.

    Attributes:
        failed_jobs: More failed backup jobs than this within an hour.
        expired_jobs: More jobs that did not start in their window, within an hour.
        failed_copies: More failed copy jobs, within an hour.
        completed_jobs: Fewer completed backup jobs than this within a day; also when none was tried.

    Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
    """

    failed_jobs: float = 0
    expired_jobs: float = 0
    failed_copies: float = 0
    completed_jobs: float = 1


def backup_alarms(
    scope: Construct,
    *,
    metric: Callable[[str, int], cloudwatch.Metric],
    has_copies: bool,
    topic: sns.ITopic,
    thresholds: BackupPlanAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """Alarms on jobs that fail, and on none that completes.

    Args:
        scope: The plan's construct.
        metric: Gives the vault's metric of a name, summed up over that many hours.
        has_copies: Whether backups are copied.
        topic: Told on alarm and on recovery.
        thresholds: When they go off.
    """
    failing = [
        (
            "FailedJobsAlarm",
            "NumberOfBackupJobsFailed",
            thresholds.failed_jobs,
            "Backups fail. Look at the job's status message in AWS Backup, then at the role and the resource's key.",
        ),
        (
            "ExpiredJobsAlarm",
            "NumberOfBackupJobsExpired",
            thresholds.expired_jobs,
            "Backups did not start in time. Look for a maintenance window or another backup at the same hour.",
        ),
    ]
    if has_copies:
        failing.append(
            (
                "FailedCopiesAlarm",
                "NumberOfCopyJobsFailed",
                thresholds.failed_copies,
                "Copies fail. Look at the other vault's access policy and lock, and at the policies of the keys.",
            )
        )
    alarms = [
        notifying_alarm(
            scope,
            construct_id,
            metric=metric(name, 1),
            threshold=threshold,
            description=description,
            topic=topic,
            evaluation_periods=1,
            missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        for construct_id, name, threshold, description in failing
    ]
    none_done = notifying_alarm(
        scope,
        "NoBackupAlarm",
        metric=metric("NumberOfBackupJobsCompleted", 24),
        threshold=thresholds.completed_jobs,
        description="Nothing was backed up for a day. Look whether the selection's tag stands on what holds data.",
        topic=topic,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluation_periods=1,
        missing_data=cloudwatch.TreatMissingData.BREACHING,
    )
    return [*alarms, none_done]


def tell_failed_restores(scope: Construct, topic: sns.ITopic) -> events.Rule:
    """Tell ``topic`` when a restore job of this account and region fails, tests included."""
    field = events.EventField.from_path
    return notifying_rule(
        scope,
        "FailedRestores",
        role=notifying_role(
            scope, "FailedRestoresRole", topic=topic, description="EventBridge: publishes failed restore jobs"
        ),
        topic=topic,
        source="aws.backup",
        detail_type="Restore Job State Change",
        detail={"status": ["FAILED", "ABORTED"]},
        message=f"The restore job {field('$.detail.restoreJobId')} in {field('$.region')} of {field('$.account')} "
        f"{field('$.detail.status')}.",
    )
