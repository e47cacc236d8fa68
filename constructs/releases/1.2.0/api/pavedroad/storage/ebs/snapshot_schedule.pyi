from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from aws_cdk import CfnTag, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dlm as dlm
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.storage.ebs.snapshot_role import snapshot_role
from pavedroad.version_stamp import stamp
_MOST_COPIES = 3
_MOST_DAYS = 36500

@dataclass(frozen=True, kw_only=True)
class SnapshotCopy:
    region: str
    encryption_key_arn: str
    retention_days: int = 35

    def check(self, arguments: Arguments) -> None:
        ...

class SnapshotSchedule(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, target_tags: Mapping[str, str], resource_type: str='VOLUME', schedule: str='cron(0 3 * * ? *)', retention_days: int=35, copies: Sequence[SnapshotCopy]=(), encryption_keys: Sequence[kms.IKey]=(), tags_to_add: Mapping[str, str] | None=None) -> None:
        self.policy = ...
        self.role = ...

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        ...

    def metric_snapshots_failed(self, *, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_copies_failed(self, *, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...
