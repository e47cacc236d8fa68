"""What a policy's statements must, and must not, say."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.catalog import iam_actions
from pavedroad_platform.checks.rules.rule import Requirement

# A JSON object, or None where a policy has no statements.
Statement = Any


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
    return _says_nothing(statement) or statement.get("Action") not in ("*", ["*"])


def names_principals(statement: Statement) -> bool:
    """The statement does not trust everybody; it may name a principal that need not exist yet in its condition."""
    if _says_nothing(statement) or statement["Principal"] not in ("*", {"AWS": "*"}, {"AWS": ["*"]}):
        return True
    condition = statement.get("Condition", {})
    return any("aws:PrincipalArn" in condition.get(operator, {}) for operator in ("ArnEquals", "ArnLike"))


def conditions_services(statement: Statement) -> bool:
    """A service that is trusted is trusted on a condition: otherwise it may act for another account."""
    return _says_nothing(statement) or "Service" not in statement["Principal"] or "Condition" in statement


def conditions_people(statement: Statement) -> bool:
    """Who takes the role with credentials of another account or an identity provider does so on a condition."""
    if _says_nothing(statement) or "Condition" in statement:
        return True
    principal = statement["Principal"]
    if principal == "*" or "Federated" in principal:
        return not _takes_the_role(statement)
    return not any(str(each).startswith("arn:") or ":root" in str(each) for each in _listed(principal.get("AWS", [])))


def conditions_accounts(statement: Statement) -> bool:
    """An account is trusted with named actions on a condition, such as one that leaves one of its roles.

    Every action is what a key's policy allows its own account, so that roles there can be given the key.
    """
    if _says_nothing(statement) or "Condition" in statement or statement["Principal"] == "*":
        return True
    trusted = _listed(statement["Principal"].get("AWS", []))
    return statement.get("Action") == "kms:*" or not any(":root" in str(each) for each in trusted)


def conditions_deputies(statement: Statement) -> bool:
    """A service that works for whoever asks it is trusted for this account's requests only."""
    if _says_nothing(statement) or "Condition" in statement or statement["Principal"] == "*":
        return True
    return not _DEPUTIES & set(_listed(statement["Principal"].get("Service", [])))


# Services that say for whom they act, so that a trust policy can ask for it.
_DEPUTIES = {
    "eks-fargate-pods.amazonaws.com",
    "eks.amazonaws.com",
    "events.amazonaws.com",
    "monitoring.rds.amazonaws.com",
    "pods.eks.amazonaws.com",
    "ssm.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
}


def confines(statement: Statement) -> bool:
    """What can be confined to resources, as AWS says of each action, is confined to some, or by a condition."""
    if _says_nothing(statement) or "*" not in _listed(statement.get("Resource")):
        return True
    actions = _listed(statement.get("Action"))
    if {"iam:PassRole", "sts:AssumeRole"} & set(actions):
        return False
    return _is_about_the_resource(statement) or all(_only_asterisk(action) for action in actions)


def conditions_passing(statement: Statement) -> bool:
    """A role is passed to named services only, and roles of other accounts are taken in the organisation only."""
    if _says_nothing(statement) or "Condition" in statement:
        return True
    actions = _listed(statement.get("Action"))
    resources = str(statement.get("Resource"))
    takes_anywhere = "sts:AssumeRole" in actions and ":iam::*:" in resources
    # A service-linked role can be passed to its own service only.
    passes_anything = "iam:PassRole" in actions and "role/aws-service-role/" not in resources
    # Who may tag and nothing else tags what it makes: without that condition it may rename what others made.
    return not takes_anywhere and not passes_anything and actions != ["ecs:TagResource"]


def conditions_everybody(statement: Statement) -> bool:
    """Whoever is trusted is trusted on a condition."""
    return _says_nothing(statement) or "Condition" in statement


def _says_nothing(statement: Statement) -> bool:
    return statement is None or statement["Effect"] == "Deny"


def _is_about_the_resource(statement: Statement) -> bool:
    keys = ("aws:ResourceTag/", "aws:ResourceAccount", "aws:ResourceOrgID", "s3:ExistingObjectTag/")
    return any(key in str(statement.get("Condition")) for key in keys)


# A resource may be named for these; a call that names none is allowed by the asterisk alone.
_MAY_NAME_NONE = {"cloudformation:GetTemplateSummary", "cloudwatch:GetMetricData"}


def _only_asterisk(action: str) -> bool:
    return action in _MAY_NAME_NONE or (iam_actions.exists(action) and not iam_actions.resource_kinds(action))


def _takes_the_role(statement: Mapping[str, Any]) -> bool:
    return any(action.startswith("sts:AssumeRole") for action in _listed(statement.get("Action")))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
