"""The resource that a call to AWS Organizations is about, for IAM; MiniStack knows the organization only.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions
from ministack.services import organizations

# The member that names what is changed or listed, the most specific first.
_NAMES = ("AccountId", "ChildId", "OrganizationalUnitId", "TargetId", "ParentId", "RootId")


def install() -> None:
    """Let IAM's check of Organizations calls see the account, unit or root; other services stay MiniStack's."""
    iam_actions.extract_resource_arn = _completed(iam_actions.extract_resource_arn)


def _completed(original: Callable[..., str]) -> Callable[..., str]:
    def resource_arn(service: str, method: str, path: str, headers: Any, body: bytes, *others: Any) -> str:  # noqa: ANN401
        resource = _resource(body) if service == "organizations" else None
        return resource or original(service, method, path, headers, body, *others)

    return resource_arn


def _resource(body: bytes) -> str | None:
    organization = organizations._orgs.get("self")  # noqa: SLF001
    try:
        parameters = json.loads(body or b"{}")
    except ValueError:
        return None
    name = next((parameters[name] for name in _NAMES if name in parameters), None)
    if organization is None or name is None:
        return None
    kind = {"r-": "root", "ou": "ou"}.get(name[:2], "account")
    return f"arn:aws:organizations::{organization['MasterAccountId']}:{kind}/{organization['Id']}/{name}"
