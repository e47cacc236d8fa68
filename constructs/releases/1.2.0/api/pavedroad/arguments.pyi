import re
from collections.abc import Collection
from aws_cdk import Token
from constructs import Construct

class InvalidArgumentsError(ValueError):
    ...

class Arguments:

    def __init__(self, construct: Construct) -> None:
        ...

    def between(self, name: str, value: float | None, low: float, high: float) -> None:
        ...

    def one_of(self, name: str, value: str | None, allowed: Collection[str]) -> None:
        ...

    def matches(self, name: str, value: str | None, pattern: str, meaning: str) -> None:
        ...

    def reason(self, name: str, value: str | None) -> None:
        ...

    def account(self, name: str, value: str | None) -> None:
        ...

    def refuse(self, name: str, value: object, reason: str) -> None:
        ...

    def check(self) -> None:
        ...
