from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from aws_cdk import Fn
from aws_cdk import aws_backup as backup
from aws_cdk import aws_iam as iam
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.naming import stack_identifier
_TYPES = ('Aurora', 'DocumentDB', 'DynamoDB', 'EBS', 'EC2', 'EFS', 'FSx', 'Neptune', 'RDS', 'S3')
_SCHEDULES = {'weekly': ('cron(0 9 ? * MON *)', 7), 'monthly': ('cron(0 9 2 * ? *)', 31)}

@dataclass(frozen=True, kw_only=True)
class RestoreTestSelection:
    resource_type: str
    resource_arns: Sequence[str] = ('*',)
    restore_metadata_overrides: Mapping[str, str] = field(default_factory=dict)

@dataclass(frozen=True, kw_only=True)
class RestoreTest:
    selections: Sequence[RestoreTestSelection]
    frequency: str = 'weekly'
    validation_window_hours: int = 1

    def check(self, arguments: Arguments) -> None:
        ...

def restore_testing(scope: Construct, *, test: RestoreTest, vault: backup.IBackupVault, role: iam.IRole, continuous: bool) -> backup.CfnRestoreTestingPlan:
    ...
