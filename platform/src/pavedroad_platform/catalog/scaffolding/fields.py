"""The fields of a form, each from a curated argument of a construct."""

import re
from dataclasses import dataclass
from typing import Final

from pavedroad_platform.catalog.ownership import OWNERSHIP_PARAMETERS
from pavedroad_platform.catalog.product import Parameter
from pavedroad_platform.catalog.scaffolding.arguments import Argument
from pavedroad_platform.organization.names import pascal_case

_UNITS: Final = "seconds|minutes|hours|days"
_LEFT_OUT: Final = re.compile(rf"Left out: (?:an? )?([\d,]+)(?: ({_UNITS}))?\b")
_OF_NOTHING: Final = re.compile(r"\s*Left out: [^.]*(?:\.(?=\S)[^.]*)*\.")
_NUMBERS: Final = ("int", "float", "int | None", "float | None")
_DURATIONS: Final = ("Duration", "Duration | None")
_ZONE: Final = "AWS::EC2::AvailabilityZone::Name"


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of the form, and how the construct gets its value.

    Attributes:
        argument: The argument that it sets.
        parameter: The parameter.
        expression: The Python that makes the argument of ``parameters``.
    """

    argument: str
    parameter: Parameter
    expression: str


def field_of(argument: Argument, group: str) -> Field | None:
    """The field of an argument; ``None`` where a value that is known at launch only cannot stand for it.

    A truth and a member of an enumeration are decided in Python while the template is made. An optional text means
    something else when it is left out than when it is empty.
    """
    if argument.annotation in _DURATIONS:
        return _duration(argument, group)
    if argument.annotation in _NUMBERS:
        return _number(argument, group)
    if argument.annotation == "str" or argument.annotation.startswith("Literal["):
        return _text(argument, group)
    return None


def _duration(argument: Argument, group: str) -> Field | None:
    left_out = _LEFT_OUT.search(argument.text)
    unit = (left_out[2] if left_out else "") or argument.limits.unit
    if left_out is None or not unit or argument.limits.unit not in ("", unit):
        return None
    name = f"{_name(argument)}{unit.capitalize()}"
    value = f'parameters["{name}"].value_as_number'
    parameter = _parameter(argument, group, name=name, default=_integer(left_out[1]), label=f" in {unit}")
    return Field(argument=argument.name, parameter=parameter, expression=f"Duration.{unit}({value})")


def _number(argument: Argument, group: str) -> Field | None:
    left_out, default = _LEFT_OUT.search(argument.text), argument.default
    if default is None and left_out and not left_out[2]:
        default = _integer(left_out[1])
    example = argument.example if argument.is_required else None
    if not str(example if default is None else default).isdigit():
        return None
    name = _name(argument)
    value = f'parameters["{name}"].value_as_number'
    if argument.annotation.startswith("int"):
        value = f'cast("int", {value})'  # the CDK holds the place of every number with a float
    return Field(
        argument=argument.name,
        parameter=_parameter(
            argument,
            group,
            name=name,
            default=None if default is None else int(default),
            example=None if default is not None else str(example),
        ),
        expression=value,
    )


def _text(argument: Argument, group: str) -> Field | None:
    default = argument.default if isinstance(argument.default, str) and argument.default else None
    example = argument.example if argument.is_required and isinstance(argument.example, str) else None
    if default is None and example is None:
        return None
    name = _name(argument)
    allowed = argument.limits.allowed or tuple(re.findall(r"'([^']+)'", argument.annotation))
    words = argument.limits.words or f"one of {', '.join(allowed)}"
    is_zone = argument.name == "availability_zone"
    parameter = Parameter(
        name=name,
        label=_label(argument.name),
        group=group,
        help=_help(argument),
        type=_ZONE if is_zone else "String",
        default=default,
        example=example,
        allowed_values=allowed,
        pattern=None if is_zone else argument.limits.pattern,
        constraint=f"{words[0].upper()}{words[1:]}." if allowed or (argument.limits.pattern and not is_zone) else None,
    )
    return Field(argument=argument.name, parameter=parameter, expression=f'parameters["{name}"].value_as_string')


def _parameter(
    argument: Argument,
    group: str,
    *,
    name: str,
    default: int | None,
    example: str | None = None,
    label: str = "",
) -> Parameter:
    return Parameter(
        name=name,
        label=f"{_label(argument.name)}{label}",
        group=group,
        help=_help(argument),
        type="Number",
        default=default,
        example=example,
        minimum=argument.limits.least,
        maximum=argument.limits.most,
    )


def _name(argument: Argument) -> str:
    name = pascal_case(argument.name.replace("_", "-"))
    return f"{name}Value" if name in {parameter.name for parameter in OWNERSHIP_PARAMETERS} else name


def _integer(text: str) -> int:
    return int(text.replace(",", ""))


def _label(name: str) -> str:
    words = name.replace("_", " ")
    return f"{words[0].upper()}{words[1:]}"


def _help(argument: Argument) -> str:
    text = _OF_NOTHING.sub("", argument.text).strip() or _label(argument.name)
    return text if text.endswith(".") else f"{text}."
