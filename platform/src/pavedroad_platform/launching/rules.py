"""Judges the rules of a form with the values at hand, before CloudFormation does.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pavedroad_platform.launching.form import Form


class _UnknownError(Exception):
    """It depends on what only AWS knows, such as the network of a subnet."""


def broken_rules(form: Form, values: Mapping[str, str]) -> list[str]:
    """The descriptions of the assertions that are false; what only AWS can judge is left to it."""
    return [
        description
        for rule in form.rules
        if rule.condition is None or _judged(rule.condition, values) is True
        for assertion, description in zip(rule.assertions, rule.descriptions, strict=True)
        if _judged(assertion, values) is False
    ]


def _judged(expression: Any, values: Mapping[str, str]) -> bool | None:
    try:
        return bool(_value(expression, values))
    except _UnknownError:
        return None


def _value(expression: Any, values: Mapping[str, str]) -> Any:
    if isinstance(expression, list):
        return [_value(each, values) for each in expression]
    if not isinstance(expression, dict):
        return str(expression)
    ((function, argument),) = expression.items()
    if function == "Ref" and argument in values:
        return values[argument]
    if function not in _FUNCTIONS:
        raise _UnknownError(function)
    return _FUNCTIONS[function](_value(argument, values))


def _members(value: Any) -> list[str]:
    return value if isinstance(value, list) else [part.strip() for part in value.split(",")]


_FUNCTIONS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "Fn::And": all,
    "Fn::Or": any,
    "Fn::Not": lambda argument: not argument[0],
    "Fn::Equals": lambda argument: argument[0] == argument[1],
    "Fn::Contains": lambda argument: argument[1] in _members(argument[0]),
    "Fn::EachMemberEquals": lambda argument: all(each == argument[1] for each in _members(argument[0])),
    "Fn::EachMemberIn": lambda argument: set(_members(argument[0])) <= set(_members(argument[1])),
}
