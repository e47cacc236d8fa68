"""What a deployment of an assembly will change: by account, the gravest first, and in a line for an approver.

Told from the templates and the registry's schemas, without change sets: those would stage a thousand stacks to ask one
question, and leave empty ones behind where a stack is new.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from pavedroad_platform.deployment.access import Widening, widened
from pavedroad_platform.deployment.assembly import AssemblyStack
from pavedroad_platform.launching.changes import Change
from pavedroad_platform.launching.comparison import compare

SUMMARY_LENGTH: Final = 800
"""An approval's message takes 1,000 characters, the link to the whole plan included."""

_ORDER: Final = ("deleted", "replaced", "perhaps replaced", "created", "changed")


@dataclass(frozen=True, kw_only=True)
class StackPlan:
    """What changes in one stack.

    Attributes:
        name: The stack.
        account: The key of its account in accounts.yaml, or its id.
        changes: Every resource that changes.
        widenings: What is allowed afterwards and is not now.
    """

    name: str
    account: str
    changes: Sequence[Change]
    widenings: Sequence[Widening]

    def count(self, what: str) -> int:
        """How many resources are, say, ``deleted``."""
        return sum(change.what == what for change in self.changes)


@dataclass(frozen=True)
class Plan:
    """What changes in all stacks.

    Attributes:
        stacks: The stacks that change.
        total: How many stacks there are.
    """

    stacks: Sequence[StackPlan]
    total: int

    @property
    def summary(self) -> str:
        """The plan in a line: the sums, then account by account as far as the message has room."""
        if not self.stacks:
            return f"Nothing changes in {self.total} stacks."
        widened = sum(len(stack.widenings) for stack in self.stacks)
        losses = sum(change.loses_data for stack in self.stacks for change in stack.changes)
        head = f"{len(self.stacks)} of {self.total} stacks change: {_counts(self.stacks)}."
        head += f" DATA IS LOST in {losses} resources." if losses else ""
        head += f" Access widens in {widened} ways." if widened else " No access widens."
        return _within(head, list(self._accounts()))

    def _accounts(self) -> Iterator[str]:
        accounts: dict[str, list[StackPlan]] = {}
        for stack in self.stacks:
            accounts.setdefault(stack.account, []).append(stack)
        for account, stacks in accounts.items():
            widened = sum(len(stack.widenings) for stack in stacks)
            yield f" {account}: {_counts(stacks)}{f', {widened} ways of access more' if widened else ''}."

    def as_json(self) -> dict[str, Any]:
        """The plan for machines."""
        return {
            "stacks": [
                {
                    "name": stack.name,
                    "account": stack.account,
                    "changes": [
                        asdict(change) | {"what": change.what, "loses_data": change.loses_data}
                        for change in stack.changes
                    ],
                    "widenings": [asdict(widening) for widening in stack.widenings],
                }
                for stack in self.stacks
            ],
            "total": self.total,
            "summary": self.summary,
        }


def make_plan(
    stacks: Sequence[AssemblyStack],
    deployed: Callable[[AssemblyStack], Mapping[str, Any]],
    account_keys: Mapping[str, str],
) -> Plan:
    """Compare every stack with what is deployed.

    Args:
        stacks: The stacks of the assembly.
        deployed: Gives the deployed template of a stack.
        account_keys: What accounts are called, by id.
    """
    plans = [_of_stack(stack, deployed(stack), account_keys) for stack in stacks]
    return Plan([plan for plan in plans if plan.changes or plan.widenings], len(stacks))


def _of_stack(stack: AssemblyStack, before: Mapping[str, Any], account_keys: Mapping[str, str]) -> StackPlan:
    changes = compare(before, stack.template, ())
    return StackPlan(
        name=stack.name,
        account=account_keys.get(stack.account, stack.account),
        changes=sorted(changes, key=lambda change: (not change.loses_data, _ORDER.index(change.what), change.resource)),
        widenings=widened(before, stack.template),
    )


def _counts(stacks: Sequence[StackPlan]) -> str:
    counts = {what: sum(stack.count(what) for stack in stacks) for what in _ORDER}
    return ", ".join(f"{number} {what}" for what, number in counts.items() if number) or "0 changed"


def _within(head: str, accounts: list[str]) -> str:
    """As many of ``accounts`` as fit, and how many do not."""
    text = head
    for position, account in enumerate(accounts):
        rest = f" And {len(accounts) - position} accounts more."
        if len(text) + len(account) + len(rest) > SUMMARY_LENGTH:
            return text + rest
        text += account
    return text
