"""What a policy's statements must, and must not, say."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pavedroad_platform.catalog import iam_actions
from pavedroad_platform.checks.rules.rule import Requirement

EVERYBODY = ("*", {"AWS": "*"}, {"AWS": ["*"]})
_ARN_OPERATORS = ("ArnEquals", "ArnLike", "StringEquals")

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
    """The statement does not trust everybody: it names principals, or a condition names their ARNs."""
    if _says_nothing(statement) or statement["Principal"] not in EVERYBODY:
        return True
    condition = statement.get("Condition", {})
    named = [condition.get(operator, {}).get("aws:PrincipalArn") for operator in _ARN_OPERATORS]
    return any(arns is not None and '"*"' not in json.dumps(arns) for arns in named)


def conditions_services(statement: Statement) -> bool:
    """A service that is trusted is trusted on a condition: otherwise it may act for another account."""
    return _says_nothing(statement) or "Service" not in statement["Principal"] or "Condition" in statement


def conditions_accounts(statement: Statement) -> bool:
    """Where a policy names the uses of a key, a whole account has them on a condition; ``kms:*`` leaves all to IAM."""
    if _says_nothing(statement) or "Condition" in statement or not _names_account(statement["Principal"]):
        return True
    return not {"kms:CreateGrant", "kms:Decrypt"} & set(_listed(statement["Action"]))


def _names_account(principal: object) -> bool:
    """Whether a whole account is meant, by the ARN that ends in ``:root`` or by its id alone."""
    text = json.dumps(principal)
    return ":root" in text or ("AWS::AccountId" in text and "arn:" not in text)


def conditions_whole_accounts(statement: Statement) -> bool:
    """A whole account is let in on a condition only, which names who of it."""
    return _says_nothing(statement) or "Condition" in statement or ":root" not in str(statement["Principal"])


def conditions_people(statement: Statement) -> bool:
    """Who takes the role with credentials of another account or an identity provider does so on a condition."""
    if _says_nothing(statement) or "Condition" in statement:
        return True
    principal = statement["Principal"]
    if principal == "*" or "Federated" in principal:
        return not _takes_the_role(statement)
    return not any(str(each).startswith("arn:") or ":root" in str(each) for each in _listed(principal.get("AWS", [])))


def conditions_deputies(statement: Statement) -> bool:
    """A service that works for whoever asks it is trusted for this account's requests only."""
    if _says_nothing(statement) or "Condition" in statement or statement["Principal"] == "*":
        return True
    return not _DEPUTIES & set(_listed(statement["Principal"].get("Service", [])))


# Services that say for whom they act, so that a trust policy can ask for it.
_DEPUTIES = {
    "codedeploy.amazonaws.com",
    "config.amazonaws.com",
    "dlm.amazonaws.com",
    "eks-fargate-pods.amazonaws.com",
    "eks.amazonaws.com",
    "events.amazonaws.com",
    "firehose.amazonaws.com",
    "logs.amazonaws.com",
    "monitoring.rds.amazonaws.com",
    "pods.eks.amazonaws.com",
    "scheduler.amazonaws.com",
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


def conditions_runs(statement: Statement) -> bool:
    """Tasks are started on a condition, which names the cluster."""
    return _says_nothing(statement) or "Condition" in statement or "ecs:RunTask" not in _listed(statement.get("Action"))


def conditions_everybody(statement: Statement) -> bool:
    """Whoever is trusted is trusted on a condition."""
    return _says_nothing(statement) or "Condition" in statement


def conditions_instances(statement: Statement) -> bool:
    """What reaches into instances, volumes and snapshots, of which only EC2 knows the ids, asks for their tags."""
    if _says_nothing(statement) or "Condition" in statement:
        return True
    actions = _BY_TAG & set(_listed(statement.get("Action")))
    # A snapshot that is being taken has no tags yet.
    taken = actions == {"ec2:CreateSnapshot"} and ":snapshot/*" in str(statement.get("Resource"))
    return not actions or taken or not _ANY_INSTANCE.search(str(statement.get("Resource")))


def conditions_grants(statement: Statement) -> bool:
    """The use of a key is given on to AWS's own resources only."""
    return (
        _says_nothing(statement)
        or "kms:CreateGrant" not in _listed(statement.get("Action"))
        or "Condition" in statement
    )


def conditions_keys(statement: Statement) -> bool:
    """Whoever reads and writes with keys of AWS's naming does so with those that a condition names."""
    if _says_nothing(statement) or "Condition" in statement:
        return True
    actions = set(_listed(statement.get("Action")))
    return not actions <= {"kms:Decrypt", "kms:GenerateDataKey"} or ":key/*" not in str(statement.get("Resource"))


_BY_TAG = {
    "ec2:AttachVolume",
    "ec2:CreateSnapshot",
    "ec2:DeleteSnapshot",
    "ec2:DetachVolume",
    "ecs:ExecuteCommand",
    "ssm:StartSession",
}
_ANY_INSTANCE = re.compile(r":(instance|snapshot|task|volume)/\*")


def _says_nothing(statement: Statement) -> bool:
    return statement is None or statement["Effect"] == "Deny"


def _is_about_the_resource(statement: Statement) -> bool:
    keys = (
        "aws:ResourceTag/",
        "aws:ResourceAccount",
        "aws:ResourceOrgID",
        "cloudwatch:namespace",
        "s3:ExistingObjectTag/",
    )
    return any(key in str(statement.get("Condition")) for key in keys)


# A resource may be named for these; a call that names none is allowed by the asterisk alone.
_MAY_NAME_NONE = {"cloudformation:GetTemplateSummary", "cloudwatch:GetMetricData"}


def _only_asterisk(action: str) -> bool:
    return action in _MAY_NAME_NONE or (iam_actions.exists(action) and not iam_actions.resource_kinds(action))


def _takes_the_role(statement: Mapping[str, Any]) -> bool:
    return any(action.startswith("sts:AssumeRole") for action in _listed(statement.get("Action")))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
