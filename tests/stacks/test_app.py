"""app.py as the CDK runs it: a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def run(app: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    # No Node on the path: the app finds the one of the virtual environment by itself.
    found = {"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/"), **environment}
    return subprocess.run(
        [sys.executable, str(app)], cwd=app.parent, env=found, capture_output=True, text=True, check=False
    )


@pytest.fixture
def misconfigured(tmp_path: Path) -> Path:
    """A copy of the app whose configuration may be spoilt."""
    shutil.copy(ROOT / "app.py", tmp_path)
    shutil.copytree(ROOT / "platform" / "organization", tmp_path / "platform" / "organization")
    return tmp_path


def test_the_example_organisation_passes_all_checks(tmp_path: Path) -> None:
    context = json.dumps(json.loads((ROOT / "cdk.json").read_text())["context"])
    done = run(ROOT / "app.py", CDK_OUTDIR=str(tmp_path), CDK_CONTEXT_JSON=context)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list(tmp_path.glob("pavedroad-*.template.json"))) == 10


def test_a_mistake_in_the_configuration_is_told_without_a_traceback(misconfigured: Path) -> None:
    accounts = misconfigured / "platform" / "organization" / "accounts.yaml"
    accounts.write_text(accounts.read_text().replace('"777777777777"', '"77777777777"'))
    done = run(misconfigured / "app.py")
    assert done.returncode == 1
    assert "accounts.yaml:" in done.stderr
    assert "accounts.orders-production.id" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_all_mistakes_are_told_at_once(misconfigured: Path) -> None:
    organization = misconfigured / "platform" / "organization"
    for name, right, wrong in (
        ("accounts.yaml", '"777777777777"', '"77777777777"'),
        ("network.yaml", "10.21.0.0/16", "10.20.128.0/17"),
    ):
        file = organization / name
        file.write_text(file.read_text().replace(right, wrong))
    done = run(misconfigured / "app.py")
    assert done.returncode == 1
    assert "accounts.yaml:" in done.stderr
    assert "network.yaml:" in done.stderr
