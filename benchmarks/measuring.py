"""Runs a program and tells how long it took, and how much of the processors it used."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Run:
    """One run of a program.

    Attributes:
        wall: Seconds from its start to its end. A busy machine makes them more.
        processor: Seconds of processor time, user and system, of the program and what it started.
        output: What it printed.
    """

    wall: float
    processor: float
    output: str


@dataclass(frozen=True)
class Runs:
    """Several runs of one program."""

    runs: Sequence[Run]

    @property
    def wall(self) -> float:
        """The quickest: what the program itself needs, with the least of what else the machine does."""
        return min(run.wall for run in self.runs)

    @property
    def median_wall(self) -> float:
        """The median of the seconds."""
        return median(run.wall for run in self.runs)

    @property
    def processor(self) -> float:
        """The least processor time."""
        return min(run.processor for run in self.runs)


def run(command: Sequence[str | Path], directory: Path, environment: Mapping[str, str]) -> Run:
    """Run ``command`` once; a failure ends the benchmark with what the program said."""
    began = time.perf_counter()
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=directory,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(str(part) for part in command)} failed:\n{output}")
    return Run(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, output)
