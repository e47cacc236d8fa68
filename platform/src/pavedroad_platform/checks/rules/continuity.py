"""Rules for backups."""

from typing import Any

from pavedroad_platform.checks.rules.rule import Rule, equals, is_intrinsic, present

_DELETING = {"backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"}


def _denies_deletion(statements: Any) -> bool:
    """Some statement denies everybody to delete recovery points, or to shorten their time, on no condition."""
    return any(
        each["Effect"] == "Deny" and "Condition" not in each and set(each.get("Action", ())) >= _DELETING
        for each in statements or []
    )


def _copies_expire(copies: Any) -> bool:
    return is_intrinsic(copies) or all(copy.get("Lifecycle", {}).get("DeleteAfterDays") for copy in copies or [])


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-Backup-1",
        resource_type="AWS::Backup::BackupVault",
        place="DeletionPolicy",
        requires=equals("Retain"),
        message="loses the backups with the stack: set DeletionPolicy to Retain",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
    ),
    Rule(
        id="PavedRoad-Backup-2",
        resource_type="AWS::Backup::BackupVault",
        place="AccessPolicy.Statement",
        requires=_denies_deletion,
        message="lets backups be deleted: deny backup:DeleteRecoveryPoint and backup:UpdateRecoveryPointLifecycle",
        source="NIST SP 800-53 CP-9(8)",
    ),
    Rule(
        id="PavedRoad-Backup-3",
        resource_type="AWS::Backup::BackupVault",
        place="LockConfiguration.MinRetentionDays",
        requires=present,
        message="takes backups that expire at once: set LockConfiguration with MinRetentionDays",
        source="https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
    ),
    Rule(
        id="PavedRoad-Backup-4",
        resource_type="AWS::Backup::BackupPlan",
        place="BackupPlan.BackupPlanRule.*.Lifecycle.DeleteAfterDays",
        requires=present,
        message="keeps data for ever: set DeleteAfterDays",
        source="NIST SP 800-53 SI-12",
    ),
    Rule(
        id="PavedRoad-Backup-5",
        resource_type="AWS::Backup::BackupPlan",
        place="BackupPlan.BackupPlanRule.*.CopyActions",
        requires=_copies_expire,
        message="keeps copies for ever: set DeleteAfterDays in the copy's Lifecycle",
        source="NIST SP 800-53 SI-12",
    ),
)
