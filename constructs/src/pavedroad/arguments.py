"""Checks a construct's arguments and tells all that is wrong with them at once.

Every check passes a token (a CloudFormation parameter or attribute): its value is not known at synth, and an unresolved
number would compare as a huge negative one.
"""

import re
from collections.abc import Collection

from aws_cdk import Token
from constructs import Construct


class InvalidArgumentsError(ValueError):
    """One or more arguments of a construct cannot work; the message names each, its value and what is allowed."""


class Arguments:
    """Collects what is wrong with the arguments of one construct.

    Args:
        construct: The construct whose arguments are checked; its class and path stand in the error.

    Example:
        >>> arguments = Arguments(self)
        >>> arguments.between("backup_retention_days", backup_retention_days, 7, 35)
        >>> arguments.one_of("destination", destination, ("bucket", "log-group"))
        >>> arguments.check()
    """

    def __init__(self, construct: Construct) -> None:
        self._construct = construct
        self._problems: list[str] = []

    def between(self, name: str, value: float | None, low: float, high: float) -> None:
        """Refuse a number outside ``low`` to ``high``, both included; ``None`` (left out) passes."""
        if value is None or Token.is_unresolved(value) or low <= value <= high:
            return
        self.refuse(name, value, f"must be from {low} to {high}")

    def one_of(self, name: str, value: str | None, allowed: Collection[str]) -> None:
        """Refuse a value that is not among ``allowed``; ``None`` (left out) passes."""
        if value is None or value in allowed or Token.is_unresolved(value):
            return
        self.refuse(name, value, f"must be one of {', '.join(sorted(allowed))}")

    def matches(self, name: str, value: str | None, pattern: str, meaning: str) -> None:
        """Refuse a text that does not wholly match ``pattern``; ``meaning`` says in words what would."""
        if value is None or re.fullmatch(pattern, value) or Token.is_unresolved(value):
            return
        self.refuse(name, value, f"must be {meaning}")

    def reason(self, name: str, value: str | None) -> None:
        """Refuse a reason for a weakening that says nothing; ``None`` (left out) passes."""
        self.matches(name, value, r"(?s)\s*\S.{9,}", "a reason that an auditor can weigh, in a sentence")

    def account(self, name: str, value: str | None) -> None:
        """Refuse what is no account id; ``None`` (left out) passes."""
        self.matches(name, value, r"\d{12}", "an account id of 12 digits")

    def refuse(self, name: str, value: object, reason: str) -> None:
        """Note that ``value`` cannot be used for the argument ``name``."""
        self._problems.append(f"{name}={value!r}: {reason}")

    def check(self) -> None:
        """Raise what was collected.

        Raises:
            InvalidArgumentsError: At least one argument was refused.
        """
        if self._problems:
            where = f"{type(self._construct).__name__} '{self._construct.node.path}'"
            raise InvalidArgumentsError(f"{where}: " + "; ".join(self._problems))
