"""How the form of a product changed: a value that a team gave once must stay good until the next major version."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pavedroad_platform.catalog.comparison.change import ProductChange, listed, major, minor, patch

Parameter = Mapping[str, Any]

_LOWER_LIMITS = {"MinValue": "numbers from {}", "MinLength": "texts of {} characters and more"}
_UPPER_LIMITS = {"MaxValue": "numbers up to {}", "MaxLength": "texts of up to {} characters"}
_TEXTS = {"Description": "help", "ConstraintDescription": "text about refused values"}


def parameter_changes(
    before: Mapping[str, Parameter], after: Mapping[str, Parameter], replacing: Collection[str]
) -> Iterator[ProductChange]:
    """Every difference between two forms.

    Args:
        before: The parameters of the release that teams have.
        after: The parameters of the release that they are to get.
        replacing: The parameters whose other value replaces a resource.
    """
    for name, parameter in before.items():
        if name not in after:
            yield major(f"parameter {name} is gone", f"Leave {name} out when you upgrade.")
            continue
        yield from _type_changes(name, parameter, after[name])
        yield from _value_changes(name, parameter, after[name])
        yield from _pattern_changes(name, parameter.get("AllowedPattern"), after[name].get("AllowedPattern"))
        yield from _limit_changes(name, parameter, after[name])
        yield from _default_changes(name, parameter, after[name], is_replacing=name in replacing)
        yield from _other_changes(name, parameter, after[name])
    for name in after:
        if name not in before:
            yield _new(name, after[name])


def _new(name: str, parameter: Parameter) -> ProductChange:
    if "Default" in parameter:
        return minor(f"parameter {name} is new; its default is {_shown(parameter['Default'])}")
    return major(f"parameter {name} is new and has no default", f"Give {name} a value when you upgrade.")


def _type_changes(name: str, before: Parameter, after: Parameter) -> Iterator[ProductChange]:
    old, new = before["Type"], after["Type"]
    if old == new:
        return
    what = f"parameter {name} is of type {new}, and was of type {old}"
    if _is_wider_type(old, new):
        yield minor(what)
    else:
        yield major(what, f"Check the value of {name}: it must be a {new}.")


def _is_wider_type(old: str, new: str) -> bool:
    """Whether a value of the old type is always one of the new, and means the same."""
    if "AWS::SSM::" in old:
        return False
    is_list = old.startswith("List<") or old == "CommaDelimitedList"
    return new == ("CommaDelimitedList" if is_list else "String")


def _value_changes(name: str, before: Parameter, after: Parameter) -> Iterator[ProductChange]:
    old, new = ([str(value) for value in it.get("AllowedValues", ())] for it in (before, after))
    if old == new:
        return
    if not old:
        yield major(f"parameter {name} takes only {listed(new)}; it took any value", _choose(name))
    elif not new:
        yield minor(f"parameter {name} takes any value, and not only {listed(old)}")
    else:
        lost, gained = [value for value in old if value not in new], [value for value in new if value not in old]
        if lost:
            yield major(f"parameter {name} lost the {_values(lost)}", _choose(name))
        if gained:
            yield minor(f"parameter {name} takes the {_values(gained)} too")
        if not lost and not gained:
            yield patch(f"parameter {name} offers its values in another order")


def _values(values: list[str]) -> str:
    return f"value{'s'[: len(values) != 1]} {listed(values)}"


def _choose(name: str) -> str:
    return f"Choose a value of {name} that is still allowed when you upgrade."


def _pattern_changes(name: str, old: str | None, new: str | None) -> Iterator[ProductChange]:
    if old == new:
        return
    if new is None:
        yield minor(f"parameter {name} has no pattern any more")
    elif old is None:
        yield major(f"parameter {name} must match the pattern {new}; it took any value", _matches(name))
    elif new.startswith(f"{old}|") or new.endswith(f"|{old}"):
        yield minor(f"parameter {name} may also match another pattern: {new}, and not only {old}")
    else:
        # Whether one expression takes all that another takes cannot be seen in general.
        yield major(f"parameter {name} must match another pattern: {new}, and not {old}", _matches(name))


def _matches(name: str) -> str:
    return f"Check that your value of {name} still matches when you upgrade."


def _limit_changes(name: str, before: Parameter, after: Parameter) -> Iterator[ProductChange]:
    for limits, is_lower in ((_LOWER_LIMITS, True), (_UPPER_LIMITS, False)):
        for limit, text in limits.items():
            old, new = before.get(limit), after.get(limit)
            if old == new:
                continue
            what = f"parameter {name} takes " + (text.format(new) if new is not None else "any size")
            what += f"; it took {text.format(old) if old is not None else 'any size'}"
            is_wider = new is None or (old is not None and (new < old if is_lower else new > old))
            yield minor(what) if is_wider else major(what, _choose(name))


def _default_changes(name: str, before: Parameter, after: Parameter, *, is_replacing: bool) -> Iterator[ProductChange]:
    old, new = before.get("Default"), after.get("Default")
    if old is None and new is not None:
        yield minor(f"parameter {name} has a default: {_shown(new)}")
    elif new is None and old is not None:
        yield major(
            f"parameter {name} lost its default {_shown(old)}",
            f"Give {name} a value; {_shown(old)} keeps what you have.",
        )
    elif str(old) != str(new):
        what = f"parameter {name} has the default {_shown(new)}, and had {_shown(old)}"
        advice = f"Keep your value of {name} when you upgrade; {_shown(old)} if you never gave one."
        # An update that leaves the parameter out takes the new default.
        yield major(f"{what}: another value replaces a resource", advice) if is_replacing else minor(what, advice)


def _other_changes(name: str, before: Parameter, after: Parameter) -> Iterator[ProductChange]:
    for attribute, text in _TEXTS.items():
        if before.get(attribute) != after.get(attribute):
            yield patch(f"parameter {name} has another {text}")
    if before.get("NoEcho") != after.get("NoEcho"):
        yield patch(f"parameter {name} is {'hidden' if after.get('NoEcho') else 'shown'} in the console")


def _shown(value: object) -> str:
    return str(value) if str(value) else "the empty text"
