"""The API: the JSON protocol, the operations, and its place among MiniStack's services."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from ministack import app as ministack
from ministack.core import iam_actions, iam_evaluator

from pavedroad_platform.sandbox.emulator import execution_role
from pavedroad_platform.sandbox.emulator.service_catalog import (
    authorization,
    browsing,
    budgets,
    constraints,
    launch,
    plans,
    portfolios,
    products,
    provisioned_products,
    sharing,
    tag_options,
)
from pavedroad_platform.sandbox.emulator.service_catalog.request import Answer, Request
from pavedroad_platform.sandbox.emulator.service_catalog.state import RefusedError

OPERATIONS: Mapping[str, Callable[[Request], Answer]] = {
    **browsing.OPERATIONS,
    **budgets.OPERATIONS,
    **constraints.OPERATIONS,
    **launch.OPERATIONS,
    **plans.OPERATIONS,
    **portfolios.OPERATIONS,
    **products.OPERATIONS,
    **provisioned_products.OPERATIONS,
    **sharing.OPERATIONS,
    **tag_options.OPERATIONS,
}
"""Every operation by name."""

_HEADERS = {"Content-Type": "application/x-amz-json-1.1"}


def install() -> None:
    """Make the service reachable."""
    ministack.SERVICE_REGISTRY["servicecatalog"] = {"module": "servicecatalog"}
    ministack._loaded_modules["servicecatalog"] = sys.modules[__name__]
    ministack.SERVICE_HANDLERS["servicecatalog"] = handle_request
    iam_actions.SERVICE_TO_IAM_NAMESPACE.setdefault("servicecatalog", "servicecatalog")
    authorization.install()


async def handle_request(
    _method: str, _path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
) -> tuple[int, dict[str, str], bytes]:
    """Answer one request."""
    name = headers.get("x-amz-target", "").rpartition(".")[2]
    # A stack that launches a product does so as its execution role.
    caller = execution_role.current_role() or iam_evaluator.request_caller_arn(headers, query)
    try:
        answer = _operation(name)(Request(json.loads(body or b"{}"), caller))
    except RefusedError as refused:
        return 400, dict(_HEADERS), json.dumps({"__type": refused.code, "message": str(refused)}).encode()
    return 200, dict(_HEADERS), json.dumps(answer).encode()


def _operation(name: str) -> Callable[[Request], Answer]:
    if name not in OPERATIONS:
        raise RefusedError("UnknownOperationException", f"{name} is not emulated.")
    return OPERATIONS[name]


def get_state() -> dict[str, Any]:
    """Nothing is kept: MiniStack asks each of its services."""
    return {}


def load_persisted_state(_state: Mapping[str, Any]) -> None:
    """Nothing was kept."""


def reset() -> None:
    """Nothing: the emulator is restarted to start afresh."""
