"""What a policy's statements must, and must not, say."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.checks.rules.rule import Requirement


def denies_when(condition_key: str) -> Requirement:
    """Some statement denies where ``condition_key`` has a bad value."""
    return lambda statements: any(
        statement["Effect"] == "Deny" and condition_key in str(statement.get("Condition"))
        for statement in statements or []
    )


def denies(*sids: str) -> Requirement:
    """A denial stands under each of ``sids``."""
    return lambda statements: (
        set(sids) <= {str(each.get("Sid")) for each in statements or [] if each["Effect"] == "Deny"}
    )


def names_actions(statement: Mapping[str, Any] | None) -> bool:
    """The statement does not allow every action."""
    return not _allows(statement) or statement.get("Action") not in ("*", ["*"])  # type: ignore[union-attr]


def names_principals(statement: Mapping[str, Any] | None) -> bool:
    """The statement does not trust everybody."""
    return not _allows(statement) or statement["Principal"] not in ("*", {"AWS": "*"})  # type: ignore[index]


def conditions_services(statement: Mapping[str, Any] | None) -> bool:
    """A service that is trusted is trusted on a condition: otherwise it may act for another account."""
    return not _allows(statement) or "Service" not in statement["Principal"] or "Condition" in statement  # type: ignore[index,operator]


def _allows(statement: Mapping[str, Any] | None) -> bool:
    return statement is not None and statement["Effect"] == "Allow"
