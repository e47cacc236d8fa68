"""The resource that IAM checks for queries of an aggregator: the aggregator.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsconfig.html
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions

from pavedroad_platform.sandbox.emulator.config.aggregators import aggregators


def install() -> None:
    """Let IAM see the aggregator that a query is for."""
    iam_actions.extract_resource_arn = _completed(iam_actions.extract_resource_arn)


def _completed(original: Callable[..., str]) -> Callable[..., str]:
    def resource_arn(service: str, method: str, path: str, headers: Any, body: bytes, *others: Any) -> str:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if service == "config" and operation == "SelectAggregateResourceConfig":
            name = json.loads(body or b"{}").get("ConfigurationAggregatorName")
            for aggregator in aggregators():
                if aggregator.identifier == name:
                    return str(aggregator.attributes["ConfigurationAggregatorArn"])
        return original(service, method, path, headers, body, *others)

    return resource_arn
