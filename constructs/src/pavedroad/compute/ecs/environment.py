"""Keeps secrets out of environment variables, which everyone who may describe the task definition can read."""

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
    r"|://[^/@\s:]+:[^/@\s]+@",  # a URL with a password
)


def check_environment(arguments: Arguments, environment: Mapping[str, str], secrets: Collection[str]) -> None:
    """Refuse variables that are secret by their name or value, or that are given twice; the value is never shown.

    Source: https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-8
    """
    for name, value in environment.items():
        if name in secrets:
            arguments.refuse("environment", name, "is also in secrets; give it once")
        elif _SECRET_NAME.search(name) or _SECRET_VALUE.search(value):
            arguments.refuse(
                "environment",
                name,
                "looks like a secret; store it in Secrets Manager or Parameter Store and give it in secrets, "
                "such as ecs.Secret.from_secrets_manager(secret)",
            )
