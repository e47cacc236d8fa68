"""What ``import pavedroad`` adds to ``import aws_cdk``, and how many of CDK's service modules each construct loads.

    python benchmarks/imports.py [--runs 5] [--json]

Fails where the package itself adds more than 50 ms, or a bucket loads what it does not need.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from measuring import run
from rich.console import Console
from rich.progress import track
from rich.table import Table

import pavedroad

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "import pavedroad"
BUCKET = "from pavedroad import SecureBucket"
STATEMENTS = (PACKAGE, *(f"from pavedroad import {name}" for name in pavedroad.__all__))
MOST_SECONDS = 0.05
NEVER_FOR_A_BUCKET = {"aws_rds", "aws_ecs", "aws_eks", "aws_eks_v2", "aws_codepipeline"}

PROGRAM = """
from pavedroad_platform.bundled_node import use_bundled_node
use_bundled_node()
import json, sys, time
began = time.perf_counter()
import aws_cdk
between = time.perf_counter()
{statement}
ended = time.perf_counter()
modules = [name.removeprefix("aws_cdk.") for name in sys.modules if name.startswith("aws_cdk.aws_")]
print(json.dumps([between - began, ended - between, sorted(name for name in modules if "." not in name)]))
"""


@dataclass(frozen=True)
class Measured:
    """What one statement took after ``import aws_cdk``.

    Attributes:
        statement: The statement.
        cdk: Seconds that ``import aws_cdk`` took before it.
        adds: Seconds that it took itself.
        modules: The CDK's service modules that are loaded in the end.
    """

    statement: str
    cdk: float
    adds: float
    modules: list[str]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="how often each statement is run (default: 5)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    measured = {it: measure(it, arguments.runs) for it in track(STATEMENTS, console=Console(stderr=True))}
    if arguments.json:
        print(json.dumps([asdict(it) for it in measured.values()], indent=2))
    else:
        print_table(measured.values(), arguments.runs)
    problems = []
    if measured[PACKAGE].adds > MOST_SECONDS:
        problems.append(f"pavedroad adds {measured[PACKAGE].adds * 1000:.0f} ms, more than {MOST_SECONDS * 1000:.0f}")
    if loaded := NEVER_FOR_A_BUCKET.intersection(measured[BUCKET].modules):
        problems.append(f"SecureBucket loads {', '.join(sorted(loaded))}, which it does not need")
    if problems:
        sys.exit("; ".join(problems))


def measure(statement: str, runs: int) -> Measured:
    """Run the statement in fresh interpreters; the least of the seconds counts."""
    command = (sys.executable, "-c", PROGRAM.format(statement=statement))
    done = [json.loads(run(command, ROOT, {}).output) for _ in range(runs)]
    cdk, adds = (min(times) for times in zip(*(it[:2] for it in done), strict=True))
    return Measured(statement, cdk, adds, done[0][2])


def print_table(rows: Iterable[Measured], runs: int) -> None:
    """A row a statement."""
    table = Table(title=f"Imports, least of {runs} runs")
    for column in ("statement", "import aws_cdk", "adds", "CDK modules"):
        table.add_column(column, justify="left" if column == "statement" else "right")
    for row in rows:
        table.add_row(row.statement, f"{row.cdk:.2f} s", f"{row.adds * 1000:.1f} ms", str(len(row.modules)))
    Console().print(table)


if __name__ == "__main__":
    main()
