from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Duration, Names, RemovalPolicy
from aws_cdk import aws_backup as backup
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.continuity.rules import BackupCopy, BackupRetention
from pavedroad.durations import days_of
from pavedroad.invariants import hold
from pavedroad.naming import stack_identifier
_DELETING = ['backup:DeleteRecoveryPoint', 'backup:DisassociateRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle']
_CHANGEABLE_DAYS = 3

@dataclass(frozen=True, kw_only=True)
class VaultLock:
    changeable_for: Duration | None = None
    min_retention: Duration | None = None
    max_retention: Duration | None = None

    def check(self, arguments: Arguments, retention: BackupRetention) -> None:
        ...

def locked_vault(scope: Construct, construct_id: str, *, encryption_key: kms.IKey, lock: VaultLock | None, retention: BackupRetention, source_accounts: Sequence[str]) -> backup.BackupVault:
    ...

def admit_copying(encryption_key: kms.IKey, copies: Sequence[BackupCopy]) -> None:
    ...
