"""A report from beginning to end: the command, and the function that makes one every day."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pavedroad_platform.adoption import scope as scopes
from pavedroad_platform.adoption.function_code import HANDLER, write_function_code
from pavedroad_platform.adoption.making import ReportMaker
from pavedroad_platform.adoption.scope import Scope, scope_of
from pavedroad_platform.cli import main
from pavedroad_platform.errors import PlatformError
from pavedroad_platform.organization import Organization

HUB, AUDIT, RECORDED, UNRECORDED = "200000000051", "200000000052", "200000000053", "200000000054"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, adopted: Any, scope: Scope) -> pytest.MonkeyPatch:
    """That of whoever operates the platform, in the catalogue's account."""
    variables = {
        "AWS_ENDPOINT_URL": adopted.emulator.endpoint,
        "AWS_ACCESS_KEY_ID": HUB,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(scopes, "scope_of", lambda _: scope)
    return monkeypatch


@pytest.fixture
def bucket(adopted: Any, scope: Scope) -> Iterator[Any]:
    """The bucket of the reports, empty; a client that reads it."""
    s3 = adopted.client("s3", AUDIT)
    s3.create_bucket(Bucket=scope.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield s3
    for each in s3.list_objects_v2(Bucket=scope.bucket).get("Contents", []):
        s3.delete_object(Bucket=scope.bucket, Key=each["Key"])
    s3.delete_bucket(Bucket=scope.bucket)


@dataclass(frozen=True)
class Said:
    """What the command said."""

    code: int
    out: str
    error: str


Pavedroad = Callable[..., Said]


@pytest.fixture
def pavedroad(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Pavedroad:
    def run(*arguments: str) -> Said:
        environment.setattr(sys, "argv", ["pavedroad", "adoption", *arguments])
        environment.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as ended:
            main.app()
        told = capsys.readouterr()
        return Said(int(ended.value.code or 0), told.out, told.err)

    return run


def keys(s3: Any, scope: Scope) -> list[str]:
    return [each["Key"] for each in s3.list_objects_v2(Bucket=scope.bucket).get("Contents", [])]


def test_the_command_shows_who_is_behind(pavedroad: Pavedroad, bucket: Any) -> None:
    said = pavedroad()
    assert said.code == 0
    assert "2 versions (major)" in said.out
    assert "3 provisioned products, 67 % on the newest version: 1 behind, 1 deprecated, 0 tainted" in said.out
    assert "1 construct of the library in apps of teams: 1 behind" in said.out
    assert "note: billing-production: AWS Config records nothing in" in said.error


def test_the_command_writes_tables_pages_and_json(pavedroad: Pavedroad, bucket: Any, tmp_path: Path) -> None:
    table, page = tmp_path / "report.csv", tmp_path / "report.html"
    said = pavedroad("--json", "--source", "service-catalog", "--csv", str(table), "--html", str(page))
    content = json.loads(said.out)
    assert content["source"] == "service-catalog"
    assert [each["name"] for each in content["products"]] == ["archive", "broken", "orders", "invoices"]
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert [line["team"] for line in csv.DictReader(file)] == ["orders", "orders", "orders", "billing"]
    assert page.read_text().startswith("<!doctype html>")
    assert f"{table} written" in said.error.replace("\n", "")


def test_the_command_can_fail_when_somebody_is_behind(pavedroad: Pavedroad, bucket: Any) -> None:
    assert pavedroad("--fail-when-behind").code == 2


def test_the_command_stores_and_measures(adopted: Any, pavedroad: Pavedroad, bucket: Any, scope: Scope) -> None:
    said = pavedroad("--store", "--metrics")
    assert said.code == 0, said.error
    prefix = f"adoption/{datetime.now(UTC):%Y/%m/%d}/"
    assert f"stored in s3://{scope.bucket}/{prefix}" in said.error
    assert keys(bucket, scope) == [f"{prefix}report.{ending}" for ending in ("csv", "html", "json")]
    listed = adopted.client("cloudwatch", HUB).list_metrics(Namespace="PavedRoad/Adoption")["Metrics"]
    assert {"Name": "Team", "Value": "orders"} in [of for each in listed for of in each["Dimensions"]]


def test_the_command_tells_where_a_report_cannot_be_stored(pavedroad: Pavedroad) -> None:
    said = pavedroad("--store")
    assert said.code == 1
    assert "--store: the report cannot be stored, in adoption-reports" in said.error
    assert f"Deploy the logging stack; use a role of {HUB} that operates the platform." in said.error


def test_the_command_tells_who_may_read_the_catalogue(pavedroad: Pavedroad, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AWS_ACCESS_KEY_ID", UNRECORDED)
    said = pavedroad()
    assert said.code == 1
    assert f"Use a role of {HUB}" in said.error


def test_reports_carry_the_trend_from_day_to_day(adopted: Any, scope: Scope, bucket: Any) -> None:
    maker = ReportMaker(client=adopted.client, scope=scope)
    today = datetime.now(UTC)
    for days in (40, 2, 0):
        maker.store(maker.make(now=today - timedelta(days=days)))
    trend = maker.make(now=today).trend  # a second report of the day replaces the first
    assert [point.date for point in trend] == [(today - timedelta(days=days)).date().isoformat() for days in (40, 2, 0)]


def test_without_its_past_a_report_is_made_and_says_so(adopted: Any, scope: Scope) -> None:
    report = ReportMaker(client=adopted.client, scope=scope).make()
    assert len(report.trend) == 1
    assert report.notes[-1].startswith("trend: the earlier reports cannot be read, in adoption-reports")


def test_a_report_that_cannot_be_stored_says_what_to_do(adopted: Any, scope: Scope) -> None:
    maker = ReportMaker(client=adopted.client, scope=scope)
    with pytest.raises(PlatformError, match="the report cannot be stored"):
        maker.store(maker.make())


_RUN = """
import json, sys
for name in ("pydantic", "ruamel", "aws_cdk", "click", "rich", "griffe", "cfnlint"):
    sys.modules[name] = None
sys.path.insert(0, sys.argv[1])
module, _, name = sys.argv[2].rpartition(".")
handler = getattr(__import__(module, fromlist=[name]), name)
assert sys.modules[module].__file__.startswith(sys.argv[1])
handler({}, None)
"""


@pytest.mark.usefixtures("environment")
def test_the_function_needs_boto3_alone(
    scope: Scope, bucket: Any, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    write_function_code(tmp_path, scope)
    environment.setenv("LAMBDA_TASK_ROOT", str(tmp_path))
    environment.delenv("PYTHONPATH", raising=False)
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(tmp_path), HANDLER], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["source"] == "config"
    assert f"{told['stored'].removeprefix(f's3://{scope.bucket}/')}report.html" in keys(bucket, scope)


def test_the_scope_is_what_the_configuration_and_the_releases_say(organization: Organization) -> None:
    scope = scope_of(organization)
    assert scope.accounts["777777777777"].team == "orders"
    assert scope.launching_accounts == ("666666666666", "777777777777")
    assert scope.products["secure-bucket"]["1.0.0"] == "active"
    assert scope.library[0] == "1.0.0"
    assert Scope.from_json(json.loads(json.dumps(scope.as_json()))) == scope
