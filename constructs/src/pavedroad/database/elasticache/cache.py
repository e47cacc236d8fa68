"""The cache in memory."""

from collections.abc import Mapping, Sequence

import jsii
from aws_cdk import Annotations, Duration, RemovalPolicy, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.database.elasticache.alarms import (
    CacheAlarmThresholds,
    cache_metric,
    node_alarms,
    serverless_alarms,
    serverless_dimensions,
)
from pavedroad.database.elasticache.cache_invariants import hold_cache
from pavedroad.database.elasticache.capacity import CacheCapacity, NodeCapacity
from pavedroad.database.elasticache.checks import check_serverless, check_settings
from pavedroad.database.elasticache.engines import VALKEY, CacheEngine, check_engine
from pavedroad.database.elasticache.recovery import is_replicated, replicas_needed
from pavedroad.database.elasticache.replication_group import (
    CacheSettings,
    cache_log_groups,
    replication_group,
    scale,
)
from pavedroad.database.elasticache.serverless import serverless_cache
from pavedroad.database.elasticache.users import CacheUser, check_users, user_group
from pavedroad.database.recovery import check_backup_retention
from pavedroad.naming import unique_name
from pavedroad.network.placement import closed_subnets
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp

_DEFAULT_THRESHOLDS = CacheAlarmThresholds()
_DEFAULT_PORT = 6379
_PORT = 16379
# ElastiCache.1 asks for a day, NIST's CP-9 in cdk-nag for 15.
_RETENTION_DAYS = (15, 35)
# ElastiCache allows 40 characters: the last part of a stack's id takes 13 and the suffix of a user 4.
_LONGEST_NAME = 23
_NODES = NodeCapacity()


