"""Deploys the synthesised app with the real CDK CLI and tells what stands afterwards."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pavedroad_platform.sandbox.cdk_cli import run_cdk
from pavedroad_platform.sandbox.directory import SandboxDirectory
from pavedroad_platform.sandbox.loopback import administrator, client
from pavedroad_platform.sandbox.progress import Step

_EVENT = re.compile(
    r"^(?P<stack>[\w-]+) \|\s*(?P<done>\d+)/(?P<total>\d+) \| .*? \| (?P<status>\w+)\s*\| (?P<type>\S+)"
)
_FINISHED = re.compile(r"^\s*✅\s+(?P<stack>[\w-]+)")
_CANARIES = "-canaries"
_SECONDS = re.compile(r"Deployment time: (?P<seconds>[\d.]+)s")


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack of the synthesised app: where it belongs."""

    name: str
    account: str
    region: str


@dataclass(frozen=True, kw_only=True)
class DeployedStack:
    """What stands of one stack.

    Attributes:
        stack: Which stack.
        native: Resources whose service is emulated.
        schema_checked: Resources whose properties were checked against the registry schema, and that are records.
        seconds: How long its deployment took; ``None`` where nothing had changed.
    """

    stack: Stack
    native: int
    schema_checked: int
    seconds: float | None

    @property
    def resources(self) -> int:
        """All of its resources."""
        return self.native + self.schema_checked


def synthesise(directory: SandboxDirectory, endpoint: str, *, account: str, region: str) -> list[Stack]:
    """Synthesise the app with all of its checks into the sandbox's folder, and list its stacks."""
    run_cdk(
        directory,
        ["synth", "--quiet", "--output", str(directory.assembly)],
        endpoint=endpoint,
        account=account,
        region=region,
        what="synthesis",
    )
    return stacks_of(directory)


def stacks_of(directory: SandboxDirectory) -> list[Stack]:
    """The stacks of the synthesised app that are deployed."""
    artifacts = json.loads((directory.assembly / "manifest.json").read_text())["artifacts"]
    found = []
    for identity, artifact in artifacts.items():
        if artifact["type"] == "aws:cloudformation:stack":
            account, region = artifact["environment"].removeprefix("aws://").split("/")
            name = artifact["properties"].get("stackName", identity)
            if name.endswith(_CANARIES):
                continue  # `pavedroad catalog prove` deploys them
            found.append(Stack(name=name, account=account, region=region))
    return found


def deploy(directory: SandboxDirectory, endpoint: str, *, account: str, region: str, step: Step) -> dict[str, float]:
    """Deploy all stacks as ``account`` and return the seconds that each changed stack took."""
    seconds: dict[str, float] = {}
    current = ""

    def follow(line: str) -> None:
        nonlocal current
        if event := _EVENT.match(line):
            step.detail(f"{event['stack']} {event['done']}/{event['total']} {event['type']} {event['status']}")
        elif finished := _FINISHED.match(line):
            unchanged = "no changes" in line
            current = "" if unchanged else finished["stack"]
            step.advance(f"{finished['stack']}{' is unchanged' if unchanged else ''}")
        elif (took := _SECONDS.search(line)) and current:
            seconds[current] = float(took["seconds"])

    arguments = ["deploy", f"!(*{_CANARIES})", "--app", str(directory.assembly), "--require-approval", "never"]
    arguments += ["--concurrency", "4", "--progress", "events"]
    run_cdk(directory, arguments, endpoint=endpoint, account=account, region=region, what="deployment", on_line=follow)
    return seconds


def inspect(
    endpoint: str, stacks: list[Stack], tiers: Mapping[str, str], seconds: Mapping[str, float]
) -> list[DeployedStack]:
    """Ask CloudFormation in each account what stands, and tell the emulated from the schema-checked."""
    found = []
    for stack in stacks:
        cloudformation = client(
            "cloudformation", endpoint, region=stack.region, credentials=administrator(stack.account)
        )
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack.name)
        types = [resource["ResourceType"] for page in pages for resource in page["StackResourceSummaries"]]
        # A custom resource runs its function.
        native = sum(tiers.get(name) == "native" or name.startswith("Custom::") for name in types)
        found.append(
            DeployedStack(
                stack=stack, native=native, schema_checked=len(types) - native, seconds=seconds.get(stack.name)
            )
        )
    return found
