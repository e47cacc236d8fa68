"""The roles with which AWS Backup takes backups and restores them, each able to do only the one."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge

_BACKUP = ("service-role/AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup")
_RESTORE = ("service-role/AWSBackupServiceRolePolicyForRestores", "AWSBackupServiceRolePolicyForS3Restore")


def backup_role(scope: Construct) -> iam.Role:
    """The role that takes and copies backups; it restores nothing.

    Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
    """
    return _service_role(scope, "Role", "AWS Backup: takes and copies backups", _BACKUP)


def restore_role(scope: Construct) -> iam.Role:
    """The role that restores backups for a test; it takes none."""
    return _service_role(scope, "RestoreRole", "AWS Backup: restores backups for a test", _RESTORE)


def _service_role(scope: Construct, construct_id: str, description: str, policies: Sequence[str]) -> iam.Role:
    role = iam.Role(
        scope,
        construct_id,
        # A role can be given to AWS Backup by principals of this account only, who need iam:PassRole for it.
        assumed_by=iam.ServicePrincipal("backup.amazonaws.com"),
        description=description,
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(name) for name in policies],
    )
    for name in policies:
        acknowledge(
            role,
            f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]",
            "AWS keeps this policy in step with what AWS Backup calls for each service that it protects; one written "
            "here would let backups fail with the next change. Taking and restoring backups are separate roles.",
        )
    return role
