"""Compares the time of our synthesis with what the same resources take in TypeScript CDK without checks.

    python benchmarks/synthesis.py [--runs 5] [--json] [--write]

benchmarks/README.md says what is compared and what the figures mean.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from measuring import Run, Runs, run
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
TYPESCRIPT = ROOT / "benchmarks" / "typescript"
BIN = Path(sys.prefix) / "bin"
LIMIT = 4


@dataclass(frozen=True)
class Variant:
    """One way of making the same resources.

    Attributes:
        name: What the table calls it.
        command: What is run, in ``directory``.
        ours: Whether it is this project.
    """

    name: str
    command: tuple[str | Path, ...]
    directory: Path
    ours: bool


TSX = TYPESCRIPT / "node_modules" / ".bin" / "tsx"
TSC = TYPESCRIPT / "node_modules" / ".bin" / "tsc"

TYPESCRIPT_SOURCE = Variant("TypeScript, by tsx", (TSX, "generated/app.ts"), TYPESCRIPT, ours=False)
TYPESCRIPT_COMPILED = Variant("TypeScript, compiled before", (BIN / "node", "compiled/app.js"), TYPESCRIPT, ours=False)
# The command that `cdk init --language typescript` writes into cdk.json: it checks types first.
TYPESCRIPT_TEMPLATE = Variant(
    "TypeScript, as cdk init runs it",
    ("sh", "-c", "npx tsc --noEmit && npx tsx generated/app.ts"),
    TYPESCRIPT,
    ours=False,
)
OURS_BARE = Variant("Paved Road, no checks", (BIN / "python", "benchmarks/phases.py"), ROOT, ours=True)
OURS_NAG = Variant("Paved Road, cdk-nag", (BIN / "python", "benchmarks/phases.py", "nag"), ROOT, ours=True)
OURS = Variant("Paved Road, all checks", (BIN / "python", "app.py"), ROOT, ours=True)
OURS_PHASES = Variant(
    "Paved Road, all checks, timed inside",
    (BIN / "python", "benchmarks/phases.py", "nag", "validation"),
    ROOT,
    ours=True,
)
VARIANTS = (TYPESCRIPT_TEMPLATE, TYPESCRIPT_SOURCE, TYPESCRIPT_COMPILED, OURS_BARE, OURS_NAG, OURS_PHASES, OURS)


def main() -> None:
    """Prepare, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="how often each variant is run (default: 5)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--write", action="store_true", help="write the tables to benchmarks/results.md too")
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("--runs must be at least 1")
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder:
        assembly = Path(folder) / "paved-road"
        with console.status("Preparing the comparison"):
            prepare(assembly)
        resources = compared_resources(assembly, Path(folder) / "typescript")
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Measuring", total=arguments.runs * len(VARIANTS))
            results = measure(arguments.runs, Path(folder), lambda: progress.advance(task))
    if arguments.json:
        print(json.dumps(as_json(results, resources), indent=2))
    else:
        for table in tables(results, resources):
            Console().print(table)
    if arguments.write:
        (ROOT / "benchmarks" / "results.md").write_text(as_markdown(results, resources))


def prepare(assembly: Path) -> None:
    """Synthesise our app, and make the TypeScript app of its finished templates."""
    run(OURS.command, OURS.directory, environment(assembly))
    lock = TYPESCRIPT / "package-lock.json"
    installed = TYPESCRIPT / "node_modules" / "installed-from.json"
    if not installed.exists() or installed.read_text() != lock.read_text():
        run((BIN / "npm", "ci"), TYPESCRIPT, environment(assembly))
        shutil.copyfile(lock, installed)
    run((TSX, "generate.ts", assembly), TYPESCRIPT, environment(assembly))
    run((TSC,), TYPESCRIPT, environment(assembly))


def environment(assembly: Path) -> dict[str, str]:
    """What ``cdk synth`` tells an app: where to write, and the feature flags. Both apps get the same."""
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    settings = {"aws:cdk:enable-path-metadata": True, "aws:cdk:version-reporting": False}
    return {
        "CDK_OUTDIR": str(assembly),
        "CDK_CONTEXT_JSON": json.dumps({**context, **settings}),
        "PATH": f"{BIN}:/usr/bin:/bin",
    }


