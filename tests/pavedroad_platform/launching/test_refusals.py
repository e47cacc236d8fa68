"""What keeps AWS from answering is told in a sentence, with what to do, and without a traceback."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.launching.client import RETRIES, refusals_told


def _told(code: str, message: str) -> str:
    with pytest.raises(PlatformError) as told, refusals_told():
        raise ClientError({"Error": {"Code": code, "Message": message}}, "SearchProducts")
    return str(told.value)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ExpiredToken", "your credentials have expired\n    Sign in again"),
        ("ExpiredTokenException", "your credentials have expired\n    Sign in again"),
        ("UnrecognizedClientException", "AWS does not know your credentials"),
        ("AccessDeniedException", "SearchProducts: what AWS said\n    Use the profile of your developer role"),
        ("ThrottlingException", "AWS still throttles the call after several attempts: what AWS said"),
        ("InvalidParametersException", "SearchProducts: what AWS said"),
    ],
)
def test_a_refusal_of_aws_says_what_to_do(code: str, expected: str) -> None:
    assert expected in _told(code, "what AWS said")


def test_throttling_is_retried_by_botocore() -> None:
    assert RETRIES.retries == {"mode": "adaptive", "total_max_attempts": 6}


@pytest.mark.parametrize("command", [("products",), ("status",), ("launch", "files", "x"), ("terminate", "x")])
def test_no_credentials(pavedroad: Any, environment: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        environment.delenv(name)
    said = pavedroad(*command)
    assert said.code == 1
    assert "credentials: Unable to locate credentials\n    Choose a profile with --profile or AWS_PROFILE" in said.error
    assert "Traceback" not in said.error


def test_no_region(pavedroad: Any, environment: pytest.MonkeyPatch) -> None:
    environment.delenv("AWS_REGION")
    environment.delenv("AWS_DEFAULT_REGION")
    said = pavedroad("products")
    assert (said.code, said.error) == (
        1,
        "--region: no region is chosen\n    Add --region, or a region to your profile.\n\n1 problem\n",
    )


def test_an_unknown_profile(pavedroad: Any, environment: pytest.MonkeyPatch, tmp_path: Any) -> None:
    config = tmp_path / "config"
    config.write_text("[profile orders-development]\nregion = eu-west-1\n")
    environment.setenv("AWS_CONFIG_FILE", str(config))
    said = pavedroad("products", "--profile", "order-development")
    assert said.code == 1
    assert "--profile: The config profile (order-development) could not be found" in said.error
    assert "Did you mean orders-development?" in said.error


def test_a_caller_who_is_not_allowed(pavedroad: Any, environment: pytest.MonkeyPatch, shop: Any) -> None:
    account = shop.clients.account
    trust = shop.emulator.trusting({"AWS": f"arn:aws:iam::{account}:root"})
    role = shop.emulator.role("passer-by", trust, shop.emulator.allowing("sts:*"), account=account)
    credentials = shop.emulator.assume(role, by=account)
    for variable, name in (
        ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
        ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
        ("AWS_SESSION_TOKEN", "SessionToken"),
    ):
        environment.setenv(variable, credentials[name])
    said = pavedroad("products")
    assert said.code == 1
    assert "is not authorized to perform: servicecatalog:SearchProducts" in said.error
    assert "--profile" in said.error


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("show", "flies"), "flies: there is no product flies for you\n    Did you mean files? Write one of:"),
        (
            ("show", "files", "--version", "1.0.1"),
            "1.0.1 is no version of files that may be launched\n    Did you mean",
        ),
        (("show", "files", "--portfolio", "Other"), "files is not in Other"),
        (("status", "nothing"), "nothing: nothing is launched under this name in 200000000021, eu-west-1"),
        (("upgrade", "nothing"), "See what is launched with: pavedroad status"),
        (("launch", "files", "x", "--set", "Name"), "--set: 'Name' has no '='"),
        (("launch", "files", "x", "--file", "no.yaml"), "no.yaml: [Errno 2] No such file or directory"),
    ],
)
def test_what_there_is_not_is_told(pavedroad: Any, arguments: tuple[str, ...], expected: str) -> None:
    said = pavedroad(*arguments)
    assert said.code == 1
    assert expected in said.error
    assert "Traceback" not in said.error
