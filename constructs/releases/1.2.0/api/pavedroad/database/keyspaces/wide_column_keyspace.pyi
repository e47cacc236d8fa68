from collections.abc import Sequence
from aws_cdk import Annotations, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cassandra as cassandra
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.database.keyspaces.alarms import WideColumnAlarmThresholds, keyspace_metric, table_alarms
from pavedroad.database.keyspaces.recovery import check_recovery
from pavedroad.database.keyspaces.schema import NAME, NAME_IN_WORDS, WideColumnTable, check_tables
from pavedroad.database.keyspaces.tables import keyspace_table
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp
_DEFAULT_THRESHOLDS = WideColumnAlarmThresholds()
_SYSTEM = ('system', 'system_schema', 'system_schema_mcs')

class WideColumnKeyspace(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, tables: Sequence[WideColumnTable], keyspace_name: str | None=None, encryption_key: kms.IKey | None=None, replica_regions: Sequence[str]=(), rpo: Duration | None=None, rto: Duration | None=None, removal_policy: RemovalPolicy=RemovalPolicy.RETAIN) -> None:
        self.encryption_key = ...
        self.keyspace = ...
        self.tables = ...

    def add_alarms(self, topic: sns.ITopic, thresholds: WideColumnAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def grant_read(self, grantee: iam.IGrantable, *, table: str) -> iam.Grant:
        ...

    def grant_write(self, grantee: iam.IGrantable, *, table: str) -> iam.Grant:
        ...

    def grant_read_write(self, grantee: iam.IGrantable, *, table: str) -> iam.Grant:
        ...

    def metric(self, metric_name: str, *, table: str, operation: str | None=None, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...
