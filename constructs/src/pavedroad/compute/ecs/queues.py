"""Queues of the constructs on Fargate: encrypted, reached through TLS only, kept."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IConstruct

from pavedroad.invariants import hold
from pavedroad.security.acknowledgments import acknowledge


def encrypted_queue(
    scope: Construct,
    construct_id: str,
    *,
    encryption_key: kms.IKey,
    retention: Duration,
    visibility_timeout: Duration | None = None,
    dead_letter_queue: sqs.DeadLetterQueue | None = None,
) -> sqs.Queue:
    """A queue whose messages are encrypted with ``encryption_key``; it is kept when the stack is deleted.

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
        dead_letter_queue=dead_letter_queue,
        removal_policy=RemovalPolicy.RETAIN,
    )
    resource = queue.node.default_child
    assert isinstance(resource, sqs.CfnQueue)
    hold(
        scope,
        f"The queue {construct_id} is encrypted with a key of the customer; its KmsMasterKeyId was removed",
        lambda: bool(resource.kms_master_key_id),
    )
    return queue


def dead_letter_queue(scope: Construct, construct_id: str, *, encryption_key: kms.IKey) -> sqs.Queue:
    """An encrypted queue that keeps what failed for 14 days, the longest that SQS offers."""
    return encrypted_queue(scope, construct_id, encryption_key=encryption_key, retention=Duration.days(14))


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
