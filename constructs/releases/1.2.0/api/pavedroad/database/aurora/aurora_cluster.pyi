from collections.abc import Mapping, Sequence
from functools import partial
import jsii
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_applicationautoscaling as autoscaling
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
from pavedroad.database.aurora.alarms import AuroraClusterAlarmThresholds, cluster_alarms
from pavedroad.database.aurora.capacity import AuroraReaderScaling, AuroraServerlessCapacity, scale_readers
from pavedroad.database.aurora.global_cluster import AuroraGlobalCluster, acknowledge_no_backtrack, make_primary, make_secondary
from pavedroad.database.aurora.members import Members, acknowledge_membership, members_of, resource_of, restore_from_snapshot
from pavedroad.database.aurora.plan import plan_cluster
from pavedroad.database.aurora.recovery import AuroraRecovery
from pavedroad.database.invariants import hold_encryption
from pavedroad.database.log_groups import exported_log_groups
from pavedroad.database.rds.administrator import administrator_credentials, rotate_administrator, rotation_subnets
from pavedroad.database.rds.events import cluster_sources, subscribe_to_events
from pavedroad.database.rds.invariants import hold_private, hold_tls
from pavedroad.database.rds.monitoring import DatabaseMonitoring, enhanced_monitoring_role, insights_properties
from pavedroad.database.rds.proxies import cluster_target, tls_proxy
from pavedroad.database.weakenings import warn
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp
_DEFAULT_THRESHOLDS = AuroraClusterAlarmThresholds()

@jsii.implements(ec2.IConnectable)
class AuroraCluster(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, engine: rds.IClusterEngine, vpc: ec2.IVpc, vpc_subnets: ec2.SubnetSelection | None=None, serverless: AuroraServerlessCapacity | None=None, instance_type: ec2.InstanceType | None=None, readers: int | None=None, reader_scaling: AuroraReaderScaling | None=None, database_name: str | None=None, administrator_name: str='dbadmin', port: float | None=None, encryption_key: kms.IKey | None=None, recovery: AuroraRecovery | None=None, monitoring: DatabaseMonitoring | None=None, parameters: Mapping[str, str] | None=None, maintenance_window: str | None=None, iam_authentication: bool=True, log_retention: logs.RetentionDays=logs.RetentionDays.ONE_YEAR, snapshot_identifier: str | None=None, cluster_identifier: str | None=None, global_cluster: AuroraGlobalCluster | None=None, deletion_protection: bool=True, removal_policy: RemovalPolicy=RemovalPolicy.SNAPSHOT) -> None:
        self.cluster = ...
        self.encryption_key = ...
        self.event_subscriptions = ...
        self.global_cluster = ...
        self.instances = ...
        self.log_groups = ...
        self.parameter_group = ...
        self.reader_scaling = ...
        self.readers = ...
        self.security_group = ...

    @property
    def connections(self) -> ec2.Connections:
        ...

    @property
    def endpoint(self) -> rds.Endpoint:
        ...

    @property
    def reader_endpoint(self) -> rds.Endpoint:
        ...

    @property
    def secret(self) -> secretsmanager.ISecret | None:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: AuroraClusterAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
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

    def metric_capacity_utilization(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_replica_lag(self, *, statistic: str='Maximum', period: Duration | None=None) -> cloudwatch.Metric:
        ...
