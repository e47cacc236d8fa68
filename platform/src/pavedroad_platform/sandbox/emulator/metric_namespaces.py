"""The condition key ``cloudwatch:namespace``: which namespace somebody wants to write metrics to.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
"""

import json
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final

from ministack.core import iam_actions, iam_evaluator

_namespace: Final[ContextVar[str | None]] = ContextVar("namespace", default=None)


def install() -> None:
    """Let conditions see the namespace of the call that is checked."""
    iam_actions.extract_resource_arn = _noting(iam_actions.extract_resource_arn)
    resolve = iam_evaluator._resolve_condition_key

    def resolve_more(key: str, context: Any) -> Any:
        return _namespace.get() if key.lower() == "cloudwatch:namespace" else resolve(key, context)

    iam_evaluator._resolve_condition_key = resolve_more


def _noting(original: Callable[..., str]) -> Callable[..., str]:
    """The resource is looked for before conditions are met, with the whole call at hand."""

    def resource_arn(service: str, method: str, path: str, headers: Any, body: bytes, *others: Any) -> str:
        is_put = headers.get("x-amz-target", "").endswith(".PutMetricData")
        _namespace.set(json.loads(body).get("Namespace") if is_put and body else None)
        return original(service, method, path, headers, body, *others)

    return resource_arn
