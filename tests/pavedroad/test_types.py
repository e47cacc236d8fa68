"""The library's types, as the strict type check of somebody's own app sees them."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]

ORDERS = """
import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from pavedroad import Database, SecureBucket, SecureVpc
from pavedroad.database.rds.recovery import DatabaseRecovery
from pavedroad.storage.s3.alarms import SecureBucketAlarmThresholds

stack = cdk.Stack(cdk.App(), "Orders")
topic = sns.Topic(stack, "Topic")
network = SecureVpc(stack, "Network")
database = Database(
    stack,
    "Database",
    engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17),
    vpc=network.vpc,
    recovery=DatabaseRecovery(rto=Duration.minutes(5)),
)
database.add_alarms(topic)
SecureBucket(stack, "Uploads").add_alarms(topic, SecureBucketAlarmThresholds(server_errors_percent=1))
"""


def check_types(file: Path, text: str) -> str:
    file.write_text(text)
    # From the root, whose cache knows the types of the CDK already.
    command = [sys.executable, "-m", "mypy", "--strict", file]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def test_an_app_passes_a_strict_type_check(tmp_path: Path) -> None:
    assert "Success: no issues found in 1 source file" in check_types(tmp_path / "orders.py", ORDERS)


def test_a_wrong_argument_is_found(tmp_path: Path) -> None:
    wrong = ORDERS + 'SecureBucket(stack, "Wrong", bucket_name=3)\n'
    assert 'Argument "bucket_name" to "SecureBucket" has incompatible type "int"' in check_types(
        tmp_path / "orders.py", wrong
    )
