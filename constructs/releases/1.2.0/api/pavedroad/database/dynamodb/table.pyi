from collections.abc import Sequence
from aws_cdk import Annotations, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.database.dynamodb.alarms import TableAlarmThresholds, table_alarms, table_metric
from pavedroad.database.dynamodb.billing import OnDemandBilling, TableBilling, check_billing, construct_billing, set_write_capacity
from pavedroad.database.dynamodb.checks import check_indexes, check_names, check_replication
from pavedroad.database.dynamodb.recovery import is_strongly_consistent
from pavedroad.database.dynamodb.replicas import ReplicaSettings, TableReplica, check_replicas, set_replicas, tables_elsewhere
from pavedroad.database.dynamodb.table_invariants import hold_table
from pavedroad.database.recovery import check_backup_retention
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp
_DEFAULT_THRESHOLDS = TableAlarmThresholds()
_ON_DEMAND = OnDemandBilling()

class Table(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, partition_key: dynamodb.Attribute, sort_key: dynamodb.Attribute | None=None, table_name: str | None=None, encryption_key: kms.IKey | None=None, billing: TableBilling=_ON_DEMAND, global_secondary_indexes: Sequence[dynamodb.GlobalSecondaryIndexPropsV2]=(), local_secondary_indexes: Sequence[dynamodb.LocalSecondaryIndexProps]=(), time_to_live_attribute: str | None=None, stream: dynamodb.StreamViewType | None=None, replicas: Sequence[TableReplica]=(), witness_region: str | None=None, rpo: Duration | None=None, rto: Duration | None=None, backup_retention: Duration | None=None, contributor_insights: dynamodb.ContributorInsightsMode | None=dynamodb.ContributorInsightsMode.THROTTLED_KEYS, resource_policy: iam.PolicyDocument | None=None, warm_throughput: dynamodb.WarmThroughput | None=None, table_class: dynamodb.TableClass=dynamodb.TableClass.STANDARD, deletion_protection: bool=True, removal_policy: RemovalPolicy=RemovalPolicy.RETAIN) -> None:
        self.encryption_key = ...
        self.replicas = ...
        self.strongly_consistent = ...
        self.table = ...

    def add_alarms(self, topic: sns.ITopic, thresholds: TableAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def grant_read_write(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def grant_stream(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def metric(self, metric_name: str, *, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_consumed_read_capacity_units(self, *, period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_consumed_write_capacity_units(self, *, period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_read_throttle_events(self, *, period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_write_throttle_events(self, *, period: Duration | None=None) -> cloudwatch.Metric:
        ...
