"""Compares one application built with `Application` and in plain CDK: lines, resources, findings.

    python benchmarks/application_comparison.py [--check] [--json]

Both programs stand in benchmarks/application/; the page is docs/reference/application-comparison.md.
"""

import argparse
import ast
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pavedroad_platform.bundled_node import use_bundled_node

use_bundled_node()  # before the CDK is imported

import aws_cdk as cdk  # noqa: E402

from pavedroad_platform.checks.assembly import read_assembly  # noqa: E402
from pavedroad_platform.checks.cloudformation import CfnLint  # noqa: E402
from pavedroad_platform.checks.findings import Check, FinishedTemplate  # noqa: E402
from pavedroad_platform.checks.nag import NagPacks  # noqa: E402
from pavedroad_platform.clean_app import clean_app  # noqa: E402
from pavedroad_platform.library.surroundings import provide  # noqa: E402
from pavedroad_platform.reporting.reference.markdown import table  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / "benchmarks" / "application"
PAGE = ROOT / "docs" / "reference" / "application-comparison.md"
REGION = "eu-west-1"
TITLES = {"paved_road": "Application", "plain_cdk": "plain CDK"}
CHECKS = {
    "cdk-nag, AwsSolutions": "AwsSolutions-",
    "cdk-nag, NIST 800-53 r5": "NIST.800.53.R5-",
    "cfn-lint": "cfn-lint::",
}

_TEXT = """\
<!-- Written by `python benchmarks/application_comparison.py`; change the programs, then run it again. -->
# One application, twice

A web service on Fargate with an Aurora database, a bucket, a pipeline, alarms, a dashboard, a budget and backups: once
with `Application`, once in plain CDK as an engineer would write it, with the defaults of the CDK's constructs and no
hardening beyond the obvious. Both are given the same network, certificate and image repository, and have the feature
flags of this project.

{comparison}
More resources are not better by themselves; the last tables say which they are. The program in plain CDK leaves out the
objective with its error budget, a web firewall, access logs, a key of its own and messages about failed deliveries. An
acknowledged finding is one that does not apply; the [reasons](acknowledgments.md) stand in the constructs.

{programs}
## Findings by rule

{rules}
## Resources by type

{types}"""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one program takes and makes.

    Attributes:
        lines: Lines of code, without imports, comments, docstrings and empty lines.
        resources: Resources in the template.
        findings: Findings that nobody answered, by check.
        acknowledged: Findings that are acknowledged with a reason, by check.
        rules: The rules behind ``findings``, with how often each was broken.
    """

    lines: int
    resources: int
    types: Mapping[str, int]
    findings: Mapping[str, int]
    acknowledged: Mapping[str, int]
    rules: Mapping[str, int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and write the page or check it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the page is not current")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    results = {name: measure(name) for name in TITLES}
    page = written(results)
    is_current = PAGE.is_file() and PAGE.read_text() == page
    if not (options.check or is_current):
        PAGE.write_text(page)
    if options.json:
        print(json.dumps({name: vars(result) for name, result in results.items()}, indent=2))
    else:
        print(comparison(results), end="")
    if options.check and not is_current:
        print(
            f"{PAGE.relative_to(ROOT)} is not current: run python {Path(__file__).relative_to(ROOT)}", file=sys.stderr
        )
        return 1
    return 0


def measure(name: str) -> Result:
    """Synthesise one program and run the checks on its template."""
    template = template_of(import_module(f"application.{name}").orders)
    checks: tuple[Check, ...] = (NagPacks(), CfnLint([REGION]))
    found = [finding for check in checks for finding in check.run([template])]
    answered = [finding for finding in found if template.answer_to(finding)]
    open_ones = [finding for finding in found if not template.answer_to(finding)]
    types = [resource["Type"] for resource in template.resources.values()]
    return Result(
        lines=lines_of((PROGRAMS / f"{name}.py").read_text()),
        resources=len(types),
        types=dict(sorted(Counter(types).items())),
        findings=_by_check([finding.rule for finding in open_ones]),
        acknowledged=_by_check([finding.rule for finding in answered]),
        rules=dict(sorted(Counter(finding.rule.partition("[")[0] for finding in open_ones).items())),
    )


def template_of(program: Callable[..., None]) -> FinishedTemplate:
    """The template that a program makes in the surroundings that both are given."""
    with TemporaryDirectory(prefix="pavedroad-comparison-") as directory:
        app = clean_app(directory)
        stack = cdk.Stack(app, "Orders")
        from aws_cdk import aws_ecr as ecr

        images = ecr.Repository.from_repository_name(stack, "Images", "shop/orders")
        program(stack, vpc=provide("vpc", stack), certificate=provide("certificate", stack), images=images)
        app.synth()
        (template,) = read_assembly(Path(directory))
    return template


def lines_of(source: str) -> int:
    """Lines of code, without imports, comments, docstrings and empty lines."""
    module = ast.parse(source)
    left_out: set[int] = set()
    for node in ast.walk(module):
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Import | ast.ImportFrom) or is_docstring:
            left_out |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(source.splitlines(), start=1)
    return sum(bool(line.strip()) and not line.strip().startswith("#") for at, line in lines if at not in left_out)


def comparison(results: Mapping[str, Result]) -> str:
    """The table."""
    rows: list[tuple[str, Callable[[Result], Any]]] = [
        ("lines of code, without imports", lambda result: result.lines),
        ("resources made", lambda result: result.resources),
    ]
    rows += [(f"findings of {check}", lambda result, check=check: result.findings[check]) for check in CHECKS]
    rows += [("findings acknowledged with a reason", lambda result: sum(result.acknowledged.values()))]
    return table(
        ["", *TITLES.values()], [(what, *(str(value(results[name])) for name in TITLES)) for what, value in rows]
    )


def written(results: Mapping[str, Result]) -> str:
    """The page."""
    programs = "\n".join(
        f"## {TITLES[name][0].upper()}{TITLES[name][1:]}\n\n```python\n{(PROGRAMS / f'{name}.py').read_text()}```\n"
        for name in TITLES
    )
    return _TEXT.format(
        comparison=comparison(results),
        types=table(["type", *TITLES.values()], _counts([result.types for result in results.values()])),
        rules=table(["rule", *TITLES.values()], _counts([result.rules for result in results.values()])),
        programs=programs,
    )


def _counts(counted: Sequence[Mapping[str, int]]) -> list[tuple[str, ...]]:
    """A row for each name that was counted, with how often each program has it."""
    names = sorted({name for counts in counted for name in counts})
    return [(f"`{name}`", *(str(counts.get(name, 0)) for counts in counted)) for name in names]


def _by_check(rules: Sequence[str]) -> dict[str, int]:
    return {check: sum(rule.startswith(prefix) for rule in rules) for check, prefix in CHECKS.items()}


if __name__ == "__main__":
    raise SystemExit(main())
