"""The operations of AWS Config that MiniStack lacks: aggregators and their queries."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from ministack import app as ministack

from pavedroad_platform.sandbox.emulator.config import aggregators, authorization
from pavedroad_platform.sandbox.emulator.config.items import PROPERTIES
from pavedroad_platform.sandbox.emulator.config.query import InvalidQueryError, parsed

Answer = dict[str, Any]

_HEADERS: Final = {"Content-Type": "application/x-amz-json-1.1"}
_DEFAULT_LIMIT, _MOST = 25, 100


class _RefusedError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def install() -> None:
    """Answer what MiniStack does not; the rest stays its own."""
    original: Callable[..., Awaitable[Any]] = ministack.SERVICE_HANDLERS["config"]

    async def handle(method: str, path: str, headers: Mapping[str, str], body: bytes, query: Any) -> Any:
        operation = OPERATIONS.get(headers.get("x-amz-target", "").rpartition(".")[2])
        if operation is None:
            return await original(method, path, headers, body, query)
        try:
            answer = operation(json.loads(body or b"{}"))
        except _RefusedError as refused:
            return 400, dict(_HEADERS), json.dumps({"__type": refused.code, "message": str(refused)}).encode()
        return 200, dict(_HEADERS), json.dumps(answer).encode()

    ministack.SERVICE_HANDLERS["config"] = handle
    authorization.install()


def describe_configuration_aggregators(request: Answer) -> Answer:
    """DescribeConfigurationAggregators."""
    found = {aggregator.identifier: aggregator for aggregator in aggregators.aggregators()}
    names = request.get("ConfigurationAggregatorNames") or list(found)
    shown = [aggregators.described(_found(found, name)) for name in names]
    return {"ConfigurationAggregators": shown}


def select_aggregate_resource_config(request: Answer) -> Answer:
    """SelectAggregateResourceConfig."""
    found = {aggregator.identifier: aggregator for aggregator in aggregators.aggregators()}
    aggregator = _found(found, str(request.get("ConfigurationAggregatorName")))
    limit = int(request.get("Limit") or request.get("MaxResults") or _DEFAULT_LIMIT)
    if not 0 < limit <= _MOST:
        raise _RefusedError("InvalidLimitException", f"The limit {limit} is outside the allowed range 0 to {_MOST}.")
    try:
        query = parsed(str(request.get("Expression", "")), PROPERTIES)
    except InvalidQueryError as error:
        raise _RefusedError("InvalidExpressionException", str(error)) from error
    rows = query.rows(aggregators.seen_by(aggregator))
    token = request.get("NextToken") or "0"
    if not token.isdigit() or (start := int(token)) > len(rows):
        raise _RefusedError("InvalidNextTokenException", "The specified next token is not valid.")
    end = start + limit
    return {
        "Results": [json.dumps(row) for row in rows[start:end]],
        "QueryInfo": {"SelectFields": [{"Name": name} for name in query.fields]},
        **({"NextToken": str(end)} if end < len(rows) else {}),
    }


def _found(known: Mapping[str, Any], name: str) -> Any:
    if name not in known:
        raise _RefusedError(
            "NoSuchConfigurationAggregatorException",
            f"The configuration aggregator {name} does not exist. Check the name and try again.",
        )
    return known[name]


OPERATIONS: Final[Mapping[str, Callable[[Answer], Answer]]] = {
    "DescribeConfigurationAggregators": describe_configuration_aggregators,
    "SelectAggregateResourceConfig": select_aggregate_resource_config,
}
"""The operations by name."""
