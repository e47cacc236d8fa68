"""Changes a secret regularly, with a function that is given."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

_STEPS = [
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
]
_KEY_USE = ["kms:Decrypt", "kms:GenerateDataKey"]


def rotate(
    scope: Construct,
    *,
    secret: secretsmanager.Secret,
    encryption_key: kms.IKey,
    function: lambda_.IFunction,
    after: Duration,
) -> secretsmanager.CfnRotationSchedule:
    """Rotate ``secret`` with ``function``, which may change this secret and is called by it alone.

    Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
    Controls: SecretsManager.1, SecretsManager.4, NIST AC-3(15), IA-5(1).
    """
    secret_arn = secret.secret_arn
    # Not the L2, which lets Secrets Manager call the function for any secret of any account.
    permission = lambda_.CfnPermission(
        scope,
        "RotationPermission",
        action="lambda:InvokeFunction",
        function_name=function.function_arn,
        principal="secretsmanager.amazonaws.com",
        source_account=Stack.of(scope).account,
        source_arn=secret_arn,
    )
    grant = iam.Grant.add_to_principal(grantee=function, actions=_STEPS, resource_arns=[secret_arn])
    # The key's policy leaves identities of the account to IAM, or admits them through Secrets Manager.
    iam.Grant.add_to_principal(grantee=function, actions=_KEY_USE, resource_arns=[encryption_key.key_arn])
    schedule = secretsmanager.CfnRotationSchedule(
        scope,
        "Rotation",
        secret_id=secret_arn,
        rotation_lambda_arn=function.function_arn,
        rotation_rules=secretsmanager.CfnRotationSchedule.RotationRulesProperty(
            automatically_after_days=after.to_days()
        ),
    )
    # The first rotation begins as soon as the schedule stands.
    schedule.add_resource_dependency(permission)
    grant.apply_before(schedule)
    return schedule
