"""The permissions of resource handlers where the registry's schemas do not say them, or say too much.

The schemas of CodeBuild name no handlers yet. Others ask for more than anything here uses: policies of users and
groups, firewalls in front of anything but a load balancer, secrets of anything but a database of RDS.
"""

from collections.abc import Mapping
from typing import Final

HANDLER_PERMISSIONS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "AWS::CodeBuild::Project": {
        "create": ("codebuild:CreateProject", "codebuild:BatchGetProjects", "iam:PassRole"),
        "read": ("codebuild:BatchGetProjects",),
        "update": ("codebuild:UpdateProject", "codebuild:BatchGetProjects", "iam:PassRole"),
        "delete": ("codebuild:DeleteProject",),
    },
    "AWS::IAM::ManagedPolicy": {
        "create": ("iam:CreatePolicy", "iam:GetPolicy", "iam:AttachRolePolicy"),
        "read": ("iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListEntitiesForPolicy"),
        "update": (
            "iam:AttachRolePolicy",
            "iam:CreatePolicyVersion",
            "iam:DeletePolicyVersion",
            "iam:DetachRolePolicy",
            "iam:ListEntitiesForPolicy",
            "iam:ListPolicyVersions",
        ),
        "delete": (
            "iam:DeletePolicy",
            "iam:DeletePolicyVersion",
            "iam:DetachRolePolicy",
            "iam:GetPolicy",
            "iam:ListEntitiesForPolicy",
            "iam:ListPolicyVersions",
        ),
    },
    "AWS::IAM::Policy": {
        "create": ("iam:PutRolePolicy", "iam:GetRolePolicy"),
        "read": ("iam:GetRolePolicy",),
        "update": ("iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy"),
        "delete": ("iam:DeleteRolePolicy", "iam:GetRolePolicy"),
    },
    "AWS::SecretsManager::SecretTargetAttachment": {
        "create": ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "rds:DescribeDBInstances"),
        "read": ("secretsmanager:GetSecretValue",),
        "update": ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "rds:DescribeDBInstances"),
        "delete": ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"),
    },
    "AWS::WAFv2::WebACLAssociation": {
        "create": ("wafv2:AssociateWebACL", "wafv2:GetWebACLForResource", "elasticloadbalancing:SetWebACL"),
        "read": ("wafv2:GetWebACLForResource", "wafv2:GetWebACL"),
        "update": ("wafv2:AssociateWebACL", "wafv2:DisassociateWebACL", "elasticloadbalancing:SetWebACL"),
        "delete": ("wafv2:DisassociateWebACL", "wafv2:GetWebACLForResource", "elasticloadbalancing:SetWebACL"),
    },
}
"""The IAM actions of each handler, by resource type; they take the place of the schema's."""

FURTHER_PERMISSIONS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    # CodeStar Connections was renamed; newer connections ask for the newer action.
    # https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
    "AWS::CodePipeline::Pipeline": {
        "create": ("codeconnections:PassConnection",),
        "update": ("codeconnections:PassConnection",),
    },
    # CloudFront adds its log delivery to the access control list of the bucket.
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
    "AWS::CloudFront::Distribution": {
        "create": ("s3:GetBucketAcl", "s3:PutBucketAcl"),
        "update": ("s3:GetBucketAcl", "s3:PutBucketAcl"),
    },
}
"""The IAM actions that a handler needs beside those of its schema, by resource type."""
