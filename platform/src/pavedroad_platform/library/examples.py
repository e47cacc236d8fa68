"""Runs the example in a construct's docstring."""

import ast
import builtins
import doctest
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

from aws_cdk import Stack

import pavedroad
from pavedroad_platform.clean_app import clean_app
from pavedroad_platform.library.surroundings import PROVIDED, provide


def example_stack(name: str) -> tuple[Stack, dict[str, Any]]:
    """The stack that the example of the construct ``name`` makes, and its template.

    Raises:
        ValueError: The construct has no example, or its example does not make one.
        LookupError: The example uses a name that nothing provides.
    """
    construct = getattr(pavedroad, name)
    with TemporaryDirectory(prefix="pavedroad-example-") as directory:
        app = clean_app(directory)
        stack = Stack(app, "Example")
        run_example(source_of(construct), stack, construct.__module__)
        if not any(isinstance(node, construct) for node in stack.node.find_all()):
            raise ValueError(f"the example of {name} does not make one")
        template: dict[str, Any] = app.synth().get_stack_by_name("Example").template
    return stack, template


def source_of(construct: type) -> str:
    """The example in the docstring of ``construct``.

    Raises:
        ValueError: There is none.
    """
    examples = doctest.DocTestParser().get_examples(construct.__doc__ or "")
    if not examples:
        raise ValueError(f"{construct.__name__} has no example (lines with >>>) in its docstring")
    return "".join(example.source for example in examples)


def run_example(source: str, stack: Stack, home: str) -> None:
    """Run an example with what it uses provided; its module ``home`` provides what stands beside the construct.

    Raises:
        LookupError: It uses a name that nothing provides.
    """
    module = vars(import_module(home))
    namespace = {
        name: module[name] if name in module and name not in PROVIDED else provide(name, stack)
        for name in _free_names(source)
    }
    exec(compile(source, f"<example of {home}>", "exec"), namespace)  # noqa: S102 - our own docstrings


def _free_names(source: str) -> list[str]:
    """The names that the source uses and does not make itself, in the order of their use."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    made |= {
        alias.asname or alias.name.partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    used = dict.fromkeys(node.id for node in names if isinstance(node.ctx, ast.Load))
    return [name for name in used if name not in made and not hasattr(builtins, name)]
