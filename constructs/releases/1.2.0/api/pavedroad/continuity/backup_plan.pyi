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
_VAULT_EVENTS = ('COPY_JOB_FAILED', 'RECOVERY_POINT_MODIFIED', 'RESTORE_JOB_COMPLETED', 'S3_BACKUP_OBJECT_FAILED', 'S3_RESTORE_OBJECT_FAILED')

@dataclass(frozen=True, kw_only=True)
class BackupSelection:
    tag_key: str | None = TAG_KEYS['data_classification']
    tag_value: str = '*'
    resources: Sequence[str] = ('*',)
    excluded_resources: Sequence[str] = ()
_DEFAULT_SELECTION = BackupSelection()
_DEFAULT_RETENTION = BackupRetention()
_DEFAULT_WINDOW = BackupWindow()
_DEFAULT_LOCK = VaultLock()

class BackupPlan(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, selection: BackupSelection=_DEFAULT_SELECTION, rpo: Duration | None=None, rto: Duration | None=None, retention: BackupRetention=_DEFAULT_RETENTION, continuous: bool | None=None, window: BackupWindow=_DEFAULT_WINDOW, copies: Sequence[BackupCopy]=(), lock: VaultLock | None=_DEFAULT_LOCK, source_accounts: Sequence[str]=(), restore_test: RestoreTest | None=None, encryption_key: kms.IKey | None=None, notification_topic: sns.ITopic | None=None) -> None:
        self.encryption_key = ...
        self.failed_restores = ...
        self.plan = ...
        self.restore_role = ...
        self.restore_testing_plan = ...
        self.role = ...
        self.selection = ...
        self.vault = ...

    def add_alarms(self, topic: sns.ITopic, thresholds: BackupPlanAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def metric(self, metric_name: str, *, period: Duration | None=None) -> cloudwatch.Metric:
        ...
