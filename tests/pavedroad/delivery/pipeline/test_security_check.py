"""The default security check: real commands, pinned tools, strict shells."""

import json
import re
import shutil
import subprocess
from typing import Any

import aws_cdk as cdk
import pytest

from pavedroad.delivery.pipeline.security_check import default_specification


@pytest.fixture
def commands(stack: cdk.Stack) -> list[str]:
    specification: dict[str, Any] = json.loads(stack.resolve(default_specification().to_build_spec()))
    phases = specification["phases"]
    return [command for phase in phases.values() for command in phase["commands"]]


def test_every_command_is_a_bash_program_that_stops_at_the_first_failure(commands: list[str]) -> None:
    bash = shutil.which("bash")
    assert bash
    for command in commands:
        checked = subprocess.run([bash, "-n", "-c", command], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        assert command.startswith("(\nset -euo pipefail\n")


def test_dependencies_secrets_templates_and_images_are_checked(commands: list[str]) -> None:
    text = "\n".join(commands)
    assert "pip-audit --progress-spinner off --requirement" in text
    assert "--scanners vuln,secret,misconfig --severity HIGH,CRITICAL --exit-code 1" in text
    assert "checkov --directory" in text
    assert "trivy image --severity HIGH,CRITICAL --ignore-unfixed --exit-code 1" in text


def test_every_tool_is_pinned_and_the_archive_is_verified(commands: list[str]) -> None:
    text = "\n".join(commands)
    assert re.search(r"pip-audit==\d+\.\d+\.\d+ checkov==\d+\.\d+\.\d+", text)
    assert len(re.findall(r"digest=[0-9a-f]{64}", text)) == 2
    assert "sha256sum --check" in text
    assert "latest" not in text


def test_a_finding_in_the_first_tree_ends_the_check(commands: list[str], tmp_path: Any) -> None:
    scan = next(command for command in commands if "trivy filesystem" in command)
    tools = tmp_path / "tools"
    (tools / "checkov" / "bin").mkdir(parents=True)
    seen = tmp_path / "seen"
    for tool, status in (("trivy", 1), ("checkov/bin/checkov", 0)):
        script = tools / tool
        script.write_text(f'#!/bin/sh\necho "$0 $*" >> {seen}\nexit {status}\n')
        script.chmod(0o755)
    environment = {"PATH": "/usr/bin:/bin", "CODEBUILD_SRC_DIR": "/one", "CODEBUILD_SRC_DIR_Build": "/two"}
    bash = shutil.which("bash")
    assert bash
    finished = subprocess.run(
        [bash, "-c", scan.replace("/tmp/", f"{tools}/")], env=environment, capture_output=True, check=False
    )
    assert finished.returncode == 1
    assert len(seen.read_text().splitlines()) == 1
