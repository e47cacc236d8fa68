from collections.abc import Mapping, Sequence
from functools import partial
import jsii
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.database.identifiers import check_identifier, unique_identifier
from pavedroad.database.invariants import hold_encryption
from pavedroad.database.log_groups import exported_log_groups
from pavedroad.database.rds.administrator import administrator_credentials, check_rotation, rotate_administrator, rotation_subnets
from pavedroad.database.rds.alarms import DatabaseAlarmThresholds, database_alarms
from pavedroad.database.rds.checks import MOST_REPLICAS, check_database_name
from pavedroad.database.rds.engines import check_administrator, check_insights, check_parameters, check_version, forced_tls_parameters, log_exports, traits_of
from pavedroad.database.rds.events import instance_sources, subscribe_to_events
from pavedroad.database.rds.instances import SharedSettings, acknowledge_own_backups, read_replica, resource_of, restore_from_snapshot
from pavedroad.database.rds.invariants import hold_private, hold_tls
from pavedroad.database.rds.monitoring import DatabaseMonitoring, enhanced_monitoring_role
from pavedroad.database.rds.proxies import instance_target, tls_proxy
from pavedroad.database.rds.recovery import DatabaseRecovery, needs_standby
from pavedroad.database.rds.storage import DatabaseStorage
from pavedroad.database.weakenings import warn
from pavedroad.database.windows import check_windows
from pavedroad.network.placement import closed_subnets, zones_in_turn
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp
_DEFAULT_THRESHOLDS = DatabaseAlarmThresholds()

@jsii.implements(ec2.IConnectable)
class Database(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, engine: rds.IInstanceEngine, vpc: ec2.IVpc, vpc_subnets: ec2.SubnetSelection | None=None, instance_type: ec2.InstanceType | None=None, database_name: str | None=None, administrator_name: str='dbadmin', port: float | None=None, encryption_key: kms.IKey | None=None, storage: DatabaseStorage | None=None, recovery: DatabaseRecovery | None=None, monitoring: DatabaseMonitoring | None=None, parameters: Mapping[str, str] | None=None, read_replicas: int=0, maintenance_window: str | None=None, iam_authentication: bool=True, log_retention: logs.RetentionDays=logs.RetentionDays.ONE_YEAR, snapshot_identifier: str | None=None, instance_identifier: str | None=None, deletion_protection: bool=True, removal_policy: RemovalPolicy=RemovalPolicy.SNAPSHOT) -> None:
        self.encryption_key = ...
        self.event_subscriptions = ...
        self.instance = ...
        self.log_groups = ...
        self.multi_az = ...
        self.parameter_group = ...
        self.read_replicas = ...
        self.security_group = ...

    @property
    def connections(self) -> ec2.Connections:
        ...

    @property
    def endpoint(self) -> rds.Endpoint:
        ...

    @property
    def secret(self) -> secretsmanager.ISecret:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: DatabaseAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def add_proxy(self, construct_id: str='Proxy', *, secrets: Sequence[secretsmanager.ISecret]=()) -> rds.DatabaseProxy:
        ...

    def grant_connect(self, grantee: iam.IGrantable, *, user: str) -> iam.Grant:
        ...

    def grant_read_secret(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def metric(self, metric_name: str, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_cpu_utilization(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_database_connections(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_free_storage_space(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_freeable_memory(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...
