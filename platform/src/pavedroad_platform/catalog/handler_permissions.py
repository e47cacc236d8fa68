"""The permissions of resource handlers where the registry's schemas do not say them, or say too much.

The schemas of CodeBuild and DocumentDB name no handlers, or not all of them. Others ask for more than anything here
uses: policies of users and groups, firewalls in front of anything but a load balancer, secrets of anything but a
database of RDS, items of tables and their replicas in other regions, groups of instances with load balancers, lattices
and everything that can be described.
"""

from collections.abc import Mapping
from typing import Final

_TABLE_READ = (
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "application-autoscaling:DescribeScheduledActions",
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeContributorInsights",
    "dynamodb:DescribeKinesisStreamingDestination",
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTableReplicaAutoScaling",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:GetResourcePolicy",
    "dynamodb:ListTagsOfResource",
)
_TABLE_WRITE = (
    *_TABLE_READ,
    "application-autoscaling:DeleteScalingPolicy",
    "application-autoscaling:DeregisterScalableTarget",
    "application-autoscaling:PutScalingPolicy",
    "application-autoscaling:RegisterScalableTarget",
    "dynamodb:TagResource",
    "dynamodb:UpdateContinuousBackups",
    "dynamodb:UpdateContributorInsights",
    "dynamodb:UpdateTable",
    "dynamodb:UpdateTableReplicaAutoScaling",
    "dynamodb:UpdateTimeToLive",
    "iam:CreateServiceLinkedRole",
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
)

# RDS and DocumentDB make the administrator's secret with the rights of whoever makes the cluster.
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html
_MANAGED_SECRET = (
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKey",
    "secretsmanager:CreateSecret",
    "secretsmanager:RotateSecret",
    "secretsmanager:TagResource",
)
_RDS_TAGS = ("rds:AddTagsToResource", "rds:ListTagsForResource", "rds:RemoveTagsFromResource")

_READ_GROUP = ("autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities")
# Auto Scaling tries, with the rights of who makes the group, whether its launch template can be started: with its
# image, which an SSM parameter may name, and its role.
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
_TRY_LAUNCH_TEMPLATE = (
    "ec2:DescribeImages",
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:DescribeLaunchTemplates",
    "ec2:DescribeSubnets",
    "ec2:RunInstances",
    "iam:PassRole",
    "ssm:GetParameters",
)

HANDLER_PERMISSIONS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "AWS::AutoScaling::AutoScalingGroup": {
        "create": (
            *_READ_GROUP,
            *_TRY_LAUNCH_TEMPLATE,
            "autoscaling:CreateAutoScalingGroup",
            "autoscaling:CreateOrUpdateTags",
            "autoscaling:EnableMetricsCollection",
            "autoscaling:PutNotificationConfiguration",
            "autoscaling:UpdateAutoScalingGroup",
            "iam:CreateServiceLinkedRole",
        ),
        "read": (*_READ_GROUP, "autoscaling:DescribeNotificationConfigurations", "autoscaling:DescribeTags"),
        "update": (
            *_READ_GROUP,
            *_TRY_LAUNCH_TEMPLATE,
            "autoscaling:CreateOrUpdateTags",
            "autoscaling:DeleteNotificationConfiguration",
            "autoscaling:DeleteTags",
            "autoscaling:DescribeScheduledActions",
            "autoscaling:DisableMetricsCollection",
            "autoscaling:EnableMetricsCollection",
            "autoscaling:PutNotificationConfiguration",
            # A rolling update keeps Auto Scaling from interfering and ends each instance that it replaces.
            "autoscaling:ResumeProcesses",
            "autoscaling:SuspendProcesses",
            "autoscaling:TerminateInstanceInAutoScalingGroup",
            "autoscaling:UpdateAutoScalingGroup",
        ),
        "delete": (*_READ_GROUP, "autoscaling:DeleteAutoScalingGroup", "autoscaling:UpdateAutoScalingGroup"),
        "tag": ("autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"),
    },
    "AWS::CodeBuild::Project": {
        "create": ("codebuild:CreateProject", "codebuild:BatchGetProjects", "iam:PassRole"),
        "read": ("codebuild:BatchGetProjects",),
        "update": ("codebuild:UpdateProject", "codebuild:BatchGetProjects", "iam:PassRole"),
        "delete": ("codebuild:DeleteProject",),
    },
    "AWS::DocDB::DBCluster": {
        "create": (
            *_MANAGED_SECRET,
            "iam:CreateServiceLinkedRole",
            "rds:CreateDBCluster",
            "rds:DescribeDBClusters",
            "rds:RestoreDBClusterFromSnapshot",
        ),
        "read": ("rds:DescribeDBClusters", "rds:ListTagsForResource"),
        "update": (*_MANAGED_SECRET, "rds:DescribeDBClusters", "rds:ModifyDBCluster"),
        "delete": (
            "rds:CreateDBClusterSnapshot",
            "rds:DeleteDBCluster",
            "rds:DescribeDBClusterSnapshots",
            "rds:DescribeDBClusters",
        ),
        "tag": _RDS_TAGS,
    },
    "AWS::DocDB::DBInstance": {
        "create": ("rds:CreateDBInstance", "rds:DescribeDBInstances"),
        "read": ("rds:DescribeDBInstances", "rds:ListTagsForResource"),
        "update": ("rds:DescribeDBInstances", "rds:ModifyDBInstance", "rds:RebootDBInstance"),
        "delete": ("rds:DeleteDBInstance", "rds:DescribeDBInstances"),
        "tag": _RDS_TAGS,
    },
    "AWS::DocDB::EventSubscription": {
        "create": ("rds:CreateEventSubscription", "rds:DescribeEventSubscriptions"),
        "read": ("rds:DescribeEventSubscriptions",),
        "update": (
            "rds:AddSourceIdentifierToSubscription",
            "rds:DescribeEventSubscriptions",
            "rds:ModifyEventSubscription",
            "rds:RemoveSourceIdentifierFromSubscription",
        ),
        "delete": ("rds:DeleteEventSubscription", "rds:DescribeEventSubscriptions"),
    },
    "AWS::DynamoDB::GlobalTable": {
        "create": (*_TABLE_WRITE, "dynamodb:CreateTable"),
        "read": _TABLE_READ,
        "update": (*_TABLE_WRITE, "dynamodb:UntagResource"),
        "delete": (*_TABLE_READ, "dynamodb:DeleteTable"),
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
    "AWS::RDS::DBCluster": {"create": _MANAGED_SECRET, "update": _MANAGED_SECRET},
    # CloudFront adds its log delivery to the access control list of the bucket.
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
    "AWS::CloudFront::Distribution": {
        "create": ("s3:GetBucketAcl", "s3:PutBucketAcl"),
        "update": ("s3:GetBucketAcl", "s3:PutBucketAcl"),
    },
}
"""The IAM actions that a handler needs beside those of its schema, by resource type."""
