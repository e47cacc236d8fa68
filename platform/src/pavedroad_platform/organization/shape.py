"""Checks one file against its model and says what does not fit in the words of the file, not of the model."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization.document import Node, Place, dotted
from pavedroad_platform.organization.models import KEY_FIELD, PATTERNS, Model
from pavedroad_platform.organization.suggestions import instead_of

_MAPPING_KEY: Final = "[key]"  # pydantic's word for "the key itself is wrong"


def shape_problems(root: Node, model: type[Model], error: ValidationError) -> list[Problem]:
    """Each thing in a file that does not fit the model, as a problem at its place.

    Args:
        root: The file.
        model: What it should be.
        error: What pydantic says of it.
    """
    details = [item for item in error.errors(include_url=False, include_input=False) if KEY_FIELD not in item["loc"]]
    return [_problem(root, model, item) for item in details if not _follows(item, details)]


def _follows(details: ErrorDetails, others: list[ErrorDetails]) -> bool:
    """Whether something follows from another mistake: a list is short of its wrong item, a setting is misspelt."""
    place = details["loc"]
    if details["type"] == "too_short":
        return any(other["loc"][: len(place)] == place and other is not details for other in others)
    if details["type"] == "missing":
        beside = [other["loc"] for other in others if other["type"] == "extra_forbidden"]
        misspelt = [str(other[-1]) for other in beside if other[:-1] == place[:-1]]
        return bool(get_close_matches(str(place[-1]), misspelt))
    return False


@dataclass(frozen=True)
class _Misfit:
    node: Node
    name: str
    meaning: str
    is_required: bool
    settings: list[str]
    limits: Mapping[str, Any]
    message: str

    @property
    def text(self) -> str:
        """What stands there, as one would type it."""
        return self.node.text

    @property
    def found(self) -> str:
        """What stands there, in words."""
        match self.node.value:
            case None:
                return "nothing stands here"
            case bool():
                return f"{self.text} is a switch"
            case int() | float():
                return f"{self.text} is a number"
            case str():
                return f'"{self.text}" is a text'
            case list():
                return "a list stands here"
            case _:
                return "settings stand here"

    def typed(self, value: str) -> str:
        """How to type ``value`` here."""
        return value if self.name.isdigit() else f"{self.name}: {value}"


def _problem(root: Node, model: type[Model], details: ErrorDetails) -> Problem:
    place: Place = tuple(part for part in details["loc"] if part != _MAPPING_KEY)
    owner, field = _field_at(model, place)
    misfit = _Misfit(
        node=root.at(place),
        name=str(place[-1]) if place else root.file.name,
        meaning=_meaning(field),
        is_required=field is None or field.is_required(),
        settings=[name for name in owner.model_fields if name != "key"],
        limits=details.get("ctx", {}),
        message=details["msg"],
    )
    kind = f"key_{details['type']}" if _MAPPING_KEY in details["loc"] else details["type"]
    cause, fix = _WORDS.get(kind, _other)(misfit)
    found = misfit.node.problem(cause, fix)
    return Problem(cause=cause, fix=fix, file=found.file, line=found.line, path=dotted(place) or None)


def _field_at(model: type[Model], place: Place) -> tuple[type[Model], FieldInfo | None]:
    """The field at ``place`` and the model that has it; the field is ``None`` where the model has none of that name."""
    owner = model
    field: FieldInfo | None = None
    annotation: Any = model
    for part in place:
        if isinstance(annotation, type) and issubclass(annotation, Model):
            owner, field = annotation, annotation.model_fields.get(str(part))
            annotation = field.annotation if field else None
        else:
            # The last argument that is a type: the items of a mapping or a list.
            annotation = next((item for item in reversed(get_args(annotation)) if item is not Ellipsis), None)
    return owner, field


def _meaning(field: FieldInfo | None) -> str:
    """The first sentence of a field's description."""
    description = field.description if field else None
    return re.split(r"(?<=\.)\s", (description or "").replace("``", ""))[0]


def _missing(misfit: _Misfit) -> tuple[str, str]:
    return f"{misfit.name} is missing", f"Add {misfit.name} here. {misfit.meaning}"


def _unknown(misfit: _Misfit) -> tuple[str, str]:
    return f"there is no setting {misfit.name} here", instead_of(misfit.name, misfit.settings)


def _no_text(misfit: _Misfit) -> tuple[str, str]:
    if misfit.node.value is None and not misfit.is_required:
        return "nothing stands here, and a text is needed", f"Write one or leave {misfit.name} out. {misfit.meaning}"
    if isinstance(misfit.node.value, bool | int | float):
        cause = f"{misfit.found} because it stands without quotes, and a text is needed"
        quoted = f'"{misfit.text}"'
        return cause, f"Write {misfit.typed(quoted)}"
    return f"{misfit.found}, and a text is needed", f"Write a text. {misfit.meaning}"


