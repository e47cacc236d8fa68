"""The engines of a cache and what differs between them."""

from dataclasses import dataclass

from pavedroad.arguments import Arguments

# IAM authentication and RBAC without a default password; the versions that ElastiCache offers.
# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
_VERSIONS = {"valkey": ("7.2", "8.0", "8.1", "8.2"), "redis": ("7.0", "7.1")}


@dataclass(frozen=True, kw_only=True)
class CacheEngine:
    """An engine with its version.

    Attributes:
        name: ``valkey`` or ``redis`` (Redis OSS).
        version: Valkey 7.2 or 8.0 to 8.2, Redis OSS 7.0 or 7.1; a serverless cache follows the major version.
    """

    name: str
    version: str

    @property
    def major_version(self) -> str:
        """The part of the version before the dot."""
        return self.version.split(".")[0]

    @property
    def family(self) -> str:
        """The family of its parameter groups."""
        return f"{self.name}{self.major_version}"


VALKEY = CacheEngine(name="valkey", version="8.1")


def check_engine(arguments: Arguments, engine: CacheEngine) -> None:
    """Refuse engines and versions without IAM authentication."""
    arguments.one_of("engine.name", engine.name, _VERSIONS)
    if engine.name in _VERSIONS:
        arguments.one_of("engine.version", engine.version, _VERSIONS[engine.name])
