"""The topics that alarms tell, by severity."""

from collections.abc import Sequence

from aws_cdk import Annotations, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.observability.severities import AlarmSeverities, AlarmSeverity, route
from pavedroad.observability.sns.subscriptions import AlarmSubscriptions, configure_chat, subscribe
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.version_stamp import stamp

# What each service says of where a message comes from; SNS and KMS compare it.
_SOURCES = {
    "cloudwatch.amazonaws.com": "arn:{partition}:cloudwatch:{region}:{account}:alarm:*",
    "budgets.amazonaws.com": "arn:{partition}:budgets::{account}:*",
    "costalerts.amazonaws.com": "arn:{partition}:ce::{account}:anomalysubscription/*",
}
_NOBODY = AlarmSubscriptions()


class AlarmTopics(Construct):
    """An encrypted topic for critical alarms and one for warnings, with those who hear of them.

    Alarms reach the topics under conditions: CloudWatch, AWS Budgets and Cost Anomaly Detection for this account only.
    EventBridge uses a role, since the policy of a key cannot tie it to an account: ``event_target`` gives the target.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        critical: Who hears of critical alarms. Left out: nobody, which leaves the warning
            ``pavedroad:alarms-nobody``.
        warning: Who hears of warnings. Left out: nobody, which leaves that warning too.
        publishers: Services that may publish: ``cloudwatch.amazonaws.com``, ``budgets.amazonaws.com``,
            ``costalerts.amazonaws.com``. Left out: CloudWatch and AWS Budgets.
        encryption_key: Encrypts messages at rest. Left out: a new key with yearly rotation, kept when the stack is
            deleted. A key that is not of this app must admit the publishers itself.
        dead_letter_queue: Keep for 14 days what could not be delivered by e-mail or HTTPS. Left out: kept. ``False``
            leaves the warning ``pavedroad:alarms-no-dead-letters``.

    Attributes:
        critical: The L2 topic of critical alarms.
        warning: The L2 topic of warnings.
        encryption_key: The key in use.
        dead_letter_queue: The queue; ``None`` where there is none.
        chat_role: The role of the chat channels, which may do nothing; ``None`` where there is no channel.

    Raises:
        InvalidArgumentsError: An address, an id or a publisher cannot work; all are named.

    Controls: SNS.1 (encryption), SNS.4 (not public), SQS.1, CloudWatch.15 (actions), nag SNS3, SQS2 and SQS4, NIST
        AC-3, IR-6, SC-8, SC-12, SC-28, SI-4.

    Example:
        >>> from pavedroad.observability.sns.subscriptions import AlarmSubscriptions, SlackChannel
        >>> alarms = AlarmTopics(
        ...     stack,
        ...     "Alarms",
        ...     critical=AlarmSubscriptions(
        ...         https_urls=["https://events.pagerduty.example.com/integration/orders/enqueue"],
        ...         slack_channels=[SlackChannel(workspace_id="T0123456789", channel_id="C0123456789")],
        ...     ),
        ...     warning=AlarmSubscriptions(email_addresses=["orders@example.com"]),
        ... )
        >>> failing = notifying_alarm(
        ...     stack,
        ...     "ServerErrorsAlarm",
        ...     metric=function.metric_errors(),
        ...     threshold=0,
        ...     description="Orders fail. Look at the function's log.",
        ...     topic=alarms.by_severity(),
        ... )
        >>> rule = events.Rule(
        ...     stack,
        ...     "StoppedTasks",
        ...     event_pattern=events.EventPattern(source=["aws.ecs"], detail_type=["ECS Task State Change"]),
        ...     targets=[alarms.event_target(AlarmSeverity.WARNING)],
        ... )
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        critical: AlarmSubscriptions = _NOBODY,
        warning: AlarmSubscriptions = _NOBODY,
        publishers: Sequence[str] = ("cloudwatch.amazonaws.com", "budgets.amazonaws.com"),
        encryption_key: kms.IKey | None = None,
        dead_letter_queue: bool = True,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        critical.check(arguments, "critical")
        warning.check(arguments, "warning")
        _check_publishers(arguments, publishers)
        arguments.check()

        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Alarms of {self.node.path}")
        self.dead_letter_queue = self._dead_letter_queue() if dead_letter_queue else None
        self.critical = self._topic("Critical", critical)
        self.warning = self._topic("Warning", warning)
        for publisher in publishers:
            self._admit(publisher)
        self.chat_role = configure_chat(self, [(self.critical, critical), (self.warning, warning)])
        self._event_role: ManagedPolicyRole | None = None
        self._routes = 0
        self._warn(critical, warning, dead_letters=dead_letter_queue)
        stamp(self, self.critical)

    def by_severity(self, severities: AlarmSeverities | None = None) -> sns.ITopic:
        """A topic to give to ``add_alarms``: each alarm then tells the topic that its severity asks for.

        Args:
            severities: The severity of each alarm by its construct's id. Left out: those of ``AlarmSeverities()``.
        """
        self._routes += 1
        # What does not choose, such as another construct's grant, means the topic of warnings.
        topic = sns.Topic.from_topic_attributes(
            self,
            f"BySeverity{self._routes}",
            topic_arn=self.warning.topic_arn,
            key_arn=self.encryption_key.key_arn,
        )
        topics = {AlarmSeverity.CRITICAL: self.critical, AlarmSeverity.WARNING: self.warning}
        route(topic, severities or AlarmSeverities(), topics)
        return topic

    def event_target(
        self, severity: AlarmSeverity = AlarmSeverity.WARNING, *, message: events.RuleTargetInput | None = None
    ) -> events.IRuleTarget:
        """The target with which an EventBridge rule of this account tells the topic of ``severity``.

        Args:
            severity: Left out: warning.
            message: What the message says. Left out: the whole event.
        """
        from aws_cdk import aws_events_targets as targets

        topic = self.critical if severity is AlarmSeverity.CRITICAL else self.warning
        return targets.SnsTopic(topic, role=self._role_of_events().without_policy_updates(), message=message)

    def grant_publish(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` publish to both topics, the use of their key included."""
        self.encryption_key.grant(grantee, "kms:Decrypt", "kms:GenerateDataKey")
        topics = [self.critical.topic_arn, self.warning.topic_arn]
        return iam.Grant.add_to_principal(grantee=grantee, actions=["sns:Publish"], resource_arns=topics)

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Tell ``topic``, which must be another, when messages could not be delivered.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
        """
        if self.dead_letter_queue is None:
            return []
        undelivered = notifying_alarm(
            self,
            "DeadLettersAlarm",
            metric=self.dead_letter_queue.metric_approximate_number_of_messages_visible(statistic="Maximum"),
            threshold=0,
            description="Alarms did not reach those who should hear of them. Look at the messages in the dead-letter "
            "queue, then at the subscriptions.",
            topic=topic,
            evaluation_periods=1,
            missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        return [undelivered]

    def _topic(self, construct_id: str, subscriptions: AlarmSubscriptions) -> sns.Topic:
        topic = sns.Topic(self, construct_id, master_key=self.encryption_key, enforce_ssl=True)
        subscribe(self, topic, subscriptions, self.dead_letter_queue)
        resource = topic.node.default_child
        assert isinstance(resource, sns.CfnTopic)
        hold(
            self,
            f"AlarmTopics is encrypted at rest; the KmsMasterKeyId of its topic {construct_id} was removed",
            lambda: bool(resource.kms_master_key_id),
        )
        return topic

    def _dead_letter_queue(self) -> sqs.Queue:
        queue = sqs.Queue(
            self,
            "DeadLetters",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=self.encryption_key,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.RETAIN,
        )
        self._let_use_key("sns.amazonaws.com", "arn:{partition}:sns:{region}:{account}:*")
        acknowledge(
            queue, "AwsSolutions-SQS3", "It is a dead-letter queue itself; what it holds is watched by an alarm."
        )
        return queue

    def _admit(self, publisher: str) -> None:
        principal = self._let_use_key(publisher, _SOURCES[publisher])
        for topic in (self.critical, self.warning):
            topic.add_to_resource_policy(
                iam.PolicyStatement(principals=[principal], actions=["sns:Publish"], resources=[topic.topic_arn])
            )

    def _let_use_key(self, service: str, source: str) -> iam.ServicePrincipal:
        stack = Stack.of(self)
        source = source.format(partition=stack.partition, region=stack.region, account=stack.account)
        # Without the conditions another account's alarm could use the service as its deputy.
        conditions = {"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": source}}
        principal = iam.ServicePrincipal(service, conditions=conditions)
        self.encryption_key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[principal], actions=["kms:Decrypt", "kms:GenerateDataKey*"], resources=["*"]
            )
        )
        return principal

    def _role_of_events(self) -> ManagedPolicyRole:
        if self._event_role is None:
            own_account = {"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
            self._event_role = ManagedPolicyRole(
                self,
                "EventRole",
                assumed_by=iam.ServicePrincipal("events.amazonaws.com", conditions=own_account),
                description="EventBridge: publishes events to the topics of alarms",
            )
            self.grant_publish(self._event_role)
        return self._event_role

    def _warn(self, critical: AlarmSubscriptions, warning: AlarmSubscriptions, *, dead_letters: bool) -> None:
        annotations = Annotations.of(self)
        for severity, subscriptions in ((AlarmSeverity.CRITICAL, critical), (AlarmSeverity.WARNING, warning)):
            if subscriptions.is_empty:
                annotations.add_warning_v2(
                    "pavedroad:alarms-nobody", f"Nobody is subscribed to the topic of {severity} alarms."
                )
        if not dead_letters:
            annotations.add_warning_v2(
                "pavedroad:alarms-no-dead-letters", "An alarm that cannot be delivered is lost without a trace."
            )


def _check_publishers(arguments: Arguments, publishers: Sequence[str]) -> None:
    for publisher in publishers:
        if publisher == "events.amazonaws.com":
            arguments.refuse(
                "publishers",
                publisher,
                "EventBridge cannot be admitted to a key under a condition; give its rules event_target()",
            )
        else:
            arguments.one_of("publishers", publisher, _SOURCES)
