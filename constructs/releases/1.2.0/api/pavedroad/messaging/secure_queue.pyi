from aws_cdk import Annotations, Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.durations import check_seconds
from pavedroad.messaging.alarms import QueueAlarmThresholds, queue_alarms
from pavedroad.messaging.queues import dead_letter_queue, encrypted_queue, oldest_message_age, visible_messages
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp
_DEFAULT_THRESHOLDS = QueueAlarmThresholds()

class SecureQueue(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, encryption_key: kms.IKey | None=None, visibility_timeout: Duration | None=None, max_receives: int=5, message_retention: Duration | None=None, delivery_delay: Duration | None=None, receive_wait: Duration | None=None, fifo: bool=False, content_based_deduplication: bool=False, removal_policy: RemovalPolicy=RemovalPolicy.RETAIN) -> None:
        self.dead_letter_queue = ...
        self.encryption_key = ...
        self.fifo = ...
        self.queue = ...

    def grant_send(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def grant_consume(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: QueueAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def metric_oldest_message_age(self, *, statistic: str='Maximum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_waiting_messages(self) -> cloudwatch.Metric:
        ...

    def metric_dead_letters(self) -> cloudwatch.Metric:
        ...
