"""What ``import pavedroad`` adds to ``import aws_cdk``, and how many of CDK's service modules each construct loads.

python benchmarks/imports.py
"""

import json
import sys
from pathlib import Path
from statistics import median

from measuring import run
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
RUNS = 3
BARE = "import aws_cdk"
STATEMENTS = (
    BARE,
    *(
        f"from pavedroad import {name}"
        for name in ("SecureBucket", "SecureVpc", "Database", "FargateService", "DeliveryPipeline")
    ),
)
NEVER_FOR_A_BUCKET = {"aws_rds", "aws_ecs", "aws_codepipeline"}

PROGRAM = """
from pavedroad_platform.bundled_node import use_bundled_node
use_bundled_node()
import json, sys, time
began = time.perf_counter()
{statement}
seconds = time.perf_counter() - began
modules = [name.removeprefix("aws_cdk.") for name in sys.modules if name.startswith("aws_cdk.aws_")]
print(json.dumps([seconds, sorted(name for name in modules if "." not in name)]))
"""


def main() -> None:
    """Measure and print."""
    measured = {}
    for statement in STATEMENTS:
        command = (sys.executable, "-c", PROGRAM.format(statement=statement))
        done = [json.loads(run(command, ROOT, {}).output) for _ in range(RUNS)]
        measured[statement] = median(seconds for seconds, _ in done), done[0][1]
    table = Table(title=f"Imports, median of {RUNS} runs")
    for column in ("statement", "seconds", "more than aws_cdk", "CDK modules"):
        table.add_column(column, justify="left" if column == "statement" else "right")
    for statement, (seconds, modules) in measured.items():
        more = f"{seconds - measured[BARE][0]:.2f}"
        table.add_row(statement, f"{seconds:.2f}", more, str(len(modules)))
    Console().print(table)
    loaded = NEVER_FOR_A_BUCKET.intersection(measured["from pavedroad import SecureBucket"][1])
    if loaded:
        sys.exit(f"SecureBucket loads {', '.join(sorted(loaded))}, which it does not need")


if __name__ == "__main__":
    main()