def _no_number(misfit: _Misfit) -> tuple[str, str]:
    cause = f"{misfit.found}, and a whole number is needed"
    if re.fullmatch(r"[0-9]+", misfit.text):
        return cause, f"Write {misfit.typed(misfit.text)}, without quotes."
    return cause, f"Write a whole number. {misfit.meaning}"


def _no_switch(misfit: _Misfit) -> tuple[str, str]:
    return f"{misfit.found}, and true or false is needed", f"Write true or false, without quotes. {misfit.meaning}"


def _no_list(misfit: _Misfit) -> tuple[str, str]:
    cause = f"{misfit.found}, and a list is needed"
    if misfit.text and isinstance(misfit.node.value, str):
        return cause, f"Write {misfit.name}: [{misfit.text}]"
    return cause, f"Write {misfit.name}: [first, second], or each item in a line of its own after a hyphen."


def _no_settings(misfit: _Misfit) -> tuple[str, str]:
    cause = f"{misfit.found}, and settings are needed"
    if misfit.node.value is None:
        return cause, f"Write them beneath {misfit.name}, indented by two spaces, or {{}} if there are none."
    if isinstance(misfit.node.value, list):
        return cause, "Write each item beneath a key of its own, such as orders:, instead of after a hyphen."
    return cause, "Write each setting in a line of its own, as its name, a colon and its value."


def _no_choice(misfit: _Misfit) -> tuple[str, str]:
    found = misfit.found if misfit.node.value is None else f"{misfit.text or 'this'} is not one of the choices"
    return found, instead_of(misfit.text, _choices(misfit))


def _no_known_key(misfit: _Misfit) -> tuple[str, str]:
    return f"{misfit.name} is not one of the choices", instead_of(misfit.name, _choices(misfit))


def _choices(misfit: _Misfit) -> list[str]:
    return re.findall(r"'([^']*)'", misfit.limits["expected"])


def _no_pattern(misfit: _Misfit) -> tuple[str, str]:
    return f'"{misfit.text}" has the wrong form', f"Write {PATTERNS[misfit.limits['pattern']]}."


def _no_key(misfit: _Misfit) -> tuple[str, str]:
    words = re.findall(r"[a-z0-9]+", misfit.name.lower())
    proposal = "-".join(words).lstrip("0123456789-")
    example = f", such as {proposal}" if proposal else ""
    return f'"{misfit.name}" cannot be a key', f"Write {PATTERNS[misfit.limits['pattern']]}{example}."


def _long_key(misfit: _Misfit) -> tuple[str, str]:
    most = misfit.limits["max_length"]
    return f"the key has {len(misfit.name)} letters, and AWS has room for {most}", "Write a shorter one."


def _short_text(_: _Misfit) -> tuple[str, str]:
    return "the text is empty", "Write at least one letter."


def _long_text(misfit: _Misfit) -> tuple[str, str]:
    most = misfit.limits["max_length"]
    return f"the text has {len(misfit.text)} letters, and AWS allows {most}", f"Write at most {most} letters."


def _low(misfit: _Misfit) -> tuple[str, str]:
    least = misfit.limits["ge"]
    return f"{misfit.text} is less than {least}", f"Write {least} or more. {misfit.meaning}"


def _high(misfit: _Misfit) -> tuple[str, str]:
    most = misfit.limits["le"]
    return f"{misfit.text} is more than {most}", f"Write {most} or less. {misfit.meaning}"


def _few(misfit: _Misfit) -> tuple[str, str]:
    return "nothing is listed here", f"List at least {misfit.limits['min_length']}. {misfit.meaning}"


def _many(misfit: _Misfit) -> tuple[str, str]:
    most = misfit.limits["max_length"]
    return f"{len(misfit.node.value)} are listed here, and AWS allows {most}", f"List at most {most}."


def _other(misfit: _Misfit) -> tuple[str, str]:
    return misfit.message, f"Write what is meant here. {misfit.meaning}".rstrip()


_WORDS: Final[Mapping[str, Callable[[_Misfit], tuple[str, str]]]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "string_type": _no_text,
    "int_type": _no_number,
    "bool_type": _no_switch,
    "tuple_type": _no_list,
    "mapping_type": _no_settings,
    "dict_type": _no_settings,
    "model_type": _no_settings,
    "enum": _no_choice,
    "literal_error": _no_choice,
    "string_pattern_mismatch": _no_pattern,
    "string_too_short": _short_text,
    "string_too_long": _long_text,
    "greater_than_equal": _low,
    "less_than_equal": _high,
    "too_short": _few,
    "too_long": _many,
    "key_enum": _no_known_key,
    "key_string_pattern_mismatch": _no_key,
    "key_string_too_long": _long_key,
}
