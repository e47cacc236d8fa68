"""What a cache runs on: nobody's nodes (serverless), or nodes in shards with replicas."""

import re
from dataclasses import dataclass

from aws_cdk import Token

from pavedroad.arguments import Arguments

MOST_REPLICAS = 5
_MOST_SHARDS = 500
# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html
_SCALES = r"cache\.(r7g|r6g|r6gd|r5|m7g|m6g|m5|c7gn)\.(large|xlarge|2xlarge)"


@dataclass(frozen=True, kw_only=True)
class ServerlessCapacity:
    """The cache follows the load, within bounds.

    Attributes:
        min_data_gigabytes: Data that is paid for at least, so that it need not grow first. Left out: 1 GB.
        max_data_gigabytes: Data beyond which keys are evicted, 1 to 5,000 GB. Left out: 5,000.
        min_ecpu_per_second: Processing units (ECPU) a second that are ready at once. Left out: none.
        max_ecpu_per_second: Processing units a second beyond which requests are throttled, 1,000 to 15,000,000. Left
            out: 15,000,000.
    """

    min_data_gigabytes: float | None = None
    max_data_gigabytes: float | None = None
    min_ecpu_per_second: float | None = None
    max_ecpu_per_second: float | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse bounds that ElastiCache would."""
        for name, low, high in (("data_gigabytes", 1, 5_000), ("ecpu_per_second", 1_000, 15_000_000)):
            least, most = getattr(self, f"min_{name}"), getattr(self, f"max_{name}")
            arguments.between(f"capacity.min_{name}", least, low, high)
            arguments.between(f"capacity.max_{name}", most, low, high)
            _check_order(arguments, f"capacity.max_{name}", least, most)


@dataclass(frozen=True, kw_only=True)
class CacheScaling:
    """How far shards or replicas are scaled out and in, by the CPU of the engine.

    Attributes:
        min_capacity: The fewest shards, or replicas a shard.
        max_capacity: The most.
        target_cpu_percent: The CPU use of the engine that scaling aims at, 35 to 70 percent. Left out: 60.
    """

    min_capacity: float
    max_capacity: float
    target_cpu_percent: float = 60

    def check(self, arguments: Arguments, name: str, most: int) -> None:
        """Refuse bounds that ElastiCache would."""
        arguments.between(f"{name}.min_capacity", self.min_capacity, 1, most)
        arguments.between(f"{name}.max_capacity", self.max_capacity, 1, most)
        arguments.between(f"{name}.target_cpu_percent", self.target_cpu_percent, 35, 70)
        _check_order(arguments, f"{name}.max_capacity", self.min_capacity, self.max_capacity)


@dataclass(frozen=True, kw_only=True)
class NodeCapacity:
    """Nodes of a replication group in cluster mode.

    Attributes:
        node_type: The node type. Left out: ``cache.r7g.large``.
        shards: How many parts the keys are spread over, 1 to 500. Left out: 1.
        replicas_per_shard: Copies of a shard in other zones, 0 to 5. Left out: 1, or as ``rpo`` and ``rto`` say.
            Without any the warning ``pavedroad:cache-no-replicas`` is left.
        shard_scaling: Scale the number of shards. Left out: as many as ``shards``.
        replica_scaling: Scale the number of replicas. Left out: as many as ``replicas_per_shard``.
    """

    node_type: str = "cache.r7g.large"
    shards: float = 1
    replicas_per_shard: float | None = None
    shard_scaling: CacheScaling | None = None
    replica_scaling: CacheScaling | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse what ElastiCache would, and types of nodes that it cannot scale."""
        arguments.matches(
            "capacity.node_type", self.node_type, r"cache\.[a-z0-9]+\.[a-z0-9]+", "such as cache.r7g.large"
        )
        arguments.between("capacity.shards", self.shards, 1, _MOST_SHARDS)
        arguments.between("capacity.replicas_per_shard", self.replicas_per_shard, 0, MOST_REPLICAS)
        for name, scaling, most in (
            ("capacity.shard_scaling", self.shard_scaling, _MOST_SHARDS),
            ("capacity.replica_scaling", self.replica_scaling, MOST_REPLICAS),
        ):
            if scaling is None:
                continue
            scaling.check(arguments, name, most)
            if not Token.is_unresolved(self.node_type) and not re.fullmatch(_SCALES, self.node_type):
                arguments.refuse(
                    name, self.node_type, "scales large, xlarge and 2xlarge of r7g, r6g, r6gd, r5, m7g, m6g, m5, c7gn"
                )


CacheCapacity = ServerlessCapacity | NodeCapacity


def _check_order(arguments: Arguments, name: str, least: float | None, most: float | None) -> None:
    if least is None or most is None or Token.is_unresolved(least) or Token.is_unresolved(most):
        return
    if most < least:
        arguments.refuse(name, most, f"must be {least:g} or more")
