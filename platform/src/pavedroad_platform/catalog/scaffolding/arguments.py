"""The curated arguments of a construct, read from its source: types, defaults, texts, limits and example values."""

import ast
import doctest
import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

_ENTRY: Final = re.compile(r"^    (\w+): (.*(?:\n {8,}.*)*)", re.MULTILINE)
_REQUIRED: Final = object()
_CHECKS: Final = ("between", "matches", "one_of")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the construct refuses, which a form has to refuse in its place: at launch no construct runs.

    Attributes:
        least: The smallest number.
        most: The largest number.
        unit: The unit of the numbers, where the construct names it.
        pattern: What a text must match.
        words: What that means.
        allowed: The only values.
    """

    least: int | None = None
    most: int | None = None
    unit: str = ""
    pattern: str | None = None
    words: str = ""
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Argument:
    """An argument.

    Attributes:
        name: Its name.
        annotation: Its type as the source has it.
        text: What the docstring says of it.
        default: Its default; ``None`` stands for left out.
        is_required: Whether it has no default.
        example: The value in the docstring's example; ``None`` where it has none that is a text or a number.
        limits: What the construct refuses.
    """

    name: str
    annotation: str
    text: str
    default: Any = None
    is_required: bool = False
    example: str | float | None = None
    limits: Limits = field(default_factory=Limits)


def arguments_of(construct: type) -> list[Argument]:
    """The arguments that ``construct`` takes by name."""
    module = import_module(construct.__module__)
    tree = ast.parse(inspect.getsource(module))
    made = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == construct.__name__)
    start = next(node for node in made.body if isinstance(node, ast.FunctionDef) and node.name == "__init__")
    texts = dict(_texts(inspect.getdoc(construct) or ""))
    examples = _examples(construct)
    limits = dict(_limits(start, vars(module)))
    found = []
    for argument, default in zip(start.args.kwonlyargs, start.args.kw_defaults, strict=True):
        value = _REQUIRED if default is None else _value(default, vars(module))
        found.append(
            Argument(
                name=argument.arg,
                annotation=ast.unparse(argument.annotation) if argument.annotation else "",
                text=texts.get(argument.arg, ""),
                default=None if value is _REQUIRED else value,
                is_required=value is _REQUIRED,
                example=examples.get(argument.arg),
                limits=limits.get(argument.arg, Limits()),
            )
        )
    return found


def _texts(docstring: str) -> Iterator[tuple[str, str]]:
    section = docstring.partition("\nArgs:\n")[2].partition("\n\n")[0]
    for name, text in _ENTRY.findall(section):
        yield name, " ".join(text.replace("``", "").split())


def _examples(construct: type) -> dict[str, str | float]:
    source = "".join(each.source for each in doctest.DocTestParser().get_examples(construct.__doc__ or ""))
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    call = next(node for node in calls if isinstance(node.func, ast.Name) and node.func.id == construct.__name__)
    values = {it.arg: it.value.value for it in call.keywords if it.arg and isinstance(it.value, ast.Constant)}
    return {name: value for name, value in values.items() if isinstance(value, str | int | float)}


def _limits(start: ast.FunctionDef, names: Mapping[str, Any]) -> Iterator[tuple[str, Limits]]:
    """What the initialiser checks of each argument, where its source says it in values that are known."""
    for node in ast.walk(start):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in _CHECKS:
            continue
        if not isinstance(node.func.value, ast.Name) or node.func.value.id != "arguments":
            continue
        values = [value for part in node.args for value in _values(part, names)]
        if isinstance(values[0], str):
            name, _, unit = values[0].partition(" (")
            yield name, _limit(node.func.attr, values[2:], unit.rstrip(")"))


def _limit(check: str, values: list[Any], unit: str) -> Limits:
    match check, values:
        case "between", [int() as least, int() as most]:
            return Limits(least=least, most=most, unit=unit)
        case "matches", [str() as pattern, str() as words]:
            return Limits(pattern=pattern, words=words)
        case "one_of", [tuple() | list() | set() | frozenset() | dict() as allowed]:
            return Limits(allowed=tuple(sorted(map(str, allowed))))
    return Limits()


def _values(part: ast.expr, names: Mapping[str, Any]) -> list[Any]:
    """The value of a part of a call; those of a sequence that is unpacked; ``None`` where it is not known."""
    if isinstance(part, ast.Starred):
        value = _value(part.value, names)
        return list(value) if isinstance(value, tuple | list) else [None]
    return [_value(part, names)]


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None
