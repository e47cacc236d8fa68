from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Annotations, Aws, Duration, Names, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.observability.cloudwatch.graphs import DashboardGraphs
from pavedroad.observability.firehose.alarms import LogShippingAlarmThresholds, delivery_alarms, delivery_metric
from pavedroad.observability.firehose.destinations import DeliverySettings, Destination
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.storage.s3.secure_bucket import SecureBucket
from pavedroad.version_stamp import stamp
_DEFAULT_THRESHOLDS = LogShippingAlarmThresholds()

@dataclass(frozen=True, kw_only=True)
class Buffering:
    interval: Duration | None = None
    size_mebibytes: float = 4

class LogShipping(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, destination: Destination, log_groups: Sequence[logs.ILogGroup]=(), all_log_groups: bool=False, excluded_log_groups: Sequence[str]=(), filter_pattern: str='', encryption_key: kms.IKey | None=None, backup_bucket: s3.IBucket | None=None, backup_all: bool=False, buffering: Buffering | None=None, retry_duration: Duration | None=None) -> None:
        self.backup_bucket = ...
        self.delivery_stream = ...
        self.encryption_key = ...
        self.log_group = ...
        self.role = ...
        self.subscription_role = ...

    def add_log_group(self, log_group: logs.ILogGroup) -> None:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: LogShippingAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def dashboard_widgets(self, graphs: DashboardGraphs) -> list[cloudwatch.IWidget]:
        ...
_Stream = firehose.CfnDeliveryStream
