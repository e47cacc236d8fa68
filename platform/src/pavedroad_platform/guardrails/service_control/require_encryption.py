"""Storage that can be made without encryption is made with it or not at all.

CloudFormation has no type for the account setting that encrypts volumes by default; a volume whose encryption was left
out is refused here instead. S3, DynamoDB and SQS encrypt what they store in any case.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html (``ec2:Encrypted``)
Controls: EC2.7, RDS.3, RDS.27, EFS.1.
"""

from pavedroad_platform.guardrails.policy_document import Statement
from pavedroad_platform.organization.models import Organization


def statements(_organization: Organization) -> list[Statement]:
    """The statements of the policy ``require-encryption``."""
    return [
        {
            "Sid": "Volumes",
            "Effect": "Deny",
            "Action": ["ec2:CreateVolume", "ec2:RunInstances"],
            "Resource": "arn:*:ec2:*:*:volume/*",
            "Condition": {"Bool": {"ec2:Encrypted": "false"}},
        },
        {
            "Sid": "DatabaseInstances",
            "Effect": "Deny",
            "Action": "rds:CreateDBInstance",
            "Resource": "*",
            "Condition": {
                "Bool": {"rds:StorageEncrypted": "false"},
                # An Aurora instance has no storage of its own: its cluster's is encrypted.
                "StringNotLike": {"rds:DatabaseEngine": "aurora*"},
            },
        },
        {
            "Sid": "DatabaseClusters",
            "Effect": "Deny",
            "Action": "rds:CreateDBCluster",
            "Resource": "*",
            "Condition": {"Bool": {"rds:StorageEncrypted": "false"}},
        },
        {
            "Sid": "FileSystems",
            "Effect": "Deny",
            "Action": "elasticfilesystem:CreateFileSystem",
            "Resource": "*",
            "Condition": {"Bool": {"elasticfilesystem:Encrypted": "false"}},
        },
    ]
