"""The controls that a product meets: those of the constructs that its module is made of."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pavedroad
from pavedroad_platform.catalog import products
from pavedroad_platform.reporting.reference.constructs import controls
from pavedroad_platform.reporting.reference.markdown import table

_SOURCE = Path(products.__file__).resolve().parents[3]
_CATALOG = "pavedroad_platform.catalog"


def constructs_of(key: str) -> list[str]:
    """The exported constructs that the product's module imports, also by way of other modules of the catalogue."""
    return sorted(set(_imported(f"{_CATALOG}.products.{key.replace('-', '_')}", set())))


def controls_section(key: str) -> str:
    """The controls of each construct."""
    names = constructs_of(key)
    if not names:
        return ""
    link = "../reference/constructs.md"
    rows = [(f"[`{name}`]({link}#{name.lower()})", controls(name)) for name in names]
    told = (
        "Ids are those of AWS Foundational Security Best Practices unless they say CIS, NIST or nag (cdk-nag)."
        " Findings of\nthe checks that do not apply are [acknowledged](../reference/acknowledgments.md) with their"
        " reasons."
    )
    return f"## Controls\n\n{told}\n\n{table(('made of', 'controls'), rows)}"


def _imported(module: str, seen: set[str]) -> Iterator[str]:
    seen.add(module)
    path = _SOURCE / f"{module.replace('.', '/')}.py"
    for node in ast.walk(ast.parse(path.read_text())) if path.exists() else ():
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        if node.module.partition(".")[0] == pavedroad.__name__:
            yield from (alias.name for alias in node.names if alias.name in pavedroad.__all__)
        elif node.module.startswith(f"{_CATALOG}.") and node.module not in seen:
            yield from _imported(node.module, seen)
