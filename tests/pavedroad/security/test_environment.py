import aws_cdk as cdk
import pytest

from pavedroad.arguments import Arguments, InvalidArgumentsError
from pavedroad.security.environment import check_environment


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "x"),
        ("db_password", "x"),
        ("TOKEN", "x"),
        ("STRIPE_API_KEY", "x"),
        ("AWS_ACCESS_KEY_ID", "x"),
        ("AWS_SECRET_ACCESS_KEY", "x"),
        ("ECS_ENGINE_AUTH_DATA", "x"),
        ("SIGNING_PRIVATE_KEY", "x"),
        ("KEY", "AKIAIOSFODNN7EXAMPLE"),
        ("DATABASE_URL", "postgres://orders:hunter2@db.example.com/orders"),
        ("PEM", "-----BEGIN RSA PRIVATE KEY-----"),
        ("DATABASE", "{{resolve:secretsmanager:orders:SecretString:password}}"),
        ("DATABASE", "{{resolve:ssm-secure:orders:1}}"),
    ],
)
def test_what_looks_like_a_secret_is_refused_without_showing_it(stack: cdk.Stack, name: str, value: str) -> None:
    arguments = Arguments(stack)
    check_environment(arguments, {name: value}, instead="give it in secrets")
    with pytest.raises(InvalidArgumentsError) as refused:
        arguments.check()
    assert str(refused.value) == (
        f"Stack 'Stack': environment='{name}': looks like a secret; store it in Secrets Manager or Parameter Store and "
        "give it in secrets"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STAGE", "production"),
        ("TOKEN_URL", "https://login.example.com/token"),
        ("PASSWORD_MIN_LENGTH", "12"),
        ("SECRET_NAME", "orders"),
        ("DATABASE_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders"),
        ("STAGE", "{{resolve:ssm:/orders/stage}}"),
        ("MONKEY", "banana"),
        ("DATABASE_URL", "postgres://db.example.com:5433/orders"),
    ],
)
def test_configuration_passes(stack: cdk.Stack, name: str, value: str) -> None:
    arguments = Arguments(stack)
    check_environment(arguments, {name: value}, instead="give it in secrets")
    arguments.check()


def test_a_variable_that_is_also_a_secret_is_refused(stack: cdk.Stack) -> None:
    arguments = Arguments(stack)
    check_environment(arguments, {"STAGE": "x"}, instead="give it in secrets", secrets={"STAGE"})
    with pytest.raises(InvalidArgumentsError, match="environment='STAGE': is also in secrets; give it once"):
        arguments.check()
