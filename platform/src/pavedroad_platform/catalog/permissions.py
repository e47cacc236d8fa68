"""The permissions that CloudFormation needs to make, read, change and delete what a template holds.

They come from the CloudFormation registry: the schema of every resource type lists the permissions of its handlers.

Source: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pavedroad_platform.catalog import iam_actions
from pavedroad_platform.errors import PlatformError, Problem

# The handler "list" serves inventories of an account; no stack operation calls it.
_OPERATIONS = ("create", "read", "update", "delete")

# Types whose schemas name no handlers yet, or ask for more than products use: policies of users and groups,
# firewalls in front of anything but a load balancer, secrets of anything but a database of RDS.
_OVERRIDES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "AWS::CodeBuild::Project": {
        "create": ("codebuild:CreateProject", "codebuild:BatchGetProjects", "iam:PassRole"),
        "read": ("codebuild:BatchGetProjects",),
        "update": ("codebuild:UpdateProject", "codebuild:BatchGetProjects", "iam:PassRole"),
        "delete": ("codebuild:DeleteProject",),
    },
    "AWS::IAM::ManagedPolicy": {
        "create": ("iam:CreatePolicy", "iam:GetPolicy", "iam:AttachRolePolicy"),
        "read": ("iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListEntitiesForPolicy"),
        "update": (
            "iam:AttachRolePolicy",
            "iam:CreatePolicyVersion",
            "iam:DeletePolicyVersion",
            "iam:DetachRolePolicy",
            "iam:ListEntitiesForPolicy",
            "iam:ListPolicyVersions",
        ),
        "delete": (
            "iam:DeletePolicy",
            "iam:DeletePolicyVersion",
            "iam:DetachRolePolicy",
            "iam:GetPolicy",
            "iam:ListEntitiesForPolicy",
            "iam:ListPolicyVersions",
        ),
    },
    "AWS::IAM::Policy": {
        "create": ("iam:PutRolePolicy", "iam:GetRolePolicy"),
        "read": ("iam:GetRolePolicy",),
        "update": ("iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy"),
        "delete": ("iam:DeleteRolePolicy", "iam:GetRolePolicy"),
    },
    "AWS::SecretsManager::SecretTargetAttachment": {
        "create": ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "rds:DescribeDBInstances"),
        "read": ("secretsmanager:GetSecretValue",),
        "update": ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "rds:DescribeDBInstances"),
        "delete": ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"),
    },
    "AWS::WAFv2::WebACLAssociation": {
        "create": ("wafv2:AssociateWebACL", "wafv2:GetWebACLForResource", "elasticloadbalancing:SetWebACL"),
        "read": ("wafv2:GetWebACLForResource", "wafv2:GetWebACL"),
        "update": ("wafv2:AssociateWebACL", "wafv2:DisassociateWebACL", "elasticloadbalancing:SetWebACL"),
        "delete": ("wafv2:DisassociateWebACL", "wafv2:GetWebACLForResource", "elasticloadbalancing:SetWebACL"),
    },
}


@dataclass(frozen=True, order=True)
class Permission:
    """One permission and why it is needed.

    Attributes:
        action: The IAM action, such as ``s3:CreateBucket``.
        resource_type: The type of the resource that needs it.
        operation: What is done with the resource: ``create``, ``read``, ``update``, ``delete`` or ``tag``.
    """

    action: str
    resource_type: str
    operation: str


def permissions(templates: Iterable[Mapping[str, Any]]) -> list[Permission]:
    """Every permission that is needed for any of ``templates``, sorted.

    Raises:
        PlatformError: A resource type is unknown to the registry, is a custom resource, or asks for every action of a
            service; all of them are named.
    """
    types = sorted({resource["Type"] for template in templates for resource in template["Resources"].values()})
    problems = [problem for resource_type in types for problem in _type_problems(resource_type)]
    if problems:
        raise PlatformError(*problems)
    return sorted(permission for resource_type in types for permission in _permissions_of(resource_type))


def _permissions_of(resource_type: str) -> Iterator[Permission]:
    for operation, actions in _handlers(resource_type).items():
        for action in actions:
            if iam_actions.exists(action):
                yield Permission(action, resource_type, operation)


def _type_problems(resource_type: str) -> Iterator[Problem]:
    handlers = _handlers(resource_type)
    if not handlers:
        yield Problem(
            cause=f"The CloudFormation registry lists no handlers of {resource_type}: its permissions are not known.",
            fix="Add its permissions to the overrides in catalog/permissions.py, or build the product without it.",
        )
    for operation, actions in handlers.items():
        for action in actions:
            if "*" in action:
                yield Problem(
                    cause=f"{resource_type} asks for {action} to {operation}; a launch role has no wildcard actions.",
                    fix="Put the actions that it really needs into the overrides in catalog/permissions.py.",
                )


@cache
def _handlers(resource_type: str) -> dict[str, tuple[str, ...]]:
    """The permissions of each operation. Empty for a type that nothing is known about."""
    if resource_type in _OVERRIDES:
        return dict(_OVERRIDES[resource_type])
    # cfn-lint takes a second to import; the description of a product does without.
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

    try:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource_type).schema
    except ResourceNotFoundError:
        return {}
    handlers = schema.get("handlers", {})
    found = {operation: tuple(handlers[operation]["permissions"]) for operation in _OPERATIONS if operation in handlers}
    # Service Catalog puts its tags on the stack, and CloudFormation on every resource.
    tagging = schema.get("tagging", {}).get("permissions", ())
    return {**found, "tag": tuple(tagging)} if found and tagging else found
