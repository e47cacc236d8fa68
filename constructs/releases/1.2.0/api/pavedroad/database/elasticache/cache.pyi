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
from pavedroad.database.elasticache.alarms import CacheAlarmThresholds, cache_metric, node_alarms, serverless_alarms, serverless_dimensions
from pavedroad.database.elasticache.cache_invariants import hold_cache
from pavedroad.database.elasticache.capacity import CacheCapacity, NodeCapacity
from pavedroad.database.elasticache.checks import check_serverless, check_settings
from pavedroad.database.elasticache.engines import VALKEY, CacheEngine, check_engine
from pavedroad.database.elasticache.recovery import is_replicated, replicas_needed
from pavedroad.database.elasticache.replication_group import CacheSettings, cache_log_groups, replication_group, scale
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
_RETENTION_DAYS = (15, 35)
_LONGEST_NAME = 23
_NODES = NodeCapacity()

@jsii.implements(ec2.IConnectable)
class Cache(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, users: Sequence[CacheUser], vpc_subnets: ec2.SubnetSelection | None=None, engine: CacheEngine=VALKEY, capacity: CacheCapacity=_NODES, cache_name: str | None=None, port: float | None=None, encryption_key: kms.IKey | None=None, parameters: Mapping[str, str] | None=None, rpo: Duration | None=None, rto: Duration | None=None, backup_retention: Duration | None=None, backup_window: str | None=None, maintenance_window: str | None=None, log_retention: logs.RetentionDays=logs.RetentionDays.ONE_YEAR, removal_policy: RemovalPolicy | None=None) -> None:
        self.cache = ...
        self.encryption_key = ...
        self.endpoint_address = ...
        self.endpoint_port = ...
        self.log_groups = ...
        self.replicas_per_shard = ...
        self.security_group = ...
        self.user_group = ...
        self.users = ...

    @property
    def connections(self) -> ec2.Connections:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: CacheAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def grant_connect(self, grantee: iam.IGrantable, *, user: str) -> iam.Grant:
        ...

    def metric(self, metric_name: str, *, statistic: str='Average', period: Duration | None=None, shard: int=1, node: int=1) -> cloudwatch.Metric:
        ...
