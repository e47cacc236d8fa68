"""The resource that IAM checks when parameters are read by their path: the path; MiniStack checks every parameter.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region


def install() -> None:
    """Let IAM see the path."""
    iam_actions.extract_resource_arn = _completed(iam_actions.extract_resource_arn)


def _completed(original: Callable[..., str]) -> Callable[..., str]:
    def resource_arn(service: str, method: str, path: str, headers: Any, body: bytes, *others: Any) -> str:
        if service == "ssm" and headers.get("x-amz-target", "").endswith(".GetParametersByPath"):
            beginning = str(json.loads(body).get("Path", "")).rstrip("/")
            return f"arn:aws:ssm:{get_region()}:{get_account_id()}:parameter{beginning}"
        return original(service, method, path, headers, body, *others)

    return resource_arn
