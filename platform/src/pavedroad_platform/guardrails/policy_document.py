"""A policy document of AWS Organizations, small enough for its quota."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pavedroad_platform.errors import PlatformError, Problem

Statement = Mapping[str, Any]


def policy_document(statements: Sequence[Statement]) -> dict[str, Any]:
    """The document of ``statements``, in the version of the policy language that AWS Organizations takes."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def size_in_bytes(document: Mapping[str, Any]) -> int:
    """The size that the quota counts: the document without any white space, as CloudFormation submits it."""
    return len(json.dumps(document, separators=(",", ":")).encode())


def require_size(name: str, document: Mapping[str, Any], maximum: int) -> None:
    """Refuse a document that AWS Organizations would refuse, before anything is deployed.

    Raises:
        PlatformError: The document is larger than ``maximum`` bytes.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
    """
    size = size_in_bytes(document)
    if size > maximum:
        raise PlatformError(
            Problem(
                path=f"policy {name}",
                cause=f"it has {size:,} bytes without white space; AWS Organizations takes {maximum:,} at most.",
                fix="Move statements to a policy of their own, or shorten the lists in the configuration behind it.",
            )
        )
