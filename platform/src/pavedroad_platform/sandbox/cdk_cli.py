"""Runs the real CDK CLI against the emulator and follows what it says."""

import os
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.followed_process import followed_process
from pavedroad_platform.sandbox.directory import SandboxDirectory
from pavedroad_platform.sandbox.loopback import aws_environment


def run_cdk(
    directory: SandboxDirectory,
    arguments: Sequence[str],
    *,
    endpoint: str,
    account: str,
    region: str,
    what: str,
    folder: Path | None = None,
    on_line: Callable[[str], None] = lambda _: None,
) -> None:
    """Run ``cdk`` with the checkout's pinned Node and CLI as the administrator of ``account``.

    Args:
        directory: Whose home and checkout the CLI uses.
        arguments: What stands behind ``cdk``.
        endpoint: The emulator's URL.
        account: The account whose credentials it gets.
        region: Its default region.
        what: What is being done, for the error.
        folder: Where it runs. Left out: in the checkout, whose ``cdk.json`` then tells it of the app.
        on_line: Called with each line that it prints.

    Raises:
        PlatformError: The CLI is not installed or ended with an error; its last lines are in the message.
    """
    programs = Path(sys.executable).parent
    cdk = directory.checkout / "node_modules" / "aws-cdk" / "bin" / "cdk"
    if not cdk.exists():
        raise PlatformError(Problem(path="cdk", cause=f"{cdk} is not installed", fix="run: make install"))
    environment = aws_environment(endpoint, account=account, region=region) | {
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}",
        "HOME": str(directory.home),
        "JSII_NODE": str(programs / "node"),
        "CI": "true",  # progress on standard output, no colours
        "NO_COLOR": "1",
        "CDK_DISABLE_CLI_TELEMETRY": "true",  # its sender outlives the CLI and calls a host that is not this one
    }
    last: deque[str] = deque(maxlen=25)
    command = [str(programs / "node"), str(cdk), *arguments]
    with followed_process(command, folder or directory.checkout, environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            last.append(line.rstrip())
            on_line(line.rstrip())
        code = process.wait()
    if code:
        raise PlatformError(
            Problem(
                path=what,
                cause=f"cdk {arguments[0]} ended with exit code {code}:\n" + "\n".join(last),
                fix=f"mend what it names and run make sandbox again; the emulator's own log is {directory.log}",
            )
        )
