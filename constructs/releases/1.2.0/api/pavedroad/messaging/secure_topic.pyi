from collections.abc import Mapping, Sequence
from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.messaging.alarms import TopicAlarmThresholds, topic_alarms
from pavedroad.messaging.invariants import hold_topic
from pavedroad.messaging.secure_queue import SecureQueue
from pavedroad.observability.topics import admit_publisher
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp
_DEFAULT_THRESHOLDS = TopicAlarmThresholds()
_SERVICE = '[a-z0-9.-]+\\.amazonaws\\.com'
_WITHOUT_CONDITIONS = 'events.amazonaws.com'

class SecureTopic(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, encryption_key: kms.IKey | None=None, publishers: Sequence[str]=(), fifo: bool=False, content_based_deduplication: bool=False, display_name: str | None=None) -> None:
        self.encryption_key = ...
        self.fifo = ...
        self.topic = ...

    def grant_publish(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def deliver_to(self, queue: SecureQueue, *, filter_policy: Mapping[str, Sequence[str]] | None=None, raw_message_delivery: bool=True) -> sns.Subscription:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: TopicAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def metric(self, metric_name: str, *, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_messages_published(self, *, period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_failed_deliveries(self, *, period: Duration | None=None) -> cloudwatch.Metric:
        ...
