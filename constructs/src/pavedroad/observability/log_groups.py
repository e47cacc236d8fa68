"""Log groups as every construct makes them: encrypted, with a retention, kept."""

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct


def encrypted_log_group(
    scope: Construct,
    construct_id: str,
    *,
    encryption_key: kms.IKey,
    retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
    log_group_name: str | None = None,
) -> logs.LogGroup:
    """A log group encrypted with ``encryption_key``, which may serve log groups of this account and region only.

    The policy of a key made in the same app is extended; an imported key must already admit CloudWatch Logs.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    Controls: CloudWatch.16 (retention), NIST AU-11 and SC-28.
    """
    admit_log_groups(scope, encryption_key)
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=log_group_name,
        encryption_key=encryption_key,
        retention=retention,
        removal_policy=RemovalPolicy.RETAIN,
    )


def admit_log_groups(scope: Construct, encryption_key: kms.IKey) -> None:
    """Let CloudWatch Logs use ``encryption_key`` for log groups of this account and region, and for nothing else."""
    stack = Stack.of(scope)
    encryption_key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="CloudWatchLogs",
            principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
            actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            resources=["*"],
            conditions={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": stack.format_arn(
                        service="logs",
                        resource="log-group",
                        resource_name="*",
                        arn_format=ArnFormat.COLON_RESOURCE_NAME,
                    )
                }
            },
        )
    )
