from dataclasses import dataclass
from aws_cdk import Token
from pavedroad.arguments import Arguments
_LARGEST = 65536
_SMALLEST = 20
_MARGIN = 1.1

@dataclass(frozen=True, kw_only=True)
class DatabaseStorage:
    allocated_storage: float = 100
    max_allocated_storage: float | None = None

    @property
    def limit(self) -> float:
        ...

    def check(self, arguments: Arguments) -> None:
        ...
