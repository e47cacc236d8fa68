"""How much a database can store."""

from dataclasses import dataclass

from aws_cdk import Token

from pavedroad.arguments import Arguments

_LARGEST = 65536
_SMALLEST = 20
# RDS asks that the limit of storage autoscaling is a tenth above the storage.
_MARGIN = 1.1


@dataclass(frozen=True, kw_only=True)
class DatabaseStorage:
    """The size of a database's gp3 volume, and how far it grows by itself.

    Attributes:
        allocated_storage: In GiB, 20 to 65,536. Left out: 100.
        max_allocated_storage: How far the storage grows by itself, in GiB. Left out: ten times ``allocated_storage``,
            or 65,536 where that is a CloudFormation parameter.
    """

    allocated_storage: float = 100
    max_allocated_storage: float | None = None

    @property
    def limit(self) -> float:
        """How far the storage grows by itself, in GiB; as far as RDS can where the storage is a token."""
        if self.max_allocated_storage is not None:
            return self.max_allocated_storage
        return _LARGEST if Token.is_unresolved(self.allocated_storage) else min(self.allocated_storage * 10, _LARGEST)

    def check(self, arguments: Arguments) -> None:
        """Refuse sizes that RDS does not offer on gp3."""
        allocated, limit = self.allocated_storage, self.limit
        arguments.between("storage.allocated_storage", allocated, _SMALLEST, _LARGEST)
        arguments.between("storage.max_allocated_storage", limit, _SMALLEST, _LARGEST)
        known = not (Token.is_unresolved(allocated) or Token.is_unresolved(limit))
        if known and allocated < _LARGEST and limit < allocated * _MARGIN:
            arguments.refuse(
                "storage.max_allocated_storage", limit, f"must be a tenth or more above allocated_storage={allocated:g}"
            )
