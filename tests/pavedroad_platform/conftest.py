"""One emulator for the tests that talk to it, and what they do with it."""

import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.config import Config

from pavedroad_platform.cli import main

REGION = "eu-west-1"


@dataclass
class Emulator:
    """A running emulator and shortcuts to it."""

    process: subprocess.Popen[str]
    port: int
    ready_line: str
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, service: str, account: str = "666666666666", credentials: Mapping[str, str] | None = None) -> Any:
        """A boto3 client: of the account's administrator, or of a role session."""
        key = credentials["AccessKeyId"] if credentials else account
        if (service, key) not in self.clients:
            self.clients[service, key] = boto3.client(
                service,
                endpoint_url=self.endpoint,
                region_name=REGION,
                aws_access_key_id=key,
                aws_secret_access_key=credentials["SecretAccessKey"] if credentials else "sandbox",
                aws_session_token=credentials["SessionToken"] if credentials else None,
                config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
            )
        return self.clients[service, key]

    def deploy(
        self,
        resources: Mapping[str, Any],
        *,
        outputs: Mapping[str, Any] | None = None,
        account: str = "666666666666",
        name: str = "",
        **arguments: Any,
    ) -> dict[str, str]:
        """Create a stack, or update it where ``name`` stands; return its outputs and its name as ``StackName``."""
        cloudformation = self.client("cloudformation", account)
        exists = bool(name)
        name = name or f"stack-{uuid.uuid4().hex[:8]}"
        template = {
            "Resources": resources,
            "Outputs": {key: {"Value": value} for key, value in (outputs or {}).items()},
        }
        operation = cloudformation.update_stack if exists else cloudformation.create_stack
        operation(StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"], **arguments)
        stack = self.settled(name, account)
        if stack["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
            reasons = [e["ResourceStatusReason"] for e in events if e["ResourceStatus"].endswith("_FAILED")]
            raise RuntimeError(f"{stack['StackStatus']}: {'; '.join(reasons)}")
        return {
            **{output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])},
            "StackName": name,
        }

    def settled(self, name: str, account: str = "666666666666") -> Any:
        """The stack once it is at rest."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            stack = self.client("cloudformation", account).describe_stacks(StackName=name)["Stacks"][0]
            if not stack["StackStatus"].endswith("IN_PROGRESS"):
                return stack
            time.sleep(0.02)
        raise TimeoutError(name)

    def delete(self, name: str, account: str = "666666666666") -> None:
        """Delete a stack and wait for it."""
        cloudformation = self.client("cloudformation", account)
        stack_id = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        cloudformation.delete_stack(StackName=name)
        assert self.settled(stack_id, account)["StackStatus"] == "DELETE_COMPLETE"

    @staticmethod
    def trusting(principal: Mapping[str, Any], *actions: str, **condition: Any) -> dict[str, Any]:
        """A trust policy."""
        statement = {"Effect": "Allow", "Principal": principal, "Action": list(actions or ("sts:AssumeRole",))}
        if condition:
            statement["Condition"] = condition
        return {"Version": "2012-10-17", "Statement": [statement]}

    @staticmethod
    def allowing(*actions: str, resource: Any = "*", **more: Any) -> dict[str, Any]:
        """A policy document."""
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}
        return {"Version": "2012-10-17", "Statement": [statement]}

    def role(self, name: str, trust: Mapping[str, Any], *policies: Mapping[str, Any], account: str, **more: Any) -> str:
        """Make a role; return its ARN."""
        iam = self.client("iam", account)
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), **more)["Role"]["Arn"]
        for number, policy in enumerate(policies):
            iam.put_role_policy(RoleName=name, PolicyName=f"policy-{number}", PolicyDocument=json.dumps(policy))
        return arn

    def assume(self, role_arn: str, *, by: Any, **arguments: Any) -> dict[str, str]:
        """A role session's credentials; ``by`` is an account or credentials."""
        sts = self.client("sts", by) if isinstance(by, str) else self.client("sts", credentials=by)
        credentials: dict[str, str] = sts.assume_role(RoleArn=role_arn, **{"RoleSessionName": "test", **arguments})[
            "Credentials"
        ]
        return credentials


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def started(temporary: str) -> Emulator:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "pavedroad_platform.sandbox.emulator", "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
        env={**environment, "TMPDIR": temporary},
        start_new_session=True,
    )
    assert process.stdout is not None
    return Emulator(process, port, process.stdout.readline())


@pytest.fixture
def start_emulator() -> Callable[[str], Emulator]:
    """Starts one more, with its temporary files in the given folder."""
    return started


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    running = started(str(tmp_path_factory.mktemp("emulator")))
    yield running
    running.process.terminate()
    assert running.process.wait(timeout=10) is not None
    assert running.process.stdout is not None
    running.process.stdout.close()


@dataclass(frozen=True)
class Said:
    """What a command said.

    Attributes:
        code: Its exit code.
        out: What it printed.
        error: What it showed meanwhile, or why it failed.
    """

    code: int
    out: str
    error: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def caller_environment(emulator: Emulator) -> Callable[[Mapping[str, str]], dict[str, str]]:
    """The environment of somebody with these credentials."""

    def variables(credentials: Mapping[str, str]) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": emulator.endpoint,
            "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
            "AWS_SESSION_TOKEN": credentials["SessionToken"],
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    return variables


@pytest.fixture
def said_by(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Runs the command ``pavedroad`` in process."""

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["pavedroad", *arguments])
        with pytest.raises(SystemExit) as ended:
            main.app()
        told = capsys.readouterr()
        return Said(int(ended.value.code or 0), told.out, told.err)

    return run
