"""What starts a function."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.security.roles import ManagedPolicyRole


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a trigger starts, and where it leaves what failed."""

    alias: lambda_.Alias
    role: ManagedPolicyRole
    dead_letter_queue: sqs.Queue
    encryption_key: kms.IKey


@dataclass(frozen=True, kw_only=True)
class Trigger(ABC):
    """Something that calls the alias of a function.

    Attributes:
        name: The trigger's id in the function, a letter first, then letters and digits. To change it makes it anew.
    """

    name: str

    @property
    def is_stream(self) -> bool:
        """Whether the function can be behind it."""
        return False

    def check(self, arguments: Arguments) -> None:
        """Refuse what AWS does not accept."""
        arguments.matches(
            f"triggers.{self.name}.name", self.name, "[A-Za-z][A-Za-z0-9]{0,63}", "a letter, then letters and digits"
        )

    @abstractmethod
    def add_to(self, scope: Construct, target: Target) -> Construct:
        """Make it, with no more rights than it needs."""


def check_triggers(arguments: Arguments, triggers: Sequence[Trigger]) -> None:
    """Refuse triggers that cannot work, and two of one name."""
    names = [trigger.name for trigger in triggers]
    for trigger in triggers:
        trigger.check(arguments)
    for name in sorted({name for name in names if names.count(name) > 1}):
        arguments.refuse("triggers", name, "is the name of two triggers; give each its own")
