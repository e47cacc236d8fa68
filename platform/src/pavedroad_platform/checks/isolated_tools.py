"""Checkers whose pinned requirements conflict with ours: each has an environment of its own under ``.venv/tools``."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pavedroad_platform.errors import PlatformError, Problem


def run_isolated(tool: str, arguments: Sequence[str], *, said: str = "") -> str:
    """Run a program of a tool's own environment and return its standard output.

    Args:
        tool: The environment's name: its requirements are ``requirements/<tool>.txt``.
        arguments: The program's name in that environment, and its arguments.
        said: What it gets on standard input.

    Raises:
        PlatformError: It is not installed, or it ended without an answer.
    """
    programs = Path(sys.prefix) / "tools" / tool / "bin"
    if not (programs / arguments[0]).exists():
        raise PlatformError(
            Problem(path=tool, cause=f"{tool} is not installed", fix=f"run: python3 requirements/install.py {tool}")
        )
    # Both tools also use the exit code for "there are findings"; without an answer on standard output it is a failure.
    done = subprocess.run(
        [str(programs / arguments[0]), *arguments[1:]], input=said, capture_output=True, text=True, check=False
    )
    if not done.stdout.strip():
        raise PlatformError(
            Problem(path=tool, cause=f"{tool} gave no answer: {done.stderr.strip()[-600:]}", fix=f"run {tool} by hand")
        )
    return done.stdout
