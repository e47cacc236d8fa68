"""The guard that keeps the sandbox away from real AWS, and the one way to make clients and environments for it."""

import ipaddress
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pavedroad_platform.errors import PlatformError, Problem


def require_loopback(endpoint: str, *, source: str) -> str:
    """Return ``endpoint`` if it is on this machine.

    Args:
        endpoint: The URL of an AWS endpoint.
        source: Where it comes from, for the error.

    Raises:
        PlatformError: It is anything else, a real AWS endpoint above all.
    """
    host = urlsplit(endpoint).hostname or ""
    if host == "localhost" or _is_loopback_address(host):
        return endpoint
    raise PlatformError(
        Problem(
            path=source,
            cause=f"{endpoint} is not on this machine; the sandbox deploys to its own emulator on 127.0.0.1 only",
            fix=f"unset {source}, or deploy to a real account with: make deploy PROFILE=<profile>",
        )
    )


def refuse_foreign_endpoints(environment: Mapping[str, str]) -> None:
    """Stop when the caller's environment sends AWS calls anywhere but to this machine.

    Raises:
        PlatformError: ``AWS_ENDPOINT_URL`` or one of its service-specific forms names another host.
    """
    for name, value in environment.items():
        if name.startswith("AWS_ENDPOINT_URL") and value:
            require_loopback(value, source=name)


def _is_loopback_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def aws_environment(endpoint: str, *, account: str, region: str) -> dict[str, str]:
    """The variables that point a tool at the emulator as the administrator of ``account``, and at nothing else.

    The caller's own AWS settings are left out, so that no profile of theirs can be used by accident.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return (
        kept
        | aws_settings(endpoint, region=region)
        | {
            "AWS_ACCESS_KEY_ID": account,  # the emulator takes an account's id as its administrator's key
            "AWS_SECRET_ACCESS_KEY": "sandbox",
        }
    )


def aws_settings(endpoint: str, *, region: str) -> dict[str, str]:
    """The variables that point a tool at the emulator, and at no profile of the caller's; without credentials."""
    return {
        "AWS_ENDPOINT_URL": require_loopback(endpoint, source="endpoint"),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def client(service: str, endpoint: str, *, region: str, credentials: Mapping[str, str]) -> Any:
    """A boto3 client of the emulator.

    Args:
        service: The service's boto3 name.
        endpoint: The emulator's URL.
        region: The region to work in.
        credentials: ``aws_access_key_id``, ``aws_secret_access_key`` and for a role's session ``aws_session_token``.
    """
    import boto3  # boto3 takes a fifth of a second to import, which the commands that call nothing need not wait for
    from botocore.config import Config

    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=require_loopback(endpoint, source="endpoint"),
        region_name=region,
        config=Config(retries={"total_max_attempts": 2}, connect_timeout=5, read_timeout=120),
        **credentials,
    )


def administrator(account: str) -> dict[str, str]:
    """The credentials of an account's administrator in the emulator."""
    return {"aws_access_key_id": account, "aws_secret_access_key": "sandbox"}
