"""Findings that do not apply, acknowledged where they arise."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(scope: IConstruct, finding: str, reason: str) -> None:
    """Acknowledge one finding on one construct; it then appears in the compliance report with its reason.

    Args:
        scope: The narrowest construct that has the finding.
        finding: The finding's id, such as ``AwsSolutions-IAM5[Resource::*]``.
        reason: Why it does not apply here, as an auditor would accept it.
    """
    Validations.of(scope).acknowledge(Acknowledgment(id=finding, reason=reason))
