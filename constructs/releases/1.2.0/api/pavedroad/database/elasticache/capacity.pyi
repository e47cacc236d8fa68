import re
from dataclasses import dataclass
from aws_cdk import Token
from pavedroad.arguments import Arguments
MOST_REPLICAS = 5
_MOST_SHARDS = 500
_SCALES = 'cache\\.(r7g|r6g|r6gd|r5|m7g|m6g|m5|c7gn)\\.(large|xlarge|2xlarge)'

@dataclass(frozen=True, kw_only=True)
class ServerlessCapacity:
    min_data_gigabytes: float | None = None
    max_data_gigabytes: float | None = None
    min_ecpu_per_second: float | None = None
    max_ecpu_per_second: float | None = None

    def check(self, arguments: Arguments) -> None:
        ...

@dataclass(frozen=True, kw_only=True)
class CacheScaling:
    min_capacity: float
    max_capacity: float
    target_cpu_percent: float = 60

    def check(self, arguments: Arguments, name: str, most: int) -> None:
        ...

@dataclass(frozen=True, kw_only=True)
class NodeCapacity:
    node_type: str = 'cache.r7g.large'
    shards: float = 1
    replicas_per_shard: float | None = None
    shard_scaling: CacheScaling | None = None
    replica_scaling: CacheScaling | None = None

    def check(self, arguments: Arguments) -> None:
        ...
CacheCapacity = ServerlessCapacity | NodeCapacity
