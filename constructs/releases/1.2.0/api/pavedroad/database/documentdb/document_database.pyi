from collections.abc import Mapping
from functools import partial
import jsii
from aws_cdk import CfnDeletionPolicy, Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_docdb as docdb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.database.documentdb.alarms import DocumentDatabaseAlarmThresholds, document_database_alarms, document_database_metric
from pavedroad.database.documentdb.findings import acknowledge_managed_secret_and_audit
from pavedroad.database.documentdb.recovery import DocumentDatabaseRecovery, instances_for
from pavedroad.database.documentdb.secret import grant_read_managed_secret
from pavedroad.database.identifiers import check_identifier, unique_identifier
from pavedroad.database.invariants import hold_encryption, hold_parameters
from pavedroad.database.log_groups import exported_log_groups
from pavedroad.database.rds.events import admit_events
from pavedroad.database.weakenings import warn
from pavedroad.database.windows import check_windows
from pavedroad.invariants import hold
from pavedroad.network.placement import closed_subnets, zones_in_turn
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp
_DEFAULT_THRESHOLDS = DocumentDatabaseAlarmThresholds()
_DEFAULT_PORT = 27017
_MOST_INSTANCES = 16
_LOGS = ('audit', 'profiler')
_FORCED = {'audit_logs': 'enabled', 'tls': 'tls1.2+'}
_PARAMETERS = {'profiler': 'enabled', 'profiler_threshold_ms': '100'}
_RESERVED_ADMINISTRATORS = frozenset({'admin', 'administrator', 'docdb', 'master', 'mongo', 'root', 'serviceadmin'})
_CRITICAL = {'db-cluster': ['configuration change', 'failover', 'failure', 'maintenance'], 'db-instance': ['failure']}

@jsii.implements(ec2.IConnectable)
class DocumentDatabase(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, vpc_subnets: ec2.SubnetSelection | None=None, engine_version: str='5.0.0', instance_type: ec2.InstanceType | None=None, instances: int | None=None, administrator_name: str='dbadmin', port: float=27117, encryption_key: kms.IKey | None=None, recovery: DocumentDatabaseRecovery | None=None, parameters: Mapping[str, str] | None=None, maintenance_window: str | None=None, event_topic: sns.ITopic | None=None, log_retention: logs.RetentionDays=logs.RetentionDays.ONE_YEAR, snapshot_identifier: str | None=None, cluster_identifier: str | None=None, deletion_protection: bool=True, removal_policy: RemovalPolicy=RemovalPolicy.SNAPSHOT) -> None:
        self.cluster = ...
        self.encryption_key = ...
        self.event_subscriptions = ...
        self.instances = ...
        self.log_groups = ...
        self.parameter_group = ...
        self.port = ...
        self.security_group = ...

    @property
    def connections(self) -> ec2.Connections:
        ...

    @property
    def endpoint(self) -> str:
        ...

    @property
    def reader_endpoint(self) -> str:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: DocumentDatabaseAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def grant_read_secret(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def metric(self, metric_name: str, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_cpu_utilization(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_database_connections(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_replica_lag(self, *, statistic: str='Maximum', period: Duration | None=None) -> cloudwatch.Metric:
        ...
