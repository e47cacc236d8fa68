"""The page of every construct of the library, from the docstrings; nothing is imported, for the CDK takes seconds."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pavedroad
from pavedroad_platform.reporting.reference.markdown import GENERATED, inline_code, table

_INTRODUCTION = """# Constructs

What `pavedroad` exports. Every construct takes its scope and its id first, then the arguments below by name.
"""
_SECTION = re.compile(r"^(Args|Attributes|Raises|Controls|Source|Example):[ \n]*", re.MULTILINE)
_ENTRY = re.compile(r"^    (\w+): (.*(?:\n {8,}.*)*)", re.MULTILINE)
_SOURCE = Path(pavedroad.__file__).parent
_NOT_NAMED = ("self", "scope", "construct_id")


def construct_reference() -> str:
    """The whole page."""
    return "\n".join([GENERATED, _INTRODUCTION, *map(_construct, pavedroad.__all__)])


def controls(name: str) -> str:
    """The controls that the construct ``name`` meets, as its docstring has them."""
    return inline_code(_split(ast.get_docstring(_class_of(name)) or "")[1]["Controls"])


def module_of(name: str) -> str:
    """The module that has the construct ``name``."""
    imports = (
        node for node in ast.walk(ast.parse((_SOURCE / "__init__.py").read_text())) if isinstance(node, ast.ImportFrom)
    )
    return next(str(node.module) for node in imports if name in {alias.name for alias in node.names})


def _construct(name: str) -> str:
    module, made = module_of(name), _class_of(name)
    what, sections = _split(ast.get_docstring(made) or "")
    arguments = [
        (f"`{argument}`", f"`{kind}`", text)
        for (argument, text), kind in _with_types(sections["Args"], made)
        if argument not in _NOT_NAMED
    ]
    attributes = [(f"`{attribute}`", text) for attribute, text in _entries(sections["Attributes"])]
    return "\n".join(
        [
            f"## {name}\n",
            f"`from {module} import {name}`, or short `from pavedroad import {name}`\n",
            f"{what.replace('``', '`')}\n",
            f"### Arguments of {name}\n",
            table(("argument", "type", "meaning"), arguments),
            f"### Attributes of {name}\n",
            table(("attribute", "meaning"), attributes),
            *_method_section(name, list(_methods(made))),
            f"**Controls:** {inline_code(sections['Controls'])}\n",
        ]
    )


def _method_section(name: str, methods: list[tuple[str, ...]]) -> list[str]:
    return [f"### Methods of {name}\n", table(("method", "meaning"), methods)] if methods else []


def _class_of(name: str) -> ast.ClassDef:
    tree = ast.parse((_SOURCE.parent / f"{module_of(name).replace('.', '/')}.py").read_text())
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)


def _split(docstring: str) -> tuple[str, dict[str, str]]:
    what, *parts = _SECTION.split(docstring)
    return what.strip(), dict(zip(parts[::2], parts[1::2], strict=True))


def _entries(section: str) -> Iterator[tuple[str, str]]:
    # The pattern that ends a section's heading took the first indentation with it.
    for name, text in _ENTRY.findall(f"    {section.lstrip()}"):
        yield name, inline_code(text)


def _with_types(section: str, made: ast.ClassDef) -> Iterator[tuple[tuple[str, str], str]]:
    (start,) = (node for node in made.body if isinstance(node, ast.FunctionDef) and node.name == "__init__")
    types = {
        argument.arg: ast.unparse(argument.annotation) if argument.annotation else ""
        for argument in (*start.args.args, *start.args.kwonlyargs)
    }
    for name, text in _entries(section):
        yield (name, text), types[name]


def _methods(made: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for node in made.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not node.decorator_list:
            arguments = [each.arg for each in (*node.args.args[1:], *node.args.kwonlyargs)]
            meaning = (ast.get_docstring(node) or "").partition("\n\n")[0]
            yield f"`{node.name}({', '.join(arguments)})`", inline_code(meaning)
