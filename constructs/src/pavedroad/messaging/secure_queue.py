"""The queue."""

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
    """An SQS queue with dead letters: encrypted, reached through TLS only, kept when the stack is deleted.

    A message that is received too often without being deleted is put among the dead letters and stays there for 14
    days.

    **What cannot be weakened**: encryption with a key of yours, and TLS, of both queues.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        encryption_key: Encrypts messages at rest. Left out: a new key with yearly rotation, kept when the stack is
            deleted. A service that sends, such as S3, must be admitted to the key.
        visibility_timeout: How long a message is hidden from others once received: longer than the work on it takes,
            and six times the timeout of a Lambda function; at most 12 hours. Left out: 5 minutes.
        max_receives: How often a message is received before it is put among the dead letters, 1 to 1000. Left out: 5.
        message_retention: How long a message may wait, 1 minute to 14 days. Left out: 4 days.
        delivery_delay: How long a new message is hidden, at most 15 minutes. Left out: not at all.
        receive_wait: How long a receiver waits for a message that is not there yet, at most 20 seconds: fewer requests
            are paid for. Left out: 20 seconds.
        fifo: Keep the order and deliver each message once; the dead-letter queue is then FIFO too. It cannot be changed
            later. Left out: neither is promised, and throughput has no limit.
        content_based_deduplication: Take messages of the same text within 5 minutes for one; with ``fifo`` only. Left
            out: senders give each message an id.
        removal_policy: What becomes of the queues when they leave the stack. Left out: they are kept. Anything else
            leaves the warning ``pavedroad:queue-not-retained``.

    Attributes:
        queue: The L2 queue, with the id ``Resource``.
        dead_letter_queue: Messages that could not be worked off.
        encryption_key: The key in use.
        fifo: Whether the queues are FIFO.

    Raises:
        InvalidArgumentsError: An argument cannot work; the message names all that cannot.

    Controls: SQS.1 (encrypted), SQS.3 (not public), KMS.4, nag SQS3 and SQS4, NIST CP-10, SC-5, SC-8, SC-12, SC-28,
        SI-4.

    Example:
        >>> from aws_cdk import Duration
        >>> from pavedroad import SecureQueue
        >>> orders = SecureQueue(stack, "Orders", visibility_timeout=Duration.minutes(2), max_receives=3)
        >>> sending = orders.grant_send(role)
        >>> receiving = orders.grant_consume(function)
        >>> alarms = orders.add_alarms(topic, QueueAlarmThresholds(oldest_message_age=Duration.minutes(10)))

    Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        encryption_key: kms.IKey | None = None,
        visibility_timeout: Duration | None = None,
        max_receives: int = 5,
        message_retention: Duration | None = None,
        delivery_delay: Duration | None = None,
        receive_wait: Duration | None = None,
        fifo: bool = False,
        content_based_deduplication: bool = False,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        check_seconds(arguments, "visibility_timeout", visibility_timeout, 0, 43200)
        check_seconds(arguments, "message_retention", message_retention, 60, 1_209_600)
        check_seconds(arguments, "delivery_delay", delivery_delay, 0, 900)
        check_seconds(arguments, "receive_wait", receive_wait, 0, 20)
        arguments.between("max_receives", max_receives, 1, 1000)
        if content_based_deduplication and not fifo:
            arguments.refuse("content_based_deduplication", value=True, reason="needs fifo=True")
        arguments.check()

        self.fifo = fifo
        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Messages of {self.node.path}")
        self.dead_letter_queue = dead_letter_queue(
            self, "DeadLetters", encryption_key=self.encryption_key, fifo=fifo, removal_policy=removal_policy
        )
        self.queue = encrypted_queue(
            self,
            "Resource",
            encryption_key=self.encryption_key,
            retention=message_retention or Duration.days(4),
            visibility_timeout=visibility_timeout or Duration.minutes(5),
            delivery_delay=delivery_delay,
            receive_wait=receive_wait or Duration.seconds(20),
            fifo=fifo,
            content_based_deduplication=content_based_deduplication,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letter_queue, max_receive_count=max_receives),
            removal_policy=removal_policy,
        )
        if removal_policy not in {RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE}:
            Annotations.of(self).add_warning_v2(
                "pavedroad:queue-not-retained", "Messages that wait are lost when the queue leaves its stack."
            )
        stamp(self)

    def grant_send(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` send messages, the use of the key included."""
        return self.queue.grant_send_messages(grantee)

    def grant_consume(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` receive and delete messages, decryption with the key included."""
        return self.queue.grant_consume_messages(grantee)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: QueueAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when messages wait too long or are given up.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``QueueAlarmThresholds``.
        """
        return queue_alarms(
            self,
            oldest_message_age=self.metric_oldest_message_age(),
            dead_letters=self.metric_dead_letters(),
            topic=topic,
            thresholds=thresholds,
            advice="Look at who works them off: whether it runs, keeps up and may use the key.",
        )

    def metric_oldest_message_age(
        self, *, statistic: str = "Maximum", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Seconds that the oldest message has waited; every minute unless ``period`` says otherwise."""
        return oldest_message_age(self.queue, statistic=statistic, period=period)

    def metric_waiting_messages(self) -> cloudwatch.Metric:
        """Messages that wait, the most in each minute."""
        return visible_messages(self.queue)

    def metric_dead_letters(self) -> cloudwatch.Metric:
        """Messages that could not be worked off, the most in each minute."""
        return visible_messages(self.dead_letter_queue)
