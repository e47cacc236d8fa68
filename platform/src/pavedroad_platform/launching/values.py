"""The values of a form: read from options and files, and checked before anything is called."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching.form import Field, Form
from pavedroad_platform.launching.rules import broken_rules
from pavedroad_platform.organization.suggestions import instead_of

_NAME: Final = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}")
_SECTIONS: Final = ("parameters", "tags")

# How the ids of AWS-specific types begin.
_PREFIXES: Final = {
    "AWS::EC2::VPC::Id": "vpc-",
    "AWS::EC2::Subnet::Id": "subnet-",
    "AWS::EC2::SecurityGroup::Id": "sg-",
    "AWS::EC2::Image::Id": "ami-",
    "AWS::EC2::Instance::Id": "i-",
    "AWS::EC2::Volume::Id": "vol-",
}


def name_problems(name: str) -> list[Problem]:
    """What is wrong with the name of a launch."""
    if _NAME.fullmatch(name):
        return []
    cause = f"{name!r} is no name: letters, digits, '.', '_' and '-', at most 128, the first a letter or digit"
    return [Problem(path="NAME", cause=cause, fix="Choose another name, such as order-documents.")]


def from_settings(option: str, settings: Iterable[str]) -> dict[str, str]:
    """The values of an option such as ``--set Name=value``.

    Raises:
        PlatformError: There is no ``=`` in it, or a name stands twice.
    """
    values: dict[str, str] = {}
    problems = []
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            cause = f"{setting!r} has no '='" if not equals else f"{setting!r} has no name"
            problems.append(Problem(path=option, cause=cause, fix=f"Write {option} Name=value."))
        elif name in values:
            problems.append(Problem(path=option, cause=f"{name} is given twice", fix="Give it once."))
        values[name] = value
    if problems:
        raise PlatformError(*problems)
    return values


def from_file(file: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The parameters and tags in a YAML file, in its sections ``parameters`` and ``tags``.

    Raises:
        PlatformError: It cannot be read, or has another shape.
    """
    try:
        content = YAML(typ="rt").load(file.read_text())
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = Problem(file=file, line=line, cause=f"this is no YAML: {error.problem}", fix="Correct the line.")
        raise PlatformError(problem) from error
    except (OSError, UnicodeDecodeError) as error:
        raise PlatformError(Problem(file=file, cause=str(error), fix="Name a file that can be read.")) from error
    problems = list(_shape_problems(file, content))
    if problems:
        raise PlatformError(*problems)
    parameters, tags = (
        {str(name): _text(value) for name, value in ((content or {}).get(section) or {}).items()}
        for section in _SECTIONS
    )
    return parameters, tags


def _shape_problems(file: Path, content: Any) -> Iterator[Problem]:
    fix = "Write 'parameters:' and beneath it a line 'Name: value' for each; the same for 'tags:'."
    if content is None:
        return
    if not isinstance(content, CommentedMap):
        yield Problem(file=file, line=1, cause="it holds no sections", fix=fix)
        return
    for section, values in content.items():
        line = content.lc.key(section)[0] + 1
        if section not in _SECTIONS:
            yield Problem(file=file, line=line, path=str(section), cause="there is no such section", fix=fix)
        elif not isinstance(values, dict | None):
            yield Problem(file=file, line=line, path=section, cause="it holds no names with values", fix=fix)
        else:
            yield from _value_problems(file, section, values or {})


