"""Restores backups regularly, so that it is known that they can be restored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import Fn
from aws_cdk import aws_backup as backup
from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.naming import stack_identifier

# https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
_TYPES = (
    "Aurora",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "FSx",
    "Neptune",
    "RDS",
    "S3",
)
_SCHEDULES = {"weekly": ("cron(0 9 ? * MON *)", 7), "monthly": ("cron(0 9 2 * ? *)", 31)}


@dataclass(frozen=True, kw_only=True)
class RestoreTestSelection:
    """What is restored for the test: the resources of one type.

    Attributes:
        resource_type: ``Aurora``, ``DynamoDB``, ``EBS``, ``EC2``, ``EFS``, ``RDS``, ``S3`` or another type that AWS
            Backup tests.
        resource_arns: Which resources' backups. Left out: of all in the vault.
        restore_metadata_overrides: What AWS Backup cannot infer for the restore, such as the subnet group of a
            database. Left out: all is inferred.
    """

    resource_type: str
    resource_arns: Sequence[str] = ("*",)
    restore_metadata_overrides: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RestoreTest:
    """A test that restores the latest backups and deletes what it restored.

    Attributes:
        selections: What is restored, each type once.
        frequency: ``weekly`` or ``monthly``. Left out: weekly.
        validation_window_hours: How long what was restored is kept for checks of your own, 1 to 168 hours. Left out:
            one hour.
    """

    selections: Sequence[RestoreTestSelection]
    frequency: str = "weekly"
    validation_window_hours: int = 1

    def check(self, arguments: Arguments) -> None:
        """Refuse what AWS Backup does not test."""
        types = [selection.resource_type for selection in self.selections]
        for resource_type in types:
            arguments.one_of("restore_test.selections", resource_type, _TYPES)
        if not types or len(set(types)) < len(types):
            arguments.refuse("restore_test.selections", types, "must be one or more, each type once")
        arguments.one_of("restore_test.frequency", self.frequency, _SCHEDULES)
        arguments.between("restore_test.validation_window_hours", self.validation_window_hours, 1, 168)


def restore_testing(
    scope: Construct, *, test: RestoreTest, vault: backup.IBackupVault, role: iam.IRole, continuous: bool
) -> backup.CfnRestoreTestingPlan:
    """The restore testing plan with its selections.

    Controls: NIST CP-4, CP-9(1).
    """
    schedule, days = _SCHEDULES[test.frequency]
    # Such a name may hold letters, digits and underscores only.
    identifier = Fn.join("_", Fn.split("-", stack_identifier(scope)))
    plan = backup.CfnRestoreTestingPlan(
        scope,
        "RestoreTestingPlan",
        restore_testing_plan_name=f"restore_test_{identifier}",
        schedule_expression=schedule,
        schedule_expression_timezone="Etc/UTC",
        start_window_hours=8,
        recovery_point_selection=backup.CfnRestoreTestingPlan.RestoreTestingRecoveryPointSelectionProperty(
            algorithm="LATEST_WITHIN_WINDOW",
            include_vaults=[vault.backup_vault_arn],
            recovery_point_types=["SNAPSHOT", "CONTINUOUS"] if continuous else ["SNAPSHOT"],
            selection_window_days=days,
        ),
    )
    for selection in test.selections:
        backup.CfnRestoreTestingSelection(
            scope,
            f"RestoreTestingSelection{selection.resource_type}",
            iam_role_arn=role.role_arn,
            restore_testing_plan_name=plan.ref,
            restore_testing_selection_name=f"{selection.resource_type}_latest",
            protected_resource_type=selection.resource_type,
            protected_resource_arns=list(selection.resource_arns),
            restore_metadata_overrides=dict(selection.restore_metadata_overrides) or None,
            validation_window_hours=test.validation_window_hours,
        )
    return plan
