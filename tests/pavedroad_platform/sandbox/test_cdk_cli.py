import os
from pathlib import Path

import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.sandbox.cdk_cli import run_cdk
from pavedroad_platform.sandbox.directory import SandboxDirectory


def run(checkout: Path, said: list[str] | None = None) -> None:
    run_cdk(
        SandboxDirectory(checkout=checkout, path=checkout / ".sandbox"),
        ["deploy", "--all"],
        endpoint="http://127.0.0.1:1",
        account="111111111111",
        region="eu-west-1",
        what="deployment",
        on_line=(said if said is not None else []).append,
    )


def pretend_cli(checkout: Path, script: str) -> None:
    program = checkout / "node_modules" / "aws-cdk" / "bin" / "cdk"
    program.parent.mkdir(parents=True)
    program.write_text(script)


def test_follows_every_line_and_keeps_the_cli_out_of_the_users_home(tmp_path: Path) -> None:
    pretend_cli(tmp_path, "console.log(process.argv.slice(2).join(' ')); console.log(process.env.HOME)")
    said: list[str] = []
    run(tmp_path, said)
    assert said == ["deploy --all", str(tmp_path / ".sandbox" / "home")]
    assert os.environ["HOME"] != said[1]


def test_a_failure_says_what_failed_with_the_last_lines_and_what_to_do(tmp_path: Path) -> None:
    pretend_cli(tmp_path, "console.error('Stack is in ROLLBACK_COMPLETE'); process.exit(3)")
    with pytest.raises(
        PlatformError, match=r"(?s)deployment: cdk deploy ended with exit code 3:\nStack is in ROLL.*log"
    ):
        run(tmp_path)


def test_a_missing_cli_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match=r"(?s)aws-cdk/bin/cdk is not installed.*make install"):
        run(tmp_path)
