"""The emulator as a process: loopback only, its own pages, a clean end."""

import json
import os
import signal
import urllib.request
from pathlib import Path
from typing import Any

import psutil
import pytest


def _page(emulator: Any, name: str) -> Any:
    with urllib.request.urlopen(f"{emulator.endpoint}/_pavedroad/{name}") as answer:
        return json.load(answer)


def test_it_says_one_line_when_it_is_ready(emulator: Any) -> None:
    assert emulator.ready_line == f"ready on {emulator.endpoint}\n"


def test_it_listens_on_loopback_only(emulator: Any) -> None:
    listeners = [
        connection.laddr
        for process in [psutil.Process(emulator.process.pid), *psutil.Process(emulator.process.pid).children(True)]
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]
    assert (listeners[0].ip, listeners[0].port) == ("127.0.0.1", emulator.port)
    assert {address.ip for address in listeners} == {"127.0.0.1"}


def test_health(emulator: Any) -> None:
    assert _page(emulator, "health") == {"status": "healthy"}


def test_resource_types_tell_native_from_schema(emulator: Any) -> None:
    tiers = _page(emulator, "resource-types")
    assert set(tiers.values()) == {"native", "schema"}
    assert tiers["AWS::S3::Bucket"] == "native"
    assert tiers["AWS::CloudTrail::Trail"] == "native"
    assert tiers["AWS::ServiceCatalog::Portfolio"] == "native"
    assert tiers["AWS::CodePipeline::Pipeline"] == "schema"
    assert len(tiers) > 1500


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_and_leaves_no_files(number: int, tmp_path: Path, start_emulator: Any) -> None:
    running = start_emulator(str(tmp_path))
    assert list(tmp_path.iterdir())
    assert os.getpgid(running.process.pid) == running.process.pid
    running.process.send_signal(number)
    running.process.wait(timeout=10)
    running.process.stdout.close()
    assert list(tmp_path.iterdir()) == []


def test_functions_end_with_it(tmp_path: Path, start_emulator: Any) -> None:
    running = start_emulator(str(tmp_path))
    role = {"AssumeRolePolicyDocument": running.trusting({"Service": "lambda.amazonaws.com"})}
    function = running.deploy(
        {
            "Role": {"Type": "AWS::IAM::Role", "Properties": role},
            "Function": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Runtime": "python3.12",
                    "Handler": "index.handler",
                    "Code": {"ZipFile": "def handler(event, context):\n    return 'done'\n"},
                    "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                },
            },
        },
        outputs={"Name": {"Ref": "Function"}},
    )["Name"]
    assert running.client("lambda").invoke(FunctionName=function)["Payload"].read() == b'"done"'
    workers = psutil.Process(running.process.pid).children(recursive=True)
    assert workers
    running.process.terminate()
    running.process.wait(timeout=10)
    running.process.stdout.close()
    assert psutil.wait_procs(workers, timeout=5)[1] == []


def test_calls_without_valid_credentials_are_refused(emulator: Any) -> None:
    unknown = {"AccessKeyId": "AKIA0000000000000000", "SecretAccessKey": "x", "SessionToken": "x"}
    with pytest.raises(Exception, match=r"invalid|InvalidClientTokenId"):
        emulator.client("iam", credentials=unknown).list_roles()
