import jsii
from aws_cdk import Annotations, RemovalPolicy, Size
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_efs as efs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad.storage.efs.access import Directory, over_tls_and_identified
from pavedroad.storage.efs.alarms import FileSystemAlarmThresholds, file_system_alarms, file_system_metric
from pavedroad.version_stamp import stamp
_DEFAULT_THRESHOLDS = FileSystemAlarmThresholds()
_REGION = '[a-z]{2}(-[a-z]+)+-\\d'
_READ = ('elasticfilesystem:ClientMount',)
_WRITE = (*_READ, 'elasticfilesystem:ClientWrite')

@jsii.implements(ec2.IConnectable)
class FileSystem(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, vpc_subnets: ec2.SubnetSelection | None=None, encryption_key: kms.IKey | None=None, infrequent_access: efs.LifecyclePolicy=efs.LifecyclePolicy.AFTER_30_DAYS, archive: efs.LifecyclePolicy=efs.LifecyclePolicy.AFTER_90_DAYS, throughput_mode: efs.ThroughputMode=efs.ThroughputMode.ELASTIC, provisioned_throughput_mibps: float | None=None, replica_region: str | None=None, replica_key_arn: str | None=None, automatic_backups: bool=True, removal_policy: RemovalPolicy=RemovalPolicy.RETAIN) -> None:
        self.access_points = ...
        self.encryption_key = ...
        self.file_system = ...
        self.security_group = ...

    @property
    def connections(self) -> ec2.Connections:
        ...

    def add_access_point(self, construct_id: str, directory: Directory) -> efs.AccessPoint:
        ...

    def grant_read(self, grantee: iam.IGrantable, access_point: efs.IAccessPoint) -> iam.Grant:
        ...

    def grant_read_write(self, grantee: iam.IGrantable, access_point: efs.IAccessPoint) -> iam.Grant:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: FileSystemAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def metric_client_connections(self, *, statistic: str='Sum') -> cloudwatch.Metric:
        ...

    def metric_io_limit(self, *, statistic: str='Maximum') -> cloudwatch.Metric:
        ...
