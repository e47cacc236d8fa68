"""The set-up where it cannot succeed: one message, no traceback, nothing that the next run trips over."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PRETENDS = """
import runpy, sys
sys.version_info = ({}, {}, 0, "final", 0)
sys.argv = ["requirements/install.py"]
runpy.run_path("requirements/install.py", run_name="__main__")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the set-up reads, without an environment."""
    for name in ("requirements.txt", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for distribution in ("constructs", "platform"):
        (tmp_path / distribution).mkdir()
        shutil.copy(ROOT / distribution / "pyproject.toml", tmp_path / distribution)
    return tmp_path


@pytest.mark.parametrize(("major", "minor"), [(3, 10), (3, 6), (3, 15)])
def test_an_unsupported_python_is_told_with_the_way_out(checkout: Path, major: int, minor: int) -> None:
    program = [sys.executable, "-c", PRETENDS.format(major, minor)]
    done = subprocess.run(program, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        f"set-up: Python {major}.{minor} is not supported; Paved Road needs 3.11 or newer, below 3.15."
        " Name one: make PYTHON=python3.11 ...\n"
    )
    assert not (checkout / ".venv").exists()


def test_without_a_network_the_message_says_what_to_set_and_the_next_run_starts_over(checkout: Path) -> None:
    nowhere = "http://127.0.0.1:9/simple"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    environment |= {
        "PIP_INDEX_URL": nowhere,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "0",
    }
    command = [sys.executable, "requirements/install.py"]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "set-up: installer failed." in done.stderr
    assert "set PIP_INDEX_URL, UV_DEFAULT_INDEX and npm_config_registry" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / ".venv" / "installed").exists()
