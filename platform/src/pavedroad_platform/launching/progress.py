"""Follows an operation to its end, and shows the events of its stack meanwhile."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Self

from botocore.exceptions import ClientError

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching.causes import likely_fix
from pavedroad_platform.launching.client import Clients, is_denied

_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0
_RUNNING: Final = frozenset({"CREATED", "IN_PROGRESS", "IN_PROGRESS_IN_ERROR"})
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
_STACK: Final = "AWS::CloudFormation::Stack"


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something happened to a resource of the stack.

    Attributes:
        time: When.
        resource: Its logical id.
        type: Its type.
        status: What became of it.
        reason: Why.
    """

    time: datetime
    resource: str
    type: str
    status: str
    reason: str

    @property
    def is_failure(self) -> bool:
        """Whether it failed by itself: others are cancelled because of the first."""
        return self.status.endswith("_FAILED") and "cancelled" not in self.reason.lower() and self.type != _STACK


Show = Callable[[Event], None]


@dataclass(kw_only=True)
class StackEvents:
    """The events of a stack since an operation began, each told once.

    Attributes:
        clients: The clients.
        stack: Its name or id.
        since: When the operation began. Left out: all events.
        seen: The events that were told.
        readable: Whether the caller may look at them.
    """

    clients: Clients
    stack: str
    since: datetime = _ALWAYS
    seen: set[str] = field(default_factory=set)
    readable: bool = True

    @classmethod
    def until_now(cls, clients: Clients, stack: str) -> Self:
        """Those of an operation that is about to begin: what came before counts as told."""
        events = cls(clients=clients, stack=stack)
        events.new()
        return events

    def new(self) -> list[Event]:
        """Those that came since the last call, the oldest first."""
        if not self.readable:
            return []
        try:
            found = list(self._unseen())
        except ClientError as error:
            # The stack is not there yet, is gone again, or may not be looked at: the record tells how it ends.
            self.readable = not is_denied(error)
            return []
        return found[::-1]

    def _unseen(self) -> Iterator[Event]:
        for page in self.clients.cloudformation.get_paginator("describe_stack_events").paginate(StackName=self.stack):
            for event in page["StackEvents"]:
                if event["EventId"] in self.seen or event["Timestamp"] < self.since:
                    return
                self.seen.add(event["EventId"])
                self.stack = event["StackId"]  # a deleted stack is found by its id alone
                yield Event(
                    time=event["Timestamp"],
                    resource=event["LogicalResourceId"],
                    type=event["ResourceType"],
                    status=event["ResourceStatus"],
                    reason=event.get("ResourceStatusReason", ""),
                )


def follow(clients: Clients, record_id: str, show: Show, *, at_most: float | None = None) -> dict[str, Any]:
    """Wait for the end of an operation.

    Args:
        clients: The clients.
        record_id: The operation.
        show: Is told each event of the stack.
        at_most: Seconds to wait. Left out: as long as it takes; CloudFormation ends every operation.

    Returns:
        The record of the operation, which succeeded.

    Raises:
        PlatformError: It failed; the message tells what failed first and the likely cause. Or it takes too long.
    """
    described = clients.catalog.describe_record(Id=record_id)
    detail = described["RecordDetail"]
    stack = f"SC-{clients.account}-{detail['ProvisionedProductId']}"
    events = StackEvents(clients=clients, stack=stack, since=to_milliseconds(detail["CreatedTime"]))
    began, pause = time.monotonic(), _FIRST_PAUSE
    failures: list[Event] = []

    def look() -> None:
        for event in events.new():
            show(event)
            failures.extend([event] if event.is_failure else [])

    while detail["Status"] in _RUNNING:
        look()
        if at_most is not None and time.monotonic() - began > at_most:
            cause = f"{detail['ProvisionedProductName']} is not done after {at_most:.0f} s"
            raise PlatformError(Problem(path="launch", cause=cause, fix="repeat the command: it is followed further"))
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
        described = clients.catalog.describe_record(Id=record_id)
        detail = described["RecordDetail"]
    look()
    if detail["Status"] == "FAILED":
        raise PlatformError(_failure(detail, failures))
    outcome: dict[str, Any] = described
    return outcome


def to_milliseconds(moment: datetime) -> datetime:
    """As exact as events are, so that none of the operation's own seems to come before it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


_NEXT: Final = {
    "PROVISION_PRODUCT": "What was made is rolled back. Before another try under this name: pavedroad terminate {name}",
    "UPDATE_PROVISIONED_PRODUCT": "It is rolled back: what ran before runs on. Repeat the upgrade when it is mended.",
    "TERMINATE_PROVISIONED_PRODUCT": "Part of it still stands. When it is mended: pavedroad terminate {name}",
}


def _failure(detail: Mapping[str, Any], failures: list[Event]) -> Problem:
    errors = "; ".join(error["Description"] for error in detail.get("RecordErrors", []))
    said = f"{failures[0].resource} ({failures[0].type}): {failures[0].reason}" if failures else errors
    name = detail["ProvisionedProductName"]
    after = _NEXT.get(detail["RecordType"], "").format(name=name)
    return Problem(
        path=name,
        cause=f"failed{' first at' if failures else ':'} {said or 'without a reason'}",
        fix=f"{likely_fix(said)} {after}".strip(),
    )
