"""The vault that holds backups: encrypted, locked, and nobody deletes from it."""

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

_DELETING = ["backup:DeleteRecoveryPoint", "backup:DisassociateRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]
# AWS Backup wants three days in which a compliance lock can still be taken back.
_CHANGEABLE_DAYS = 3


@dataclass(frozen=True, kw_only=True)
class VaultLock:
    """What the vault refuses: backups that are kept shorter or longer than that, and earlier deletion.

    Attributes:
        changeable_for: Makes it a compliance lock: after these days, three or more, nobody removes or shortens it, AWS
            included, and the vault stays as long as its youngest backup. Left out: a governance lock, which those with
            the permission ``backup:DeleteBackupVaultLockConfiguration`` can remove.
        min_retention: The shortest retention that the vault accepts. Left out: the shortest of the plan.
        max_retention: The longest. Left out: the longest of the plan.
    """

    changeable_for: Duration | None = None
    min_retention: Duration | None = None
    max_retention: Duration | None = None

    def check(self, arguments: Arguments, retention: BackupRetention) -> None:
        """Refuse a lock under which the plan's own backups would fail."""
        changeable = days_of(self.changeable_for)
        if changeable is not None and changeable < _CHANGEABLE_DAYS:
            arguments.refuse("lock.changeable_for", f"{changeable:g} days", "must be 3 days or more")
        shortest, longest = days_of(retention.kept[0][1]), days_of(retention.kept[-1][1])
        least, most = days_of(self.min_retention), days_of(self.max_retention)
        if least is not None and shortest is not None and least > shortest:
            arguments.refuse(
                "lock.min_retention", f"{least:g} days", f"must be {shortest:g} or fewer: the plan keeps some so long"
            )
        if most is not None and longest is not None and most < longest:
            arguments.refuse(
                "lock.max_retention", f"{most:g} days", f"must be {longest:g} or more: the plan keeps some so long"
            )


def locked_vault(
    scope: Construct,
    construct_id: str,
    *,
    encryption_key: kms.IKey,
    lock: VaultLock | None,
    retention: BackupRetention,
    source_accounts: Sequence[str],
) -> backup.BackupVault:
    """A vault whose recovery points nobody deletes before their time.

    Controls: Backup.1, NIST CP-9(8), SC-28.
    """
    vault = backup.BackupVault(
        scope,
        construct_id,
        # The end of the stack's id: the vault outlives its stack, and a template may be deployed twice.
        backup_vault_name=f"{Names.unique_resource_name(scope, max_length=13)}-{stack_identifier(scope)}",
        encryption_key=encryption_key,
        removal_policy=RemovalPolicy.RETAIN,
    )
    vault.add_to_access_policy(
        iam.PolicyStatement(
            sid="RecoveryPointsStay",
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=_DELETING,
            resources=["*"],
        )
    )
    if source_accounts:
        vault.add_to_access_policy(
            iam.PolicyStatement(
                sid="CopiesFromAccounts",
                principals=[iam.AccountPrincipal(account) for account in source_accounts],
                actions=["backup:CopyIntoBackupVault"],
                resources=["*"],
            )
        )
    resource = vault.node.default_child
    assert isinstance(resource, backup.CfnBackupVault)
    if lock is not None:
        resource.lock_configuration = _lock_configuration(lock, retention)
    _hold_vault(scope, vault, resource, locked=lock is not None)
    return vault


def admit_copying(encryption_key: kms.IKey, copies: Sequence[BackupCopy]) -> None:
    """Let the accounts that get copies read what the vault's key encrypted, through AWS Backup only.

    Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
    """
    accounts = list(dict.fromkeys(copy.account for copy in copies if copy.account is not None))
    if not accounts:
        return
    principals: list[iam.IPrincipal] = [iam.AccountPrincipal(account) for account in accounts]
    encryption_key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="CopiesToAccounts",
            principals=principals,
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            resources=["*"],
            conditions={"StringLike": {"kms:ViaService": "backup.*.amazonaws.com"}},
        )
    )
    encryption_key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="GrantsForCopiesToAccounts",
            principals=principals,
            actions=["kms:CreateGrant"],
            resources=["*"],
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        )
    )


def _lock_configuration(
    lock: VaultLock, retention: BackupRetention
) -> backup.CfnBackupVault.LockConfigurationTypeProperty:
    return backup.CfnBackupVault.LockConfigurationTypeProperty(
        min_retention_days=(lock.min_retention or retention.kept[0][1]).to_days(),
        max_retention_days=(lock.max_retention or retention.kept[-1][1]).to_days(),
        changeable_for_days=lock.changeable_for.to_days() if lock.changeable_for else None,
    )


def _hold_vault(scope: Construct, vault: backup.BackupVault, resource: backup.CfnBackupVault, *, locked: bool) -> None:
    name = type(scope).__name__
    hold(
        scope,
        f"{name} encrypts what its vault holds; the EncryptionKeyArn was removed",
        lambda: bool(resource.encryption_key_arn),
    )
    hold(
        scope,
        f"{name} deletes no recovery point before its time; the vault's AccessPolicy no longer denies it",
        lambda: all(action in str(vault.stack.resolve(resource.access_policy)) for action in _DELETING),
    )
    if locked:
        hold(
            scope,
            f"{name} locks its vault; the LockConfiguration was removed (lock=None leaves it out)",
            lambda: resource.lock_configuration is not None,
        )
