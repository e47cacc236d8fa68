"""How a function answers CloudFormation; it becomes a part of the inline code of every function."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any


def answer(event: Mapping[str, Any], work: Callable[[], str]) -> None:
    """Do ``work`` and answer, whatever happens: without an answer the stack waits for an hour.

    Args:
        event: The request of CloudFormation.
        work: Returns the physical id of the resource; an exception is the reason of the failure.
    """
    body = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    try:
        body |= {"Status": "SUCCESS", "PhysicalResourceId": work()}
    except Exception as error:  # noqa: BLE001 - the stack must be told of every failure
        reason = f"{type(error).__name__}: {error}"
        physical_id = event.get("PhysicalResourceId", "not-made")
        body |= {"Status": "FAILED", "PhysicalResourceId": physical_id, "Reason": reason}
    # The address is CloudFormation's own, signed for this one answer.
    request = urllib.request.Request(event["ResponseURL"], json.dumps(body).encode(), method="PUT")  # noqa: S310
    urllib.request.urlopen(request, timeout=20).close()  # noqa: S310
