"""Calls to AWS Organizations: the resource that IAM checks, and what a member account sees.

MiniStack checks every call on the organization, and lets only the management account see anything of it. Which
members are delegated administrators is not emulated: every member may read.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from ministack import app as ministack
from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import organizations

from pavedroad_platform.sandbox.emulator.organizations import management_account
from pavedroad_platform.sandbox.emulator.stack_sets import deploy_automatically

# The member that names what is changed or listed, the most specific first.
_NAMES = ("AccountId", "ChildId", "OrganizationalUnitId", "TargetId", "ParentId", "RootId")

# After these an account stands elsewhere.
_MOVES = {"CreateAccount", "MoveAccount", "RemoveAccountFromOrganization"}


def install() -> None:
    """Let IAM see the account, unit or root that a call is about, and members the organization that they are in."""
    iam_actions.extract_resource_arn = _completed(iam_actions.extract_resource_arn)
    ministack.SERVICE_HANDLERS["organizations"] = _shared(ministack.SERVICE_HANDLERS["organizations"])


def _shared(original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def handle(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        management = management_account(get_account_id())
        if management is None or not operation.startswith(("Describe", "List")):
            answer = await original(method, path, headers, body, query)
            if management and operation in _MOVES:
                deploy_automatically(management)
            return answer
        with request_scope(management, get_region()):
            return await original(method, path, headers, body, query)

    return handle


def _completed(original: Callable[..., str]) -> Callable[..., str]:
    def resource_arn(service: str, method: str, path: str, headers: Any, body: bytes, *others: Any) -> str:
        resource = _resource(body) if service == "organizations" else None
        return resource or original(service, method, path, headers, body, *others)

    return resource_arn


def _resource(body: bytes) -> str | None:
    organization = organizations._orgs.get("self")
    try:
        parameters = json.loads(body or b"{}")
    except ValueError:
        return None
    name = next((parameters[name] for name in _NAMES if name in parameters), None)
    if organization is None or name is None:
        return None
    kind = {"r-": "root", "ou": "ou"}.get(name[:2], "account")
    return f"arn:aws:organizations::{organization['MasterAccountId']}:{kind}/{organization['Id']}/{name}"
