import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.sandbox.loopback import aws_environment, client, refuse_foreign_endpoints, require_loopback


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:4566", "http://localhost:1", "http://[::1]:9"])
def test_this_machine_is_allowed(endpoint: str) -> None:
    assert require_loopback(endpoint, source="x") == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://sts.eu-west-1.amazonaws.com",
        "http://10.0.0.7:4566",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "127.0.0.1:4566",
        "",
    ],
)
def test_everything_else_is_refused_with_the_way_to_a_real_account(endpoint: str) -> None:
    with pytest.raises(PlatformError, match=r"(?s)x: .* is not on this machine.*make deploy PROFILE="):
        require_loopback(endpoint, source="x")


def test_an_endpoint_of_the_callers_environment_is_refused_by_its_name() -> None:
    with pytest.raises(PlatformError, match=r"unset AWS_ENDPOINT_URL_S3"):
        refuse_foreign_endpoints({"AWS_ENDPOINT_URL_S3": "https://s3.eu-west-1.amazonaws.com"})
    refuse_foreign_endpoints({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_REGION": "eu-west-1"})


def test_no_client_and_no_environment_for_a_real_endpoint() -> None:
    real = "https://s3.eu-west-1.amazonaws.com"
    with pytest.raises(PlatformError, match="not on this machine"):
        client("s3", real, region="eu-west-1", credentials={})
    with pytest.raises(PlatformError, match="not on this machine"):
        aws_environment(real, account="111111111111", region="eu-west-1")


def test_the_callers_own_aws_settings_are_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"):
        monkeypatch.setenv(name, "theirs")
    environment = aws_environment("http://127.0.0.1:1", account="111111111111", region="eu-west-1")
    assert "theirs" not in {value for name, value in environment.items() if name.startswith("AWS_")}
    assert environment["AWS_ACCESS_KEY_ID"] == "111111111111"
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
