"""The checks that are programs of their own: on the source, the configuration, the releases and the synthesis."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# In the order in which they are started: the synthesis first, since the template checks wait for it, then the slowest.
COMMANDS: dict[str, tuple[str, ...]] = {
    "synthesis": ("node", "node_modules/aws-cdk/bin/cdk", "synth", "--quiet"),
    "mypy": ("mypy",),
    "ruff": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "import-linter": ("lint-imports", "--no-logo"),
    "configuration": ("pavedroad", "validate"),
    "configuration schema": ("pavedroad", "schema", "--check"),
    "reference pages": ("pavedroad", "reference", "--check"),
    "releases": ("pavedroad", "catalog", "freeze", "--check"),
    "library version": ("pavedroad", "library", "changes", "--check"),
}


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a command ended.

    Attributes:
        name: Which of ``COMMANDS``.
        passed: Whether it exited with 0.
        said: What it printed.
        seconds: How long it took.
    """

    name: str
    passed: bool
    said: str
    seconds: float


def run_command(name: str, checkout: Path) -> Ran:
    """Run one of ``COMMANDS`` in the checkout with the programs of this environment."""
    began = time.monotonic()
    programs = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}", "NO_COLOR": "1"}
    done = subprocess.run(
        _resolved(COMMANDS[name], programs), cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    said = (done.stdout + done.stderr).strip()
    return Ran(name=name, passed=done.returncode == 0, said=said, seconds=time.monotonic() - began)


def _resolved(command: Sequence[str], programs: Path) -> list[str]:
    # The search for a program uses this process's PATH, not the one that is handed on.
    return [str(programs / command[0]), *command[1:]]
