"""Sends logs on to Splunk, Datadog, or what a collector passes them to."""

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
    """How much is collected before it is sent; Splunk gets 60 seconds and 5 MiB at most.

    Attributes:
        interval: From 0 to 15 minutes. Left out: 60 seconds.
        size_mebibytes: From 1 to 64 MiB. Left out: 4 MiB.
    """

    interval: Duration | None = None
    size_mebibytes: float = 4


class LogShipping(Construct):
    """An encrypted delivery stream that takes logs of CloudWatch Logs to another system.

    What the destination does not take stays in an encrypted bucket. Credentials are read from Secrets Manager by
    Firehose itself and stand in no template.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        destination: ``SplunkDestination``, ``DatadogDestination``, ``HttpDestination``, or ``CollectorDestination``,
            which is the way to AppDynamics.
        log_groups: The log groups that are sent; each can have two subscriptions. Left out: none here, see
            ``add_log_group``.
        all_log_groups: Send every log group of the account and region, those to come included, but for
            ``excluded_log_groups`` and the stream's own. An account has one such policy. Left out: not sent.
        excluded_log_groups: Names of log groups that ``all_log_groups`` leaves out. Left out: none.
        filter_pattern: Which events are sent, in the syntax of CloudWatch Logs. Left out: all.
        encryption_key: Encrypts the stream, the bucket and the delivery log. Left out: a new key with yearly rotation,
            kept when the stack is deleted.
        backup_bucket: Keeps what was not delivered. Left out: a new ``SecureBucket``.
        backup_all: Keep everything, not only what was not delivered. Left out: not kept.
        buffering: How much is collected before it is sent. Left out: 60 seconds or 4 MiB.
        retry_duration: How long a delivery is tried again, up to 2 hours. Left out: 1 hour.

    Attributes:
        delivery_stream: The L1 delivery stream, with the id ``Resource``.
        encryption_key: The key in use.
        backup_bucket: The bucket for what was not delivered.
        log_group: The delivery log: why something was not delivered.
        role: The role of Firehose.
        subscription_role: The role with which CloudWatch Logs writes to the stream.

    Raises:
        InvalidArgumentsError: A URL, size or duration cannot work, or arguments contradict each other; all are named.

    Controls: DataFirehose.1 and nag KDF1 (encryption at rest), CloudWatch.16 (retention), NIST AU-4, AU-6, AU-9, IA-5,
        SC-8, SC-12, SC-28.

    Example:
        >>> from aws_cdk import aws_secretsmanager as secretsmanager
        >>> from pavedroad.observability.firehose.destinations import DatadogDestination
        >>> api_key = secretsmanager.Secret.from_secret_name_v2(stack, "ApiKey", "datadog/api-key")
        >>> shipping = LogShipping(
        ...     stack,
        ...     "LogShipping",
        ...     destination=DatadogDestination(secret=api_key, attributes={"env": "production"}),
        ...     log_groups=[logs.LogGroup.from_log_group_name(stack, "Log", "/orders/application")],
        ... )
        >>> shipping.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        destination: Destination,
        log_groups: Sequence[logs.ILogGroup] = (),
        all_log_groups: bool = False,
        excluded_log_groups: Sequence[str] = (),
        filter_pattern: str = "",
        encryption_key: kms.IKey | None = None,
        backup_bucket: s3.IBucket | None = None,
        backup_all: bool = False,
        buffering: Buffering | None = None,
        retry_duration: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        buffering = buffering or Buffering()
        interval = (buffering.interval or Duration.minutes(1)).to_seconds()
        retry_seconds = (retry_duration or Duration.hours(1)).to_seconds()
        arguments = Arguments(self)
        destination.check(arguments)
        arguments.between("buffering.interval", interval, 0, 900)
        arguments.between("buffering.size_mebibytes", buffering.size_mebibytes, 1, 64)
        arguments.between("retry_duration", retry_seconds, 0, 7200)
        if excluded_log_groups and not all_log_groups:
            arguments.refuse("excluded_log_groups", list(excluded_log_groups), "needs all_log_groups=True")
        arguments.check()

        self._destination = destination
        self._filter_pattern = filter_pattern
        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Logs of {self.node.path}")
        self.backup_bucket = backup_bucket or self._own_bucket()
        self.log_group = encrypted_log_group(self, "DeliveryLog", encryption_key=self.encryption_key)
        log_stream = logs.LogStream(self, "DeliveryLogStream", log_group=self.log_group, log_stream_name="delivery")
        self.role = self._role()
        delivery = destination.delivery(
            DeliverySettings(
                role_arn=self.role.role_arn,
                backup=self._backup(log_stream),
                backup_all=backup_all,
                buffer_seconds=interval,
                buffer_mebibytes=buffering.size_mebibytes,
                retry_seconds=retry_seconds,
                logging=self._logging(log_stream),
            )
        )
        self.delivery_stream = firehose.CfnDeliveryStream(
            self,
            "Resource",
            delivery_stream_type="DirectPut",
            delivery_stream_encryption_configuration_input=_Stream.DeliveryStreamEncryptionConfigurationInputProperty(
                key_type="CUSTOMER_MANAGED_CMK", key_arn=self.encryption_key.key_arn
            ),
            splunk_destination_configuration=delivery.splunk,
            http_endpoint_destination_configuration=delivery.http_endpoint,
        )
        if self.role.policy:
            self.delivery_stream.node.add_dependency(self.role.policy)
        self.subscription_role = self._subscription_role()
        for log_group in log_groups:
            self.add_log_group(log_group)
        if all_log_groups:
            self._subscribe_account(excluded_log_groups)
        self._hold()
        stamp(self)

    def add_log_group(self, log_group: logs.ILogGroup) -> None:
        """Send a further log group."""
        number = sum(isinstance(each, logs.CfnSubscriptionFilter) for each in self.node.children) + 1
        subscription = logs.CfnSubscriptionFilter(
            self,
            f"Subscription{number}",
            log_group_name=log_group.log_group_name,
            filter_pattern=self._filter_pattern,
            destination_arn=self.delivery_stream.attr_arn,
            role_arn=self.subscription_role.role_arn,
        )
        self._after_grant(subscription)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: LogShippingAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when logs are not delivered, arrive late or are refused.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``LogShippingAlarmThresholds``.
        """
        return delivery_alarms(
            self,
            stream_name=self.delivery_stream.ref,
            metric_prefix=self._destination.metric_prefix,
            topic=topic,
            thresholds=thresholds,
        )

    def dashboard_widgets(self, graphs: DashboardGraphs) -> list[cloudwatch.IWidget]:
        """Its row on a ``ServiceDashboard``: freshness, traffic, success and throttles of the delivery."""
        prefix = self._destination.metric_prefix
        return [
            graphs.graph(title, [delivery_metric(self.delivery_stream.ref, name, statistic, graphs.period)])
            for title, name, statistic in (
                ("Latency: age of the oldest record (s)", f"{prefix}.DataFreshness", "Maximum"),
                ("Traffic: incoming bytes", "IncomingBytes", "Sum"),
                ("Errors: share delivered", f"{prefix}.Success", "Average"),
                ("Saturation: throttled records", "ThrottledRecords", "Sum"),
            )
        ]

    def _own_bucket(self) -> s3.Bucket:
        return SecureBucket(self, "Backup", encryption_key=self.encryption_key).bucket

    def _role(self) -> ManagedPolicyRole:
        own_account = {"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
        role = ManagedPolicyRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("firehose.amazonaws.com", conditions=own_account),
            description="Firehose: delivers logs, and keeps what was not delivered",
        )
        objects = self.backup_bucket.arn_for_objects("*")
        for statement in (
            iam.PolicyStatement(actions=["s3:PutObject", "s3:AbortMultipartUpload"], resources=[objects]),
            iam.PolicyStatement(
                actions=["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
                resources=[self.backup_bucket.bucket_arn],
            ),
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=list(dict.fromkeys(key.key_arn for key in self._keys())),
            ),
            iam.PolicyStatement(actions=["logs:PutLogEvents"], resources=[self.log_group.log_group_arn]),
        ):
            role.add_to_principal_policy(statement)
        if self._destination.secret:
            self._destination.secret.grant_read(role)
        assert role.policy is not None
        for resource in (objects, self.log_group.log_group_arn):
            acknowledge_resource(
                role.policy,
                resource,
                "Firehose names objects and log streams itself; the bucket and the log group are this construct's.",
            )
        return role

    def _keys(self) -> list[kms.IKey]:
        bucket_key = self.backup_bucket.encryption_key
        return [self.encryption_key, *([bucket_key] if bucket_key else [])]

    def _logging(self, stream: logs.LogStream) -> firehose.CfnDeliveryStream.CloudWatchLoggingOptionsProperty:
        return _Stream.CloudWatchLoggingOptionsProperty(
            enabled=True, log_group_name=self.log_group.log_group_name, log_stream_name=stream.log_stream_name
        )

    def _backup(self, stream: logs.LogStream) -> firehose.CfnDeliveryStream.S3DestinationConfigurationProperty:
        key = self.backup_bucket.encryption_key or self.encryption_key
        return _Stream.S3DestinationConfigurationProperty(
            bucket_arn=self.backup_bucket.bucket_arn,
            role_arn=self.role.role_arn,
            compression_format="GZIP",
            error_output_prefix="failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/",
            prefix="logs/!{timestamp:yyyy/MM/dd}/",
            encryption_configuration=_Stream.EncryptionConfigurationProperty(
                kms_encryption_config=_Stream.KMSEncryptionConfigProperty(awskms_key_arn=key.key_arn)
            ),
            cloud_watch_logging_options=self._logging(stream),
        )

    def _subscription_role(self) -> ManagedPolicyRole:
        stack = Stack.of(self)
        source = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:*"
        conditions = {
            "StringEquals": {"aws:SourceAccount": stack.account},
            "ArnLike": {"aws:SourceArn": source},
        }
        role = ManagedPolicyRole(
            self,
            "SubscriptionRole",
            assumed_by=iam.ServicePrincipal("logs.amazonaws.com", conditions=conditions),
            description="CloudWatch Logs: writes to one delivery stream",
        )
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["firehose:PutRecord", "firehose:PutRecordBatch"], resources=[self.delivery_stream.attr_arn]
            )
        )
        return role

    def _subscribe_account(self, excluded: Sequence[str]) -> None:
        # The stream's own log must be among them: each failure would be sent, fail, and be logged again.
        names = ", ".join(f'"{name}"' for name in (*excluded, self.log_group.log_group_name))
        policy = logs.CfnAccountPolicy(
            self,
            "AccountPolicy",
            policy_name=f"{Aws.STACK_NAME}-{Names.unique_resource_name(self, max_length=100)}",
            policy_type="SUBSCRIPTION_FILTER_POLICY",
            scope="ALL",
            selection_criteria=f"LogGroupName NOT IN [{names}]",
            policy_document=Stack.of(self).to_json_string(
                {
                    "DestinationArn": self.delivery_stream.attr_arn,
                    "RoleArn": self.subscription_role.role_arn,
                    "FilterPattern": self._filter_pattern,
                    "Distribution": "Random",
                }
            ),
        )
        self._after_grant(policy)
        Annotations.of(self).add_warning_v2(
            "pavedroad:logs-all-groups",
            "Every log group of the account and region leaves it, those to come included: what they hold must be "
            "allowed to.",
        )

    def _after_grant(self, resource: Construct) -> None:
        if self.subscription_role.policy:
            resource.node.add_dependency(self.subscription_role.policy)

    def _hold(self) -> None:
        def encrypted() -> bool:
            name = "delivery_stream_encryption_configuration_input"
            configuration = Stack.of(self).resolve(getattr(self.delivery_stream, name)) or {}
            return bool(configuration.get("keyType") == "CUSTOMER_MANAGED_CMK" and configuration.get("keyArn"))

        hold(
            self,
            "LogShipping is encrypted at rest; its DeliveryStreamEncryptionConfigurationInput was weakened",
            encrypted,
        )


_Stream = firehose.CfnDeliveryStream
