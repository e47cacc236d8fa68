"""The topic."""

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
_SERVICE = r"[a-z0-9.-]+\.amazonaws\.com"
# A condition on the account stops EventBridge from publishing to a topic, and without one it is every account's deputy.
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
_WITHOUT_CONDITIONS = "events.amazonaws.com"


class SecureTopic(Construct):
    """An SNS topic that is encrypted at rest, refuses plain text and delivers to queues without losing a message.

    **What cannot be weakened**: encryption with a key of yours, and TLS.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        encryption_key: Encrypts messages at rest. Left out: a new key with yearly rotation, kept when the stack is
            deleted. A key that is not of this app must admit the publishers itself.
        publishers: AWS services that may publish for this account, such as ``s3.amazonaws.com``; they may use the key
            for that. EventBridge is refused: it publishes with a role. Left out: none, and roles are given access with
            ``grant_publish``.
        fifo: Keep the order and deliver each message once, to FIFO queues. It cannot be changed later. Left out:
            neither is promised.
        content_based_deduplication: Take messages of the same text within 5 minutes for one; with ``fifo`` only. Left
            out: publishers give each message an id.
        display_name: What e-mails of the topic come from. Left out: its name.

    Attributes:
        topic: The L2 topic, with the id ``Resource``.
        encryption_key: The key in use.
        fifo: Whether the topic is FIFO.

    Raises:
        InvalidArgumentsError: An argument cannot work; the message names all that cannot.

    Controls: SNS.1 (encrypted), SNS.4 (not public), KMS.4, nag SNS2 and SNS3, NIST AC-3, SC-8, SC-12, SC-28, SI-4.

    Example:
        >>> from pavedroad import SecureQueue, SecureTopic
        >>> orders = SecureTopic(stack, "Orders", encryption_key=key, publishers=["s3.amazonaws.com"])
        >>> publishing = orders.grant_publish(function)
        >>> invoices = SecureQueue(stack, "Invoices")
        >>> subscription = orders.deliver_to(invoices, filter_policy={"event": ["placed", "changed"]})
        >>> alarms = orders.add_alarms(topic)

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        encryption_key: kms.IKey | None = None,
        publishers: Sequence[str] = (),
        fifo: bool = False,
        content_based_deduplication: bool = False,
        display_name: str | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        for publisher in publishers:
            if publisher == _WITHOUT_CONDITIONS:
                arguments.refuse(
                    "publishers", publisher, "cannot be confined to this account; give the role of a rule grant_publish"
                )
            arguments.matches("publishers", publisher, _SERVICE, "a service principal such as 's3.amazonaws.com'")
        if content_based_deduplication and not fifo:
            arguments.refuse("content_based_deduplication", value=True, reason="needs fifo=True")
        arguments.check()

        self.fifo = fifo
        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Messages of {self.node.path}")
        self.topic = sns.Topic(
            self,
            "Resource",
            master_key=self.encryption_key,
            enforce_ssl=True,
            display_name=display_name,
            # For a standard topic SNS takes the absence only, not false.
            fifo=fifo or None,
            content_based_deduplication=content_based_deduplication or None,
        )
        for publisher in publishers:
            admit_publisher(self, self.topic, publisher)
        hold_topic(self, self.topic)
        stamp(self)

    def grant_publish(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` publish, the use of the key included."""
        self.encryption_key.grant(grantee, "kms:Decrypt", "kms:GenerateDataKey*")
        return self.topic.grant_publish(grantee)

    def deliver_to(
        self,
        queue: SecureQueue,
        *,
        filter_policy: Mapping[str, Sequence[str]] | None = None,
        raw_message_delivery: bool = True,
    ) -> sns.Subscription:
        """Deliver every message to ``queue``; what cannot be delivered is put among its dead letters.

        Args:
            queue: Of this account and region; FIFO where the topic is. A key that is not of this app must admit
                ``sns.amazonaws.com``.
            filter_policy: Values of message attributes, one of which a message must have to be delivered. Left out:
                all messages are.
            raw_message_delivery: Deliver the text as it was published, its attributes beside it. Left out: so.
                ``False``: in the JSON envelope of SNS.

        Raises:
            InvalidArgumentsError: One of the two is FIFO and the other is not.

        Source: https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html
        """
        arguments = Arguments(self)
        if queue.fifo != self.fifo:
            arguments.refuse("queue", queue.node.path, f"must have fifo={self.fifo}, as the topic has")
        arguments.check()
        self._let_sns_use_key(queue)
        queue.queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("sns.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[queue.queue.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": self.topic.topic_arn}},
            )
        )
        return sns.Subscription(
            queue,
            f"From{self.node.addr[-8:]}",
            topic=self.topic,
            protocol=sns.SubscriptionProtocol.SQS,
            endpoint=queue.queue.queue_arn,
            raw_message_delivery=raw_message_delivery,
            filter_policy={
                name: sns.SubscriptionFilter.string_filter(allowlist=list(values))
                for name, values in (filter_policy or {}).items()
            }
            or None,
            dead_letter_queue=queue.dead_letter_queue,
        )

    def add_alarms(
        self, topic: sns.ITopic, thresholds: TopicAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic``, which should be another, when messages could not be delivered or are lost.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``TopicAlarmThresholds``.
        """
        return topic_alarms(self, watched=self.topic, topic=topic, thresholds=thresholds)

    def metric(self, metric_name: str, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Any metric of the topic; every five minutes unless ``period`` says otherwise."""
        return self.topic.metric(metric_name, statistic=statistic, period=period or Duration.minutes(5))

    def metric_messages_published(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """Messages that were published; every five minutes unless ``period`` says otherwise."""
        return self.metric("NumberOfMessagesPublished", period=period)

    def metric_failed_deliveries(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """Deliveries that were given up; every five minutes unless ``period`` says otherwise."""
        return self.metric("NumberOfNotificationsFailed", period=period)

    def _let_sns_use_key(self, queue: SecureQueue) -> None:
        """The topics of the account, not this one: a key that named it could not encrypt it too."""
        topics = Stack.of(self).format_arn(service="sns", resource="*", arn_format=ArnFormat.NO_RESOURCE_NAME)
        queue.encryption_key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("sns.amazonaws.com")],
                actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                resources=["*"],
                conditions={"ArnLike": {"aws:SourceArn": topics}},
            )
        )
