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
    alias: lambda_.Alias
    role: ManagedPolicyRole
    dead_letter_queue: sqs.Queue
    encryption_key: kms.IKey

@dataclass(frozen=True, kw_only=True)
class Trigger(ABC):
    name: str

    @property
    def is_stream(self) -> bool:
        ...

    def check(self, arguments: Arguments) -> None:
        ...

    @abstractmethod
    def add_to(self, scope: Construct, target: Target) -> Construct:
        ...

def check_triggers(arguments: Arguments, triggers: Sequence[Trigger]) -> None:
    ...
