"""Findings that do not apply, acknowledged where they arise."""

import json
import re
from collections.abc import Mapping
from typing import Any

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import IConstruct


def acknowledge(scope: IConstruct, finding: str, reason: str) -> None:
    """Acknowledge one finding on one construct; it then appears in the compliance report with its reason.

    Args:
        scope: The narrowest construct that has the finding.
        finding: The finding's id, such as ``AwsSolutions-IAM5[Resource::*]``.
        reason: Why it does not apply here, as an auditor would accept it.
    """
    acknowledge_all(scope, {finding: reason})


def acknowledge_all(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    """Acknowledge several findings on one construct at once: each call to the CDK crosses a process.

    Args:
        scope: The narrowest construct that has the findings.
        reasons: Why each does not apply here, by the finding's id.
    """
    Validations.of(scope).acknowledge(*(Acknowledgment(id=finding, reason=reasons[finding]) for finding in reasons))


def acknowledge_resource(scope: IConstruct, resource: str, reason: str) -> None:
    """Acknowledge that a policy names ``resource`` with a wildcard (AwsSolutions-IAM5).

    Args:
        scope: The policy.
        resource: The resource as the policy's statement has it; tokens are allowed.
        reason: Why nothing narrower does, as an auditor would accept it.
    """
    finding = f"AwsSolutions-IAM5[Resource::{_flat(Stack.of(scope).resolve(resource))}]"
    acknowledge(scope, finding, reason)


def _flat(value: Any) -> str:
    """The text by which cdk-nag names a value with references in it: ``<Bucket.Arn>/*``, policy variables too."""
    match value:
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(map(_flat, parts))
        case {"Fn::GetAtt": [logical_id, attribute]}:
            return f"<{logical_id}.{attribute}>"
        case {"Ref": logical_id}:
            return f"<{logical_id}>"
        case str():
            return re.sub(r"\$\{([^}]+)\}", r"<\1>", value)
        case _:
            return json.dumps(value, separators=(",", ":"))
