"""Queues as every construct makes them: encrypted, reached through TLS only, kept."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IConstruct

from pavedroad.messaging.invariants import hold_queue
from pavedroad.security.acknowledgments import acknowledge


def encrypted_queue(
    scope: Construct,
    construct_id: str,
    *,
    encryption_key: kms.IKey,
    retention: Duration,
    visibility_timeout: Duration | None = None,
    delivery_delay: Duration | None = None,
    receive_wait: Duration | None = None,
    fifo: bool = False,
    content_based_deduplication: bool = False,
    dead_letter_queue: sqs.DeadLetterQueue | None = None,
    removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
) -> sqs.Queue:
    """A queue whose messages are encrypted with ``encryption_key``; it is kept when the stack is deleted.

    Args:
        scope: The parent construct.
        construct_id: The id in it.
        encryption_key: Encrypts the messages.
        retention: How long a message may wait.
        visibility_timeout: How long a message is hidden once received. Left out: 30 seconds, as SQS has it.
        delivery_delay: How long a new message is hidden. Left out: not at all.
        receive_wait: How long a receiver waits for a message. Left out: not at all.
        fifo: In order and each once. Left out: neither is promised.
        content_based_deduplication: Messages of the same text are one; of FIFO queues only. Left out: they are not.
        dead_letter_queue: Where messages go that are received too often. Left out: they are tried until they expire.
        removal_policy: What becomes of the queue when it leaves the stack. Left out: it is kept.

    Controls: SQS.1 (encrypted), SQS.3 (not public), nag SQS4 (TLS), NIST SC-8 and SC-28.
    """
    queue = sqs.Queue(
        scope,
        construct_id,
        encryption=sqs.QueueEncryption.KMS,
        encryption_master_key=encryption_key,
        # Each key serves an hour of messages: fewer calls to KMS, and the same key policy decides.
        data_key_reuse=Duration.hours(1),
        enforce_ssl=True,
        retention_period=retention,
        visibility_timeout=visibility_timeout,
        delivery_delay=delivery_delay,
        receive_message_wait_time=receive_wait,
        # For a standard queue SQS takes the absence only, not false.
        fifo=fifo or None,
        content_based_deduplication=content_based_deduplication or None,
        dead_letter_queue=dead_letter_queue,
        removal_policy=removal_policy,
    )
    hold_queue(scope, queue)
    return queue


def dead_letter_queue(
    scope: Construct,
    construct_id: str,
    *,
    encryption_key: kms.IKey,
    fifo: bool = False,
    removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
) -> sqs.Queue:
    """An encrypted queue that keeps what failed for 14 days, the longest that SQS offers.

    That of a FIFO queue must be one too.
    """
    return encrypted_queue(
        scope,
        construct_id,
        encryption_key=encryption_key,
        retention=Duration.days(14),
        fifo=fifo,
        removal_policy=removal_policy,
    )


def acknowledge_dead_letter_queue(queue: IConstruct) -> None:
    """Say why a dead-letter queue of something else than a queue has none of its own."""
    acknowledge(
        queue,
        "AwsSolutions-SQS3",
        "It is a dead-letter queue itself, of a schedule; an alarm goes off as soon as something arrives in it.",
    )


def visible_messages(queue: sqs.IQueue) -> cloudwatch.Metric:
    """Messages that wait, the most in each minute."""
    return queue.metric_approximate_number_of_messages_visible(statistic="Maximum", period=Duration.minutes(1))


def oldest_message_age(
    queue: sqs.IQueue, *, statistic: str = "Maximum", period: Duration | None = None
) -> cloudwatch.Metric:
    """Seconds that the oldest message has waited; every minute unless ``period`` says otherwise."""
    return queue.metric_approximate_age_of_oldest_message(statistic=statistic, period=period or Duration.minutes(1))
