"""What a module offers, without how: its source with private names, docstrings and bodies left out."""

import ast
from collections.abc import Iterator

_DUNDER = "__"


def outline(source: str) -> str:
    """The outline of a module: imports, constants, and the signatures of what is public, with their defaults.

    Example:
        >>> outline("def area(side: int = 2) -> int:\\n    return side * side")
        'def area(side: int=2) -> int:\\n    ...\\n'
    """
    module = ast.parse(source)
    module.body = list(_statements(module.body))
    return ast.unparse(ast.fix_missing_locations(module)) + "\n"


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        match statement:
            case ast.Expr(value=ast.Constant()):
                continue  # a docstring
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) if _is_private(name):
                continue
            case ast.FunctionDef():
                statement.body = list(_attributes(statement)) if statement.name == "__init__" else []
                statement.body = statement.body or [ast.Expr(ast.Constant(...))]
            case ast.ClassDef():
                statement.body = list(_statements(statement.body)) or [ast.Expr(ast.Constant(...))]
        yield statement


def _attributes(initializer: ast.FunctionDef) -> Iterator[ast.stmt]:
    """Each public attribute that the initializer sets, once."""
    names = {
        node.attr: None
        for node in ast.walk(initializer)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and not _is_private(node.attr)
    }
    for name in sorted(names):
        target = ast.Attribute(ast.Name("self", ast.Load()), name, ast.Store())
        yield ast.Assign([target], ast.Constant(...))


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith(_DUNDER)
