"""Stacks: their templates by URL, deleting and waiting for them, why they failed."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from ministack.core.responses import get_region, now_iso
from ministack.services import s3
from ministack.services.cloudformation import _stack_events, _stacks

from pavedroad_platform.sandbox.emulator.in_process_client import call

_POLL_SECONDS = 0.02


def template_at(url: str) -> str:
    """The template that an S3 URL names.

    Raises:
        ValueError: There is none.
    """
    parts = urlsplit(url)
    host, path = parts.hostname or "", parts.path.lstrip("/")
    if host.startswith(("s3.", "s3-", "127.", "localhost")):
        bucket, _, key = path.partition("/")
    else:
        bucket, key = host.split(".s3")[0], path
    content = s3._get_object_data(bucket, key)
    if content is None:
        raise ValueError(f"The template at {url} was not found")
    return str(content.decode())


@contextmanager
def stored(template: str) -> Iterator[str]:
    """The URL of a template while it is needed: a URL may name up to a megabyte, a body has at most 51,200 bytes."""
    bucket = f"templates-{uuid.uuid4()}"
    s3._buckets[bucket] = {"created": now_iso(), "objects": {}, "region": get_region()}
    call("s3", "PutObject", Bucket=bucket, Key="template", Body=template.encode())
    try:
        yield f"https://s3.{get_region()}.amazonaws.com/{bucket}/template"
    finally:
        s3._buckets.pop(bucket)


def delete_stack(name: str, **parameters: Any) -> None:
    """Start to delete a stack, which says so from now on: MiniStack's says it only once the deletion runs."""
    before = _stacks[name]["StackStatus"] if name in _stacks else ""
    call("cloudformation", "DeleteStack", StackName=name, **parameters)
    # A worker thread may come back only after the deletion, which runs on the event loop.
    if name in _stacks and _stacks[name]["StackStatus"] == before:
        _stacks[name]["StackStatus"] = "DELETE_IN_PROGRESS"


def wait_for_stack(name: str, seconds: float = 1800) -> dict[str, Any]:
    """Wait, on a worker thread, until a stack of the current account and region comes to rest."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        stack: dict[str, Any] = _stacks.get(name) or {"StackStatus": "DELETE_COMPLETE"}
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            return stack
        time.sleep(_POLL_SECONDS)
    raise TimeoutError(f"The stack {name} did not come to rest in {seconds:.0f} seconds")


def failure_of(stack_id: str) -> str:
    """The first resource that failed in the stack's last operation, and why; empty where none did."""
    failed = ""
    for event in reversed(_stack_events.get(stack_id, [])):
        status = event["ResourceStatus"]
        if event["ResourceType"] == "AWS::CloudFormation::Stack" and status in {
            "CREATE_IN_PROGRESS",
            "UPDATE_IN_PROGRESS",
            "DELETE_IN_PROGRESS",
        }:
            break
        reason = event["ResourceStatusReason"]
        if status.endswith("_FAILED") and reason and "cancelled" not in reason:
            failed = f"{event['LogicalResourceId']}: {reason}"
    return failed
