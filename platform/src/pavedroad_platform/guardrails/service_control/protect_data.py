"""Data does not become public, does not leave the organisation and does not lose its key.

Launched products and applications deployed with the CDK set up their own buckets, keys and backups. Nobody else changes
their protection, and nobody shares snapshots, images or resources with strangers.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_s3.html
"""

from pavedroad_platform.guardrails.policy_document import Statement
from pavedroad_platform.guardrails.principals import DEPLOYMENT_ROLES, LAUNCH_ROLES, unless
from pavedroad_platform.organization.models import Organization


def statements(_organization: Organization) -> list[Statement]:
    """The statements of the policy ``protect-data``."""
    return [
        {
            "Sid": "AccountStaysPrivate",
            "Effect": "Deny",
            "Action": "s3:PutAccountPublicAccessBlock",
            "Resource": "*",
        },
        {
            "Sid": "BucketsStayPrivate",
            "Effect": "Deny",
            "Action": ["s3:BypassGovernanceRetention", "s3:PutBucketPublicAccessBlock"],
            "Resource": "*",
            "Condition": unless(*DEPLOYMENT_ROLES, LAUNCH_ROLES),
        },
        {
            "Sid": "SnapshotsAndImagesStay",
            "Effect": "Deny",
            "Action": [
                "ec2:ModifyImageAttribute",
                "ec2:ModifySnapshotAttribute",
                "rds:ModifyDBClusterSnapshotAttribute",
                "rds:ModifyDBSnapshotAttribute",
            ],
            "Resource": "*",
            "Condition": unless(*DEPLOYMENT_ROLES),
        },
        {
            "Sid": "SharesStayInside",
            "Effect": "Deny",
            "Action": ["ram:CreateResourceShare", "ram:UpdateResourceShare"],
            "Resource": "*",
            "Condition": {"Bool": {"ram:RequestedAllowsExternalPrincipals": "true"}},
        },
        {
            "Sid": "KeysAndBackupsStay",
            "Effect": "Deny",
            "Action": [
                "backup:DeleteBackupVault",
                "backup:DeleteRecoveryPoint",
                "kms:DisableKey",
                "kms:ScheduleKeyDeletion",
            ],
            "Resource": "*",
            "Condition": unless(*DEPLOYMENT_ROLES, LAUNCH_ROLES),
        },
    ]
