"""What a policy's statements must, and must not, say."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.checks.rules.rule import Requirement

Statement = Mapping[str, Any] | None


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


def names_actions(statement: Statement) -> bool:
    """The statement does not allow every action."""
    return statement is None or statement["Effect"] == "Deny" or statement.get("Action") not in ("*", ["*"])


def names_principals(statement: Statement) -> bool:
    """The statement does not trust everybody."""
    return statement is None or statement["Effect"] == "Deny" or statement["Principal"] not in ("*", {"AWS": "*"})


def conditions_services(statement: Statement) -> bool:
    """A service that is trusted is trusted on a condition: otherwise it may act for another account."""
    if statement is None or statement["Effect"] == "Deny":
        return True
    return "Service" not in statement["Principal"] or "Condition" in statement
