"""Whether a role's trust policy lets somebody in: its principals, actions and conditions, as STS evaluates them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ministack.core import iam_evaluator


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Who wants to assume a role.

    Attributes:
        principal: The ARN of the caller, or of the identity provider that vouches for it.
        federated: Whether ``principal`` is an identity provider.
    """

    principal: str
    federated: bool = False


def refused_action(
    document: str | dict[str, Any], applicant: Applicant, actions: list[str], context: Any
) -> str | None:
    """The first of ``actions`` that a trust policy does not allow, or ``None``.

    Args:
        document: The role's trust policy.
        applicant: Who asks.
        actions: Such as ``sts:AssumeRole`` and ``sts:TagSession``.
        context: MiniStack's evaluation context with the condition keys.
    """
    policy = json.loads(document) if isinstance(document, str) else document
    for action in actions:
        if not _allowed(policy, applicant, replace(context, action=action)):
            return action
    return None


def _allowed(policy: dict[str, Any], applicant: Applicant, context: Any) -> bool:
    effects = {
        statement["Effect"]
        for statement in _statements(policy)
        if iam_evaluator._action_matches(
            context.action, _list(statement.get("Action")), _list(statement.get("NotAction"))
        )
        and _is_named(statement.get("Principal", {}), applicant)
        and iam_evaluator._conditions_met(statement.get("Condition", {}), context)
    }
    return effects == {"Allow"}


def _statements(policy: dict[str, Any]) -> Iterator[dict[str, Any]]:
    statements = policy.get("Statement", [])
    yield from [statements] if isinstance(statements, dict) else statements


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _is_named(principal: Any, applicant: Applicant) -> bool:
    if principal == "*":
        return True
    if applicant.federated:
        return applicant.principal in _list(principal.get("Federated"))
    # Only the AWS principals: MiniStack takes an administrator for a service, and would let it in for one.
    return bool(iam_evaluator._principal_matches({"AWS": _list(principal.get("AWS"))}, applicant.principal))


def trusts_service(document: str | dict[str, Any], service: str) -> bool:
    """Whether a trust policy lets an AWS service assume the role."""
    policy = json.loads(document) if isinstance(document, str) else document
    return any(
        statement["Effect"] == "Allow"
        and isinstance(statement.get("Principal"), dict)
        and service in _list(statement["Principal"].get("Service"))
        for statement in _statements(policy)
    )
