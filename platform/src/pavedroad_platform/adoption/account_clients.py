"""Clients in the accounts of the organisation: the caller's own credentials at home, a role elsewhere."""

from collections.abc import Callable
from functools import cache
from typing import Any

ClientIn = Callable[[str, str], Any]
"""Makes the client of a service, such as ``config``, in an account, by its id."""


def account_clients(*, role: str, region: str, profile: str | None = None) -> ClientIn:
    """Clients for whoever runs the report: a person, or the function that runs it every day.

    Args:
        role: The name of the role to assume in accounts that are not the caller's.
        region: The region of the clients.
        profile: The AWS profile. Left out: what the environment says, as for the AWS CLI.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use.html
    """
    import boto3

    from pavedroad_platform.launching.client import RETRIES

    own = boto3.Session(profile_name=profile, region_name=region)
    sts = own.client("sts", config=RETRIES)
    home = sts.get_caller_identity()["Account"]

    @cache
    def session(account: str) -> boto3.Session:
        if account == home:
            return own
        assumed = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName="pavedroad-adoption")[
            "Credentials"
        ]
        return boto3.Session(
            aws_access_key_id=assumed["AccessKeyId"],
            aws_secret_access_key=assumed["SecretAccessKey"],
            aws_session_token=assumed["SessionToken"],
            region_name=region,
        )

    @cache
    def client(service: str, account: str) -> Any:
        return session(account).client(service, config=RETRIES)  # type: ignore[call-overload]

    return client
