"""Backups of what holds data, in a locked vault."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Annotations, Duration, Names
from aws_cdk import aws_backup as backup
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.continuity.alarms import BackupPlanAlarmThresholds, backup_alarms, tell_failed_restores
from pavedroad.continuity.objectives import frequency
from pavedroad.continuity.restore_test import RestoreTest, restore_testing
from pavedroad.continuity.roles import backup_role, restore_role
from pavedroad.continuity.rules import BackupCopy, BackupRetention, BackupWindow, backup_rules
from pavedroad.continuity.vault import VaultLock, admit_copying, locked_vault
from pavedroad.governance.mandatory_tags import TAG_KEYS
from pavedroad.observability.topics import admit_publisher
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp

_DEFAULT_THRESHOLDS = BackupPlanAlarmThresholds()
# What no metric tells; of completed backups only the count matters, which an alarm watches.
_VAULT_EVENTS = (
    "COPY_JOB_FAILED",
    "RECOVERY_POINT_MODIFIED",
    "RESTORE_JOB_COMPLETED",
    "S3_BACKUP_OBJECT_FAILED",
    "S3_RESTORE_OBJECT_FAILED",
)


@dataclass(frozen=True, kw_only=True)
class BackupSelection:
    """What is backed up: what has the tag, among the resources.

    Attributes:
        tag_key: The tag's key. Left out: ``data-classification``, the mandatory tag that says how sensitive the data
            is. ``None``: every one of ``resources``, whatever its tags.
        tag_value: The tag's value; ``*`` stands for any characters. Left out: any value.
        resources: ARNs, in which ``*`` stands for any characters. Left out: every resource that AWS Backup protects.
        excluded_resources: ARNs that are left out. Left out: none.
    """

    tag_key: str | None = TAG_KEYS["data_classification"]
    tag_value: str = "*"
    resources: Sequence[str] = ("*",)
    excluded_resources: Sequence[str] = ()


_DEFAULT_SELECTION = BackupSelection()
_DEFAULT_RETENTION = BackupRetention()
_DEFAULT_WINDOW = BackupWindow()
_DEFAULT_LOCK = VaultLock()


class BackupPlan(Construct):
    """A backup plan that protects what is tagged as data, in an encrypted vault that is locked and kept.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        selection: What is backed up, in this account and region. Left out: all that has the tag
            ``data-classification``.
        rpo: The newest data that may be lost; from it come the hours between backups, and continuous backups where
            one an hour is not enough. What backups cannot meet is refused. Left out: a backup a day.
        rto: How long restoring may take; less than four hours is refused. Without ``restore_test`` it leaves the
            warning ``pavedroad:backup-rto-untested``. Left out: no objective.
        retention: How long daily, weekly and monthly backups are kept. Left out: 35, 90 and 365 days.
        continuous: Restore RDS, Aurora and S3 to any second of the daily retention; RDS then takes its retention and
            its backup window from the plan, so that the database's own template leaves them alone. Left out: only
            where ``rpo`` needs it.
        window: When backups start and how long they may take. Left out: 03:00 UTC, within an hour, for 24 hours.
        copies: Vaults in other regions or accounts that get a copy of each backup. Left out: none.
        lock: What the vault refuses. Left out: a governance lock on the shortest and the longest retention.
            ``None``: no lock, which leaves the warning ``pavedroad:backup-vault-unlocked``.
        source_accounts: Ids of accounts that may copy their backups into this vault. Left out: none.
        restore_test: Restores the latest backups regularly. Left out: nothing is restored.
        encryption_key: Encrypts the vault; one that is not of this app must admit the accounts of ``copies``. Left
            out: a new key with yearly rotation, kept when the stack is deleted.
        notification_topic: Hears of failed copies, of restores, of changed recovery points and of objects that S3
            could not save. A topic of another app must admit ``backup.amazonaws.com``. Left out: nobody hears.

    Attributes:
        plan: The L1 plan, with the id ``Resource``.
        vault: The vault.
        encryption_key: The key in use.
        role: What AWS Backup takes backups with.
        restore_role: What it restores with for the test; ``None`` without one.
        restore_testing_plan: The restore testing plan; ``None`` without one.
        selection: The L1 selection.
        failed_restores: The rule that tells of failed restores; ``None`` before ``add_alarms``.

    Raises:
        InvalidArgumentsError: Arguments contradict each other or are out of range, or backups cannot meet an
            objective; all are named.

    Controls: Backup.1 (encryption), Backup.2 (tags on recovery points), Backup.3 and Backup.5 (tags, with
        ``MandatoryTags``), RDS.26, DynamoDB.4, EFS.2 and EC2.28 (in a backup plan), NIST CP-4, CP-6, CP-9, CP-10,
        SC-28, SI-12.

    Example:
        >>> from pavedroad.continuity.restore_test import RestoreTest, RestoreTestSelection
        >>> plan = BackupPlan(
        ...     stack,
        ...     "Backups",
        ...     rpo=Duration.hours(7),
        ...     rto=Duration.hours(8),
        ...     copies=[BackupCopy(vault_arn="arn:aws:backup:eu-central-1:111111111111:backup-vault:copies")],
        ...     restore_test=RestoreTest(selections=[RestoreTestSelection(resource_type="DynamoDB")]),
        ... )
        >>> plan.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        selection: BackupSelection = _DEFAULT_SELECTION,
        rpo: Duration | None = None,
        rto: Duration | None = None,
        retention: BackupRetention = _DEFAULT_RETENTION,
        continuous: bool | None = None,
        window: BackupWindow = _DEFAULT_WINDOW,
        copies: Sequence[BackupCopy] = (),
        lock: VaultLock | None = _DEFAULT_LOCK,
        source_accounts: Sequence[str] = (),
        restore_test: RestoreTest | None = None,
        encryption_key: kms.IKey | None = None,
        notification_topic: sns.ITopic | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        often = frequency(
            arguments,
            rpo=rpo,
            rto=rto,
            continuous=continuous,
            start_window=window.start_within,
            resources=selection.resources,
        )
        retention.check(arguments, continuous=often.continuous)
        window.check(arguments)
        for account in source_accounts:
            arguments.account("source_accounts", account)
        for copy in copies:
            arguments.account("copies.account", copy.account)
        if lock is not None:
            lock.check(arguments, retention)
        if restore_test is not None:
            restore_test.check(arguments)
        if not selection.resources:
            arguments.refuse("selection.resources", selection.resources, "must name one or more; '*' stands for all")
        arguments.check()

        self._copies = copies
        self.failed_restores: events.Rule | None = None
        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Backups of {self.node.path}")
        admit_copying(self.encryption_key, copies)
        self.vault = locked_vault(
            self,
            "Vault",
            encryption_key=self.encryption_key,
            lock=lock,
            retention=retention,
            source_accounts=source_accounts,
        )
        if notification_topic is not None:
            self._notify(notification_topic)
        self.plan = backup.CfnBackupPlan(
            self,
            "Resource",
            backup_plan=backup.CfnBackupPlan.BackupPlanResourceTypeProperty(
                backup_plan_name=Names.unique_resource_name(self, max_length=50),
                backup_plan_rule=backup_rules(
                    vault=self.vault, frequency=often, retention=retention, window=window, copies=copies
                ),
            ),
        )
        self.role = backup_role(self)
        self.selection = self._select(selection)
        self.restore_role = restore_role(self) if restore_test else None
        self.restore_testing_plan = (
            restore_testing(
                self, test=restore_test, vault=self.vault, role=self.restore_role, continuous=often.continuous
            )
            if restore_test and self.restore_role
            else None
        )
        self._warn(locked=lock is not None, untested=rto is not None and restore_test is None)
        stamp(self)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: BackupPlanAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when backups or copies fail or none is taken, and when a restore fails.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``. Failed restores of the
                account and region are published by EventBridge, with a role that is made for it.
            thresholds: Left out: those of ``BackupPlanAlarmThresholds``.
        """
        self.failed_restores = tell_failed_restores(self, topic)
        return backup_alarms(
            self, metric=self._metric_of_hours, has_copies=bool(self._copies), topic=topic, thresholds=thresholds
        )

    def metric(self, metric_name: str, *, period: Duration | None = None) -> cloudwatch.Metric:
        """A metric of AWS Backup for the vault, such as ``NumberOfBackupJobsFailed``: the sum of ``period``.

        Args:
            metric_name: Its name.
            period: Left out: an hour.
        """
        return cloudwatch.Metric(
            namespace="AWS/Backup",
            metric_name=metric_name,
            dimensions_map={"BackupVaultName": self.vault.backup_vault_name},
            statistic="Sum",
            period=period or Duration.hours(1),
        )

    def _metric_of_hours(self, metric_name: str, hours: int) -> cloudwatch.Metric:
        return self.metric(metric_name, period=Duration.hours(hours))

    def _select(self, selection: BackupSelection) -> backup.CfnBackupSelection:
        conditions: dict[str, Any] | None = None
        if selection.tag_key is not None:
            key = f"aws:ResourceTag/{selection.tag_key}"
            conditions = {"StringLike": [{"ConditionKey": key, "ConditionValue": selection.tag_value}]}
        return backup.CfnBackupSelection(
            self,
            "Selection",
            backup_plan_id=self.plan.ref,
            backup_selection=backup.CfnBackupSelection.BackupSelectionResourceTypeProperty(
                selection_name="data",
                iam_role_arn=self.role.role_arn,
                resources=list(selection.resources),
                not_resources=list(selection.excluded_resources) or None,
                conditions=conditions,
            ),
        )

    def _notify(self, topic: sns.ITopic) -> None:
        admit_publisher(self, topic, "backup.amazonaws.com")
        resource = self.vault.node.default_child
        assert isinstance(resource, backup.CfnBackupVault)
        resource.notifications = backup.CfnBackupVault.NotificationObjectTypeProperty(
            backup_vault_events=list(_VAULT_EVENTS), sns_topic_arn=topic.topic_arn
        )
        policy = topic.node.try_find_child("Policy")
        if policy is not None:
            # AWS Backup tries the topic when the vault is made: its policy must stand by then.
            self.vault.node.add_dependency(policy)

    def _warn(self, *, locked: bool, untested: bool) -> None:
        annotations = Annotations.of(self)
        if not locked:
            annotations.add_warning_v2(
                "pavedroad:backup-vault-unlocked", "The vault has no lock: backups of any retention are accepted."
            )
        if untested:
            annotations.add_warning_v2(
                "pavedroad:backup-rto-untested", "Nothing measures how long a restore takes: give restore_test."
            )
