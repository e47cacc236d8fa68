"""Keeps secrets out of environment variables, which everyone who may describe a task or a function can read."""

import re
from collections.abc import Collection, Mapping

from pavedroad.arguments import Arguments

_SECRET_NAME = re.compile(
    r"(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|API_?KEY|PRIVATE_KEY|ACCESS_KEY(_ID)?|AUTH_DATA)$",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"  # an AWS access key
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|://[^/@\s:]+:[^/@\s]+@"  # a URL with a password
    r"|\{\{resolve:(secretsmanager|ssm-secure):",  # CloudFormation writes the secret itself into the variable
)


def looks_secret(name: str, value: str) -> bool:
    """Whether a variable is a secret, by its name or by its value."""
    return bool(_SECRET_NAME.search(name) or _SECRET_VALUE.search(value))


def check_environment(
    arguments: Arguments, environment: Mapping[str, str], *, instead: str, secrets: Collection[str] = ()
) -> None:
    """Refuse variables that are secret by their name or value, or that are given twice; the value is never shown.

    Args:
        arguments: Collects what is refused.
        environment: The variables, by name.
        instead: What to do with a secret once it is stored, as the end of a sentence.
        secrets: The names of variables that are given as secrets.

    Source: https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-8
    """
    for name, value in environment.items():
        if name in secrets:
            arguments.refuse("environment", name, "is also in secrets; give it once")
        elif looks_secret(name, value):
            arguments.refuse(
                "environment",
                name,
                f"looks like a secret; store it in Secrets Manager or Parameter Store and {instead}",
            )
