"""``pavedroad sandbox credentials``: what a profile of the AWS CLI and of boto3 signs in with."""

import json
import subprocess
import sys
from pathlib import Path

import boto3

ROOT = Path(__file__).resolve().parents[3]
PAVEDROAD = Path(sys.executable).with_name("pavedroad")


def credentials(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [PAVEDROAD, "sandbox", "--directory", directory, "credentials", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_person_is_signed_in_to_their_account(sandbox) -> None:
    told = json.loads(credentials(sandbox.directory, "orders-development").stdout)
    assert told.pop("Version") == 1
    sts = boto3.client(
        "sts",
        endpoint_url=sandbox.endpoint,
        region_name="eu-west-1",
        aws_access_key_id=told["AccessKeyId"],
        aws_secret_access_key=told["SecretAccessKey"],
        aws_session_token=told["SessionToken"],
    )
    assert sts.get_caller_identity()["Arn"].endswith(":assumed-role/PavedRoadDeveloper/robin@example.com")


def test_an_account_that_there_is_not_is_told(sandbox) -> None:
    done = credentials(sandbox.directory, "orders-developmnt")
    assert done.returncode == 1
    assert "ACCOUNT: there is no account orders-developmnt\n    Did you mean orders-development?" in done.stderr


def test_without_a_sandbox_it_says_how_to_start_one(tmp_path: Path) -> None:
    done = credentials(tmp_path, "orders-development")
    assert (done.returncode, "Start it with: make sandbox" in done.stderr) == (1, True)