def _value_problems(file: Path, section: str, values: Any) -> Iterator[Problem]:
    for name, value in values.items():
        members = value if isinstance(value, list) else [value]
        if any(member is None or isinstance(member, dict | list) for member in members):
            line = values.lc.key(name)[0] + 1
            cause = "it has no value" if value is None else "a value is a text, a number or a list of them"
            fix = 'Write the value behind the name, "" for an empty one, or delete the line.'
            yield Problem(file=file, line=line, path=f"{section}.{name}", cause=cause, fix=fix)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def problems_of(
    form: Form, values: Mapping[str, str], tags: Mapping[str, str] | None, *, kept: Collection[str] = ()
) -> list[Problem]:
    """Everything that is wrong with the values of a launch.

    Args:
        form: The form.
        values: The values by the parameter's name.
        tags: The tags. ``None``: they stay as they are.
        kept: The parameters that keep the value of an earlier launch.
    """
    problems = []
    for name in values.keys() - form.fields.keys():
        fix = instead_of(name, form.fields)
        problems.append(Problem(path=name, cause="the form has no such parameter", fix=fix))
    for name, field in form.fields.items():
        if name in values:
            problems += value_problems(field, values[name])
        elif field.default is None and name not in kept:
            problems.append(Problem(path=name, cause="it needs a value", fix=f"Add --set {name}=...: {field.help}"))
    if tags is not None:
        problems += _tag_problems(form, tags)
    if not problems:
        fix = "Change one of the values that it names."
        known = {name: field.default for name, field in form.fields.items() if field.default is not None}
        known.update(values)
        judged = {name: value for name, value in known.items() if name in values or name not in kept}
        problems += [Problem(path="rule", cause=broken, fix=fix) for broken in broken_rules(form, judged)]
    order: list[str | None] = [*form.fields]
    return sorted(problems, key=lambda it: order.index(it.path) if it.path in order else -1)


def _tag_problems(form: Form, tags: Mapping[str, str]) -> Iterator[Problem]:
    for key, choices in form.tags.items():
        if key not in tags and len(choices) == 1:
            continue  # Service Catalog sets it
        if tags.get(key) not in choices:
            cause = f"{tags[key]!r} is not among the tag's values" if key in tags else "the tag has to be chosen"
            yield Problem(
                path=f"--tag {key}", cause=cause, fix=f"Add --tag {key}=VALUE. {instead_of(tags.get(key, ''), choices)}"
            )


def value_problems(field: Field, value: str) -> list[Problem]:
    """What is wrong with one value."""
    return [Problem(path=field.name, cause=cause, fix=fix) for cause, fix in _wrong(field, value)]


def _wrong(field: Field, value: str) -> Iterator[tuple[str, str]]:
    shown = "the value" if field.is_secret else repr(value)
    if field.allowed_values and value not in field.allowed_values:
        yield f"{shown} is not among its values", instead_of(value, field.allowed_values)
        return
    for member in _members(field, value):
        yield from _wrong_member(field, member, "the value" if field.is_secret else repr(member))
    for limit, (breaks, words) in _LENGTHS.items():
        if limit in field.limits and breaks(len(value), int(field.limits[limit])):
            yield (
                f"{shown} has {len(value)} characters",
                f"Give {words} {field.limits[limit]}. {_advice(field)}".strip(),
            )
    pattern = field.limits.get("AllowedPattern")
    if pattern and not _matches(pattern, value):
        yield f"{shown} does not match {pattern}", _advice(field) or "Give a value that matches."


def _wrong_member(field: Field, member: str, shown: str) -> Iterator[tuple[str, str]]:
    kind = _member_type(field.type)
    if kind == "Number":
        number = _number(member)
        if number is None:
            yield f"{shown} is no number", _advice(field) or "Give a number."
            return
        for limit, (breaks, words) in _RANGES.items():
            if limit in field.limits and breaks(number, float(field.limits[limit])):
                yield f"{shown} is out of range", f"Give {words} {field.limits[limit]}. {_advice(field)}".strip()
    prefix = _PREFIXES.get(kind)
    if prefix and not member.startswith(prefix):
        yield f"{shown} is no id of {kind.removesuffix('::Id')}", f"Give an id that begins with {prefix}"


_Breaks = Callable[[float, float], bool]
_RANGES: Final[Mapping[str, tuple[_Breaks, str]]] = {
    "MinValue": (lambda value, limit: value < limit, "a number not less than"),
    "MaxValue": (lambda value, limit: value > limit, "a number not greater than"),
}
_LENGTHS: Final[Mapping[str, tuple[_Breaks, str]]] = {
    "MinLength": (lambda value, limit: value < limit, "at least this many characters:"),
    "MaxLength": (lambda value, limit: value > limit, "at most this many characters:"),
}


def _advice(field: Field) -> str:
    return field.constraint or field.help


def _member_type(kind: str) -> str:
    return kind.removeprefix("List<").removesuffix(">") if kind.startswith("List<") else kind


def _members(field: Field, value: str) -> list[str]:
    return [part.strip() for part in value.split(",")] if field.type.startswith("List<") else [value]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:
        return True  # the patterns are Java's: what Python cannot read, CloudFormation judges