def compared_resources(ours: Path, typescript: Path) -> int:
    """How many resources both apps make. The benchmark ends where the types differ in number."""
    expected = resource_types(ours)
    for variant in (TYPESCRIPT_SOURCE, TYPESCRIPT_COMPILED):
        run(variant.command, variant.directory, environment(typescript))
        found = resource_types(typescript)
        if found != expected:
            sys.exit(f"{variant.name} makes other resources: {dict((found - expected) + (expected - found))}")
    return expected.total()


def resource_types(assembly: Path) -> Counter[str]:
    """How many resources of each type stand in the templates of an assembly, products included."""
    templates = [json.loads(path.read_text()) for path in assembly.glob("*.template.json")]
    return Counter(resource["Type"] for template in templates for resource in template["Resources"].values())


def measure(times: int, folder: Path, on_run: Callable[[], None]) -> dict[Variant, Runs]:
    """Run the variants in turn, so that what else the machine does meets all of them."""
    runs: dict[Variant, list[Run]] = {variant: [] for variant in VARIANTS}
    for _ in range(times):
        for number, variant in enumerate(VARIANTS):
            runs[variant].append(run(variant.command, variant.directory, environment(folder / str(number))))
            on_run()
    return {variant: Runs(done) for variant, done in runs.items()}


def ratios(results: Mapping[Variant, Runs]) -> dict[str, dict[str, float]]:
    """Our synthesis with all checks as a multiple of each TypeScript variant."""
    ours = results[OURS]
    return {
        variant.name: {"wall": ours.wall / runs.wall, "processor": ours.processor / runs.processor}
        for variant, runs in results.items()
        if not variant.ours
    }


def phases(results: Mapping[Variant, Runs]) -> dict[str, float]:
    """Seconds of each phase of our synthesis, medians; a check's share is the difference that it makes."""

    def medians(variant: Variant) -> dict[str, float]:
        timed = [json.loads(done.output.splitlines()[-1]) for done in results[variant].runs]
        return {phase: median(run[phase] for run in timed) for phase in timed[0]}

    bare, nag, complete = (medians(variant) for variant in (OURS_BARE, OURS_NAG, OURS_PHASES))
    return {
        **bare,
        "cdk-nag": nag["synthesis"] - bare["synthesis"],
        "validation": complete["synthesis"] - nag["synthesis"],
    }


def tables(results: Mapping[Variant, Runs], resources: int) -> list[Table]:
    """The variants, the ratios and the phases."""
    variants = Table(title=f"Synthesis of {resources} resources, {len(results[OURS].runs)} runs each")
    for column in ("variant", "seconds, least", "seconds, median", "processor seconds, least"):
        variants.add_column(column, justify="left" if column == "variant" else "right")
    for variant, runs in results.items():
        variants.add_row(variant.name, f"{runs.wall:.2f}", f"{runs.median_wall:.2f}", f"{runs.processor:.2f}")
    compared = Table(title=f"Paved Road with all checks, times TypeScript without (the aim: at most {LIMIT})")
    for column in ("compared with", "seconds", "processor seconds"):
        compared.add_column(column, justify="left" if column == "compared with" else "right")
    for name, ratio in ratios(results).items():
        compared.add_row(name, f"{ratio['wall']:.1f}", f"{ratio['processor']:.1f}")
    timed = Table(title="Where our seconds go, medians")
    timed.add_column("phase")
    timed.add_column("seconds", justify="right")
    for phase, seconds in phases(results).items():
        timed.add_row(phase, f"{seconds:.2f}")
    return [variants, compared, timed]


def as_json(results: Mapping[Variant, Runs], resources: int) -> dict[str, Any]:
    """All figures."""
    return {
        "resources": resources,
        "limit": LIMIT,
        "variants": {
            variant.name: {
                "seconds": runs.wall,
                "median_seconds": runs.median_wall,
                "processor_seconds": runs.processor,
            }
            for variant, runs in results.items()
        },
        "ratios": ratios(results),
        "phases": phases(results),
    }


def as_markdown(results: Mapping[Variant, Runs], resources: int) -> str:
    """The tables as Markdown."""
    lines = ["# Results", "", "Written by `python benchmarks/synthesis.py --write`; README.md says what they mean.", ""]
    for table in tables(results, resources):
        headings = [str(column.header) for column in table.columns]
        cells = [list(column.cells) for column in table.columns]
        lines += [f"## {table.title}", "", f"| {' | '.join(headings)} |", "|---" + "|---:" * (len(headings) - 1) + "|"]
        lines += [f"| {' | '.join(map(str, row))} |" for row in zip(*cells, strict=True)]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