@jsii.implements(ec2.IConnectable)
class Cache(Construct):
    """A Valkey or Redis OSS cache that is private, encrypted, in several zones and logged in to with IAM.

    **Nodes or none.** With ``NodeCapacity`` it is a replication group in cluster mode, whose clients must speak cluster
    mode; with ``ServerlessCapacity`` a serverless cache, which follows the load and whose port, logs, parameters and
    maintenance are ElastiCache's.

    **Users** log in with IAM: a token of 15 minutes in place of a password. There is no password anywhere, and no
    default user. A change of the name of a user replaces it.

    **What cannot be weakened**: encryption at rest with a key of yours, TLS on every connection, and the user group.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        vpc: The network.
        users: Who may log in; one at least.
        vpc_subnets: The subnets, in two zones or more. Left out: the isolated tier. Public ones are refused.
        engine: ``CacheEngine`` with its version. Left out: Valkey 8.1.
        capacity: ``NodeCapacity`` or ``ServerlessCapacity``. Left out: one shard of ``cache.r7g.large`` with a replica.
        cache_name: Left out: CloudFormation names nodes; a serverless cache has the construct's path, and a part of
            the stack's id that no other stack has.
        port: Of nodes. Left out: 16379. 6379 leaves the warning ``pavedroad:cache-default-port``.
        encryption_key: Encrypts data, snapshots and logs. Left out: a new key with yearly rotation, kept when the stack
            is deleted. A key of another app must admit CloudWatch Logs.
        parameters: Further parameters of the nodes' parameter group. Left out: only that of cluster mode.
        rpo: The newest data that may be lost, 5 seconds or more. Left out: no objective.
        rto: How long the cache may be away, a minute or more. Left out: no objective.
        backup_retention: How long daily snapshots are kept, 15 to 35 days. Left out: 35 days.
        backup_window: Of nodes: daily, UTC, ``hh:mm-hh:mm``, an hour or longer; of a serverless cache the time
            ``hh:mm``. Left out: ElastiCache chooses.
        maintenance_window: Of nodes: weekly, UTC, ``ddd:hh:mm-ddd:hh:mm``; minor versions are installed in it. Left
            out: ElastiCache chooses.
        log_retention: Of the slow log and the engine's log. Left out: a year.
        removal_policy: What remains when the cache is removed. Left out: a last snapshot of nodes; a serverless cache
            is kept. ``DESTROY`` leaves the warning ``pavedroad:cache-not-retained``.

    Attributes:
        cache: The L1 replication group or serverless cache, with the id ``Resource``.
        encryption_key: The key in use.
        security_group: Admits nobody until ``connections`` is asked to.
        connections: Network access; the default port is the cache's.
        endpoint_address: The host name that clients connect to.
        endpoint_port: Its port, as text.
        user_group: The group of the users.
        users: The users; for Redis OSS also the default user, which is switched off.
        log_groups: By log type; empty for a serverless cache, which has none.
        replicas_per_shard: How many replicas were built.

    Raises:
        InvalidArgumentsError: An argument cannot work; the message names all that cannot.

    Controls: ElastiCache.1 (backups), ElastiCache.2 (minor versions), ElastiCache.3 (failover), ElastiCache.4
        (encryption at rest), ElastiCache.5 (encryption in transit), ElastiCache.6 (authentication), ElastiCache.7
        (subnet group), nag AEC1, AEC3, AEC4, AEC5; NIST AC-3, AC-6, AU-2, CP-9, CP-10, IA-2, SC-5, SC-7, SC-8,
        SC-12, SC-13, SC-28, SC-36, SI-2.

    Example:
        >>> from aws_cdk import Duration
        >>> from pavedroad import Cache
        >>> from pavedroad.database.elasticache.capacity import CacheScaling, NodeCapacity
        >>> from pavedroad.database.elasticache.users import CacheUser
        >>> sessions = Cache(
        ...     stack,
        ...     "Sessions",
        ...     vpc=vpc,
        ...     users=[CacheUser(name="sessions-service")],
        ...     capacity=NodeCapacity(
        ...         shards=2,
        ...         shard_scaling=CacheScaling(min_capacity=2, max_capacity=8),
        ...         replica_scaling=CacheScaling(min_capacity=1, max_capacity=3),
        ...     ),
        ...     rpo=Duration.seconds(10),
        ...     rto=Duration.minutes(2),
        ... )
        >>> grant = sessions.grant_connect(function, user="sessions-service")
        >>> alarms = sessions.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        users: Sequence[CacheUser],
        vpc_subnets: ec2.SubnetSelection | None = None,
        engine: CacheEngine = VALKEY,
        capacity: CacheCapacity = _NODES,
        cache_name: str | None = None,
        port: float | None = None,
        encryption_key: kms.IKey | None = None,
        parameters: Mapping[str, str] | None = None,
        rpo: Duration | None = None,
        rto: Duration | None = None,
        backup_retention: Duration | None = None,
        backup_window: str | None = None,
        maintenance_window: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        backup_retention = backup_retention or Duration.days(35)
        check_engine(arguments, engine)
        check_users(arguments, users)
        capacity.check(arguments)
        subnets = closed_subnets(arguments, vpc, vpc_subnets, what="a cache is", asked_by="ElastiCache")
        check_backup_retention(
            arguments, "backup_retention", backup_retention, control="NIST CP-9", days=_RETENTION_DAYS
        )
        self.replicas_per_shard = replicas_needed(arguments, rpo=rpo, rto=rto, capacity=capacity)
        check_settings(arguments, name=cache_name, port=port, parameters=parameters or {})
        if not isinstance(capacity, NodeCapacity):
            check_serverless(
                arguments,
                port=port,
                parameters=parameters,
                backup_time=backup_window,
                maintenance_window=maintenance_window,
                removal_policy=removal_policy,
            )
        arguments.check()

        self._capacity = capacity
        self._users = [user.name for user in users]
        self.encryption_key = encryption_key or rotated_key(
            self, "Key", description=f"Encrypts the cache {construct_id}"
        )
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description=f"The cache {construct_id}", allow_all_outbound=False
        )
        name = unique_name(self, longest=_LONGEST_NAME, otherwise="cache")
        self.user_group, self.users = user_group(self, engine=engine.name, name=name, users=users)
        settings = CacheSettings(
            name=cache_name,
            engine=engine,
            encryption_key=self.encryption_key,
            subnets=subnets,
            security_group=self.security_group,
            user_group=self.user_group,
            backup_days=backup_retention.to_days(),
            description=f"The cache {construct_id}",
        )
        self.log_groups: dict[str, logs.LogGroup] = {}
        self.cache: elasticache.CfnReplicationGroup | elasticache.CfnServerlessCache
        if isinstance(capacity, NodeCapacity):
            port = _PORT if port is None else port
            self.log_groups = cache_log_groups(self, self.encryption_key, log_retention)
            self.cache = replication_group(
                self,
                settings=settings,
                capacity=capacity,
                replicas=self.replicas_per_shard,
                port=port,
                parameters=parameters or {},
                backup_window=backup_window,
                maintenance_window=maintenance_window,
                log_groups=self.log_groups,
            )
            scale(self, self.cache, capacity)
            self.endpoint_address = self.cache.attr_configuration_end_point_address
            self.endpoint_port = self.cache.attr_configuration_end_point_port
        else:
            port = _DEFAULT_PORT
            self.cache = serverless_cache(
                self, name=cache_name or name, settings=settings, capacity=capacity, backup_time=backup_window
            )
            self.endpoint_address = self.cache.attr_endpoint_address
            self.endpoint_port = self.cache.attr_endpoint_port
        removal_policy = removal_policy or (
            RemovalPolicy.SNAPSHOT if isinstance(capacity, NodeCapacity) else RemovalPolicy.RETAIN
        )
        self.cache.apply_removal_policy(removal_policy)
        self._connections = ec2.Connections(security_groups=[self.security_group], default_port=ec2.Port.tcp(port))
        hold_cache(self, self.cache)
        self._warn(port=port, removal_policy=removal_policy)
        stamp(self, self.security_group)  # AWS Config records no caches

    @property
    def connections(self) -> ec2.Connections:
        """Network access to the cache; the default port is the cache's."""
        return self._connections

    def add_alarms(
        self, topic: sns.ITopic, thresholds: CacheAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when CPU, memory, evictions, connections or lag need a person.

        The nodes that the cache begins with are watched, not those that scaling adds.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``CacheAlarmThresholds``.

        Raises:
            InvalidArgumentsError: How many nodes there are is known at deployment only.
        """
        if not isinstance(self._capacity, NodeCapacity):
            return serverless_alarms(self, name=self.cache.ref, topic=topic, thresholds=thresholds)
        shards, replicas = self._capacity.shards, self.replicas_per_shard
        arguments = Arguments(self)
        if Token.is_unresolved(shards) or Token.is_unresolved(replicas):
            arguments.refuse("capacity", "a token", "must be known at synth, as every node has alarms of its own")
        arguments.check()
        return node_alarms(
            self,
            group_id=self.cache.ref,
            members=[(shard, node) for shard in range(1, int(shards) + 1) for node in range(1, int(replicas) + 2)],
            replicated=replicas > 0,
            topic=topic,
            thresholds=thresholds,
        )

    def grant_connect(self, grantee: iam.IGrantable, *, user: str) -> iam.Grant:
        """Let ``grantee`` log in to the cache as ``user``; network access is given with ``connections``.

        Args:
            grantee: Who may log in.
            user: The name of one of ``users``.

        Raises:
            InvalidArgumentsError: The cache has no such user.
        """
        arguments = Arguments(self)
        if not Token.is_unresolved(user) and user not in self._users:
            arguments.refuse("user", user, f"must be one of {', '.join(sorted(self._users))}")
        arguments.check()
        kind = "replicationgroup" if isinstance(self._capacity, NodeCapacity) else "serverlesscache"
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["elasticache:Connect"],
            resource_arns=[self._arn(kind, self.cache.ref), self._arn("user", user)],
        )

    def metric(
        self,
        metric_name: str,
        *,
        statistic: str = "Average",
        period: Duration | None = None,
        shard: int = 1,
        node: int = 1,
    ) -> cloudwatch.Metric:
        """Any metric of a node, or of a serverless cache; every five minutes unless ``period`` says otherwise."""
        dimensions = serverless_dimensions(self.cache.ref)
        if isinstance(self._capacity, NodeCapacity):
            dimensions = {"CacheClusterId": f"{self.cache.ref}-{shard:04}-{node:03}"}
        return cache_metric(metric_name, dimensions, statistic, period)

    def _arn(self, kind: str, name: str) -> str:
        stack = Stack.of(self)
        return f"arn:{stack.partition}:elasticache:{stack.region}:{stack.account}:{kind}:{name}"

    def _warn(self, *, port: float, removal_policy: RemovalPolicy) -> None:
        has_nodes = isinstance(self._capacity, NodeCapacity)
        weakened = {
            "no-replicas": (
                has_nodes and not is_replicated(self.replicas_per_shard),
                "This cache has no replicas: with its zone, or its node, it is lost.",
            ),
            "default-port": (
                has_nodes and port == _DEFAULT_PORT,
                "This cache listens on the port that scanners try first.",
            ),
            "not-retained": (
                removal_policy is RemovalPolicy.DESTROY,
                "Nothing remains of what this cache holds when it is removed.",
            ),
        }
        for name, (is_weakened, consequence) in weakened.items():
            if is_weakened:
                Annotations.of(self).add_warning_v2(f"pavedroad:cache-{name}", consequence)
