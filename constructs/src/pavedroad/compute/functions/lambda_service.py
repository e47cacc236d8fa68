"""A function on AWS Lambda, called through its alias."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import jsii
from aws_cdk import Annotations, Duration, Size, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.compute.functions.dead_letters import AsynchronousCalls, dead_letter_queue
from pavedroad.compute.functions.deployment import GradualDeployment
from pavedroad.compute.functions.function_acknowledgments import acknowledge_function, acknowledge_role
from pavedroad.compute.functions.function_invariants import hold_function
from pavedroad.compute.functions.function_url import IamFunctionUrl
from pavedroad.compute.functions.guarded_function import GuardedFunction, check_variables
from pavedroad.compute.functions.lambda_alarms import (
    LambdaServiceAlarmThresholds,
    WatchedMetrics,
    add_function_alarms,
)
from pavedroad.compute.functions.network import FunctionNetwork, network_interface_statements
from pavedroad.compute.functions.runtimes import check_runtime, is_image, warn_of_older_runtime
from pavedroad.compute.functions.scaling import ProvisionedConcurrency
from pavedroad.compute.functions.trigger import Target, Trigger, check_triggers
from pavedroad.compute.functions.versions import published_version
from pavedroad.durations import check_seconds
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.version_stamp import stamp

if TYPE_CHECKING:
    from aws_cdk import aws_signer as signer

ALIAS = "live"
"""The alias that callers use."""

_DEFAULT_THRESHOLDS = LambdaServiceAlarmThresholds()


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class LambdaService(Construct):
    """A function on AWS Lambda, which others call through its alias ``live``.

    Its environment, its log and what failed are encrypted with one key. It is traced, it writes its log as JSON, and
    a call that nobody waits for and that fails goes to a dead-letter queue. Each change publishes a version; the alias
    moves to it at once, or step by step with ``deployment``. Nobody may call it before ``grant_invoke`` or a trigger
    lets them in.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        code: The code: ``lambda_.Code.from_bucket_v2(bucket, key)``, ``from_ecr_image(repository)`` or ``from_inline``.
            Where key, object version or image tag is a parameter, a new value publishes a version.
        handler: Where the code is entered, such as ``index.handler``. Required, except for an image.
        runtime: The language's newest runtime, such as ``lambda_.Runtime.PYTHON_3_14``; an older one leaves the warning
            ``pavedroad:function-older-runtime``, one without security patches is refused. May be a parameter, whose
            allowed values are ``runtimes.SELECTABLE``. Required, except for an image.
        architecture: ``X86_64`` or ``ARM_64``, as the code was built. Left out: ``X86_64``.
        memory_mib: Memory in MiB, 128 to 10240; the share of a CPU grows with it. Left out: 512.
        timeout: How long a call may take, 1 second to 15 minutes. Left out: 30 seconds.
        ephemeral_storage_mib: The size of ``/tmp`` in MiB, 512 to 10240. Left out: 512.
        environment: Variables that are no secrets; a secret is given by its ARN. Left out: none.
        layers: Layers with further code, for code that is no image. Left out: none.
        network: Private subnets of a VPC to run in. Left out: Lambda's own network, which nothing reaches from outside
            and which itself reaches the internet only.
        reserved_concurrency: Calls at once at most, which no other function can take; may be a numeric parameter. Left
            out: what the account has left.
        provisioned_concurrency: Execution environments that are kept warm, scaled with the load. Left out: none.
        deployment: Give a new version a share of the calls first, with CodeDeploy. Left out: all calls at once.
        signing_profiles: Run only code that one of these AWS Signer profiles signed; not for images. Left out: any.
        triggers: Queues, streams, schedules and events that call the function. Left out: none.
        asynchronous: How often a call that nobody waits for is tried. Left out: 3 times within 6 hours.
        function_url: An HTTPS address for callers with IAM credentials. Left out: none.
        log_level: The lowest level of the application that is logged. Left out: ``INFO``.
        log_retention: Retention of the log group. Left out: one year.
        encryption_key: Encrypts environment, log, dead letters and schedules; an imported one must admit CloudWatch
            Logs, and EventBridge for an ``EventTrigger``. Left out: a key of its own with yearly rotation, kept when
            the stack is deleted.

    Attributes:
        function: The L2 function, with the id ``Resource``.
        alias: The alias ``live``, which others call.
        version: The version that was published last.
        role: The function's role.
        log_group: The function's log.
        dead_letter_queue: The queue of what failed.
        encryption_key: The key in use.
        function_url: The HTTPS address; ``None`` where there is none.
        scalable_concurrency: The scalable target, for schedules; ``None`` without ``provisioned_concurrency``.
        deployment_group: The deployment group of CodeDeploy; ``None`` without ``deployment``.
        triggers: What each trigger made, by its name.
        connections: The function's network connections; only in a VPC.
        grant_principal: The function's role, so that ``bucket.grant_read(service)`` works.

    Raises:
        InvalidArgumentsError: Arguments are missing, not possible together or would weaken what cannot be weakened.

    Controls: Lambda.1, Lambda.2, Lambda.3, Lambda.5, Lambda.7, CloudWatch.16, KMS.4, SQS.1, nag L1, SQS2, SQS3, SQS4,
    IAM4, IAM5, NIST AC-3, AC-6, AU-11, AU-12, CM-7, SC-5, SC-7, SC-12, SC-28, SI-2, SI-7.

    Example:
        >>> from aws_cdk import aws_scheduler as scheduler
        >>> from pavedroad import LambdaService
        >>> from pavedroad.compute.functions.deployment import GradualDeployment
        >>> from pavedroad.compute.functions.event_sources import KinesisStreamTrigger, QueueTrigger
        >>> from pavedroad.compute.functions.events import EventTrigger, ScheduleTrigger
        >>> from pavedroad.compute.functions.function_url import IamFunctionUrl
        >>> from pavedroad.compute.functions.network import FunctionNetwork
        >>> from pavedroad.compute.functions.scaling import ProvisionedConcurrency
        >>> service = LambdaService(
        ...     stack,
        ...     "Invoices",
        ...     code=lambda_.Code.from_bucket_v2(bucket, "invoices.zip", object_version="3sL4kqtJlcpXroDTDmJ"),
        ...     handler="index.handler",
        ...     runtime=lambda_.Runtime.PYTHON_3_14,
        ...     environment={"STAGE": "production"},
        ...     network=FunctionNetwork(vpc=vpc),
        ...     reserved_concurrency=50,
        ...     provisioned_concurrency=ProvisionedConcurrency(min_capacity=2, max_capacity=20),
        ...     deployment=GradualDeployment(topic=topic),
        ...     triggers=[
        ...         QueueTrigger(name="Orders", queue=queue, max_concurrency=10),
        ...         KinesisStreamTrigger(name="Clicks", stream=stream),
        ...         EventTrigger.of_bucket("Uploads", bucket, key_prefix="uploads/"),
        ...         ScheduleTrigger(name="Nightly", expression=scheduler.ScheduleExpression.rate(Duration.days(1))),
        ...     ],
        ...     function_url=IamFunctionUrl(),
        ... )
        >>> service.grant_invoke(role)
        >>> topic.grant_publish(service)
        >>> alarms = service.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        code: lambda_.Code,
        handler: str | None = None,
        runtime: lambda_.Runtime | None = None,
        architecture: lambda_.Architecture | None = None,
        memory_mib: int = 512,
        timeout: Duration | None = None,
        ephemeral_storage_mib: int = 512,
        environment: Mapping[str, str] | None = None,
        layers: Sequence[lambda_.ILayerVersion] = (),
        network: FunctionNetwork | None = None,
        reserved_concurrency: int | None = None,
        provisioned_concurrency: ProvisionedConcurrency | None = None,
        deployment: GradualDeployment | None = None,
        signing_profiles: "Sequence[signer.ISigningProfile]" = (),
        triggers: Sequence[Trigger] = (),
        asynchronous: AsynchronousCalls | None = None,
        function_url: IamFunctionUrl | None = None,
        log_level: lambda_.ApplicationLogLevel = lambda_.ApplicationLogLevel.INFO,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        asynchronous = asynchronous or AsynchronousCalls()
        self._timeout = timeout or Duration.seconds(30)
        self._reserved_concurrency = reserved_concurrency
        arguments = Arguments(self)
        check_runtime(arguments, code, runtime, handler)
        arguments.between("memory_mib", memory_mib, 128, 10_240)
        check_seconds(arguments, "timeout", self._timeout, 1, 900)
        arguments.between("ephemeral_storage_mib", ephemeral_storage_mib, 512, 10_240)
        arguments.between("reserved_concurrency", reserved_concurrency, 1, 100_000)
        check_variables(arguments, self, dict(environment or {}))
        _check_image(arguments, code, layers=layers, signing_profiles=signing_profiles)
        check_triggers(arguments, triggers)
        for group in (network, asynchronous, deployment):
            if group is not None:
                group.check(arguments)
        if provisioned_concurrency is not None:
            provisioned_concurrency.check(arguments, reserved_concurrency)
        arguments.check()

        self.encryption_key = encryption_key or rotated_key(
            self, "Key", description=f"Environment, log and dead letters of {self.node.id}"
        )
        self.log_group = encrypted_log_group(self, "Logs", encryption_key=self.encryption_key, retention=log_retention)
        self.dead_letter_queue = dead_letter_queue(self, "DeadLetters", encryption_key=self.encryption_key)
        self.role = self._role(in_vpc=network is not None)
        self.function = GuardedFunction(
            self,
            "Resource",
            code=code,
            handler=handler or lambda_.Handler.FROM_IMAGE,
            runtime=runtime or lambda_.Runtime.FROM_IMAGE,
            architecture=architecture or lambda_.Architecture.X86_64,
            memory_size=memory_mib,
            timeout=self._timeout,
            ephemeral_storage_size=Size.mebibytes(ephemeral_storage_mib),
            environment=dict(environment or {}),
            environment_encryption=self.encryption_key,
            layers=list(layers) or None,
            role=self.role,
            tracing=lambda_.Tracing.ACTIVE,
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            application_log_level_v2=log_level,
            system_log_level_v2=lambda_.SystemLogLevel.INFO,
            dead_letter_queue=self.dead_letter_queue,
            reserved_concurrent_executions=reserved_concurrency,
            code_signing_config=self._code_signing(signing_profiles),
            vpc=network.vpc if network else None,
            vpc_subnets=network.vpc_subnets if network else None,
            security_groups=[network.security_group(self, "SecurityGroup")] if network else None,
        )
        self.version = published_version(self.function)
        self.alias = lambda_.Alias(
            self,
            "Alias",
            alias_name=ALIAS,
            version=self.version,
            provisioned_concurrent_executions=provisioned_concurrency.min_capacity if provisioned_concurrency else None,
            retry_attempts=asynchronous.retry_attempts,
            max_event_age=asynchronous.max_event_age or Duration.hours(6),
            on_success=asynchronous.on_success,
            on_failure=asynchronous.on_failure,
        )
        self.scalable_concurrency = provisioned_concurrency.apply(self.alias) if provisioned_concurrency else None
        self.deployment_group = deployment.apply(self, self.alias) if deployment else None
        self.function_url = function_url.add_to(self.alias) if function_url else None
        self._has_stream = any(trigger.is_stream for trigger in triggers)
        self.triggers = self._add(triggers)
        acknowledge_role(self.role, in_vpc=network is not None)
        acknowledge_function(self.function, in_vpc=network is not None, reserved=reserved_concurrency)
        warn_of_older_runtime(self, self.function, runtime)
        if network is not None and network.allow_all_outbound:
            Annotations.of(self).add_warning_v2(
                "pavedroad:function-all-outbound", "The function may connect to any address and port."
            )
        hold_function(self, self.function)
        stamp(self)

    @property
    def connections(self) -> ec2.Connections:
        """The function's network connections, such as for ``database.connections.allow_default_port_from(service)``."""
        return self.function.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The function's role."""
        return self.role

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` call the alias; for a service, ``alias.add_permission`` asks for the ARN of its resource."""
        return self.alias.grant_invoke(grantee)

    def grant_invoke_url(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` send signed requests to the function URL."""
        return self.alias.grant_invoke_url(grantee)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: LambdaServiceAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Alarms on errors, throttles, duration, dead letters and concurrency, and on the delay behind a stream.

        Args:
            topic: Told on alarm and on recovery.
            thresholds: When they go off.
        """
        watched = WatchedMetrics(
            errors=self.metric_errors(),
            throttles=self.metric_throttles(),
            duration_percent=self.metric_duration_percent(),
            dead_letters=self.metric_dead_letters(),
            concurrency_percent=self.metric_concurrency_percent(),
            iterator_age=self.metric_iterator_age() if self._has_stream else None,
        )
        return add_function_alarms(self, watched, topic, thresholds)

    def metric_invocations(self, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Calls; every five minutes unless ``period`` says otherwise."""
        return self.function.metric_invocations(statistic=statistic, period=period)

    def metric_errors(self, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Calls that failed; every five minutes unless ``period`` says otherwise."""
        return self.function.metric_errors(statistic=statistic, period=period)

    def metric_throttles(self, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Calls that were turned away; every five minutes unless ``period`` says otherwise."""
        return self.function.metric_throttles(statistic=statistic, period=period)

    def metric_duration(self, *, statistic: str = "p99", period: Duration | None = None) -> cloudwatch.Metric:
        """Milliseconds of a call, the 99th percentile; every five minutes unless ``period`` says otherwise."""
        return self.function.metric_duration(statistic=statistic, period=period)

    def metric_duration_percent(
        self, *, statistic: str = "p99", period: Duration | None = None
    ) -> cloudwatch.MathExpression:
        """The duration in percent of the timeout; every five minutes unless ``period`` says otherwise."""
        return cloudwatch.MathExpression(
            expression=f"duration / (10 * {Token.as_string(self._timeout.to_seconds())})",
            label="Duration in percent of the timeout",
            period=period or Duration.minutes(5),
            using_metrics={"duration": self.metric_duration(statistic=statistic, period=period)},
        )

    def metric_concurrency_percent(
        self, *, statistic: str = "Maximum", period: Duration | None = None
    ) -> cloudwatch.MathExpression:
        """Calls at once in percent of the limit that holds; every five minutes unless ``period`` says otherwise."""
        reserved = self._reserved_concurrency
        return cloudwatch.MathExpression(
            expression="100 * calls / SERVICE_QUOTA(calls)"
            if reserved is None
            else f"100 * calls / {Token.as_string(reserved)}",
            label="Concurrency in percent",
            period=period or Duration.minutes(5),
            using_metrics={
                "calls": _account_concurrency(statistic, period)
                if reserved is None
                else self.function.metric("ConcurrentExecutions", statistic=statistic, period=period)
            },
        )

    def metric_dead_letters(self, *, statistic: str = "Maximum", period: Duration | None = None) -> cloudwatch.Metric:
        """Messages in the dead-letter queue; every five minutes unless ``period`` says otherwise."""
        return self.dead_letter_queue.metric_approximate_number_of_messages_visible(statistic=statistic, period=period)

    def metric_iterator_age(self, *, statistic: str = "Maximum", period: Duration | None = None) -> cloudwatch.Metric:
        """Milliseconds that the function is behind its streams; every five minutes unless ``period`` says otherwise."""
        return self.function.metric("IteratorAge", statistic=statistic, period=period)

    def _role(self, *, in_vpc: bool) -> ManagedPolicyRole:
        # Without it a function of another account could be handed the role through the service.
        own_account = {"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
        role = ManagedPolicyRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com").with_conditions(own_account),
            description=f"What the function {self.node.id} may do",
        )
        self.log_group.grant_write(role)
        # Its environment is decrypted, what failed is encrypted.
        self.encryption_key.grant(role, "kms:Decrypt", "kms:GenerateDataKey")
        for statement in network_interface_statements(self) if in_vpc else ():
            role.add_to_principal_policy(statement)
        return role

    def _code_signing(self, profiles: "Sequence[signer.ISigningProfile]") -> lambda_.CodeSigningConfig | None:
        if not profiles:
            return None
        return lambda_.CodeSigningConfig(
            self,
            "CodeSigning",
            signing_profiles=list(profiles),
            untrusted_artifact_on_deployment=lambda_.UntrustedArtifactOnDeployment.ENFORCE,
        )

    def _add(self, triggers: Sequence[Trigger]) -> dict[str, Construct]:
        if not triggers:
            return {}
        scope = Construct(self, "Triggers")
        target = Target(
            alias=self.alias,
            role=self.role,
            dead_letter_queue=self.dead_letter_queue,
            encryption_key=self.encryption_key,
        )
        return {trigger.name: trigger.add_to(scope, target) for trigger in triggers}


def _account_concurrency(statistic: str, period: Duration | None) -> cloudwatch.Metric:
    """What the functions of the account run at once, as Service Quotas knows it."""
    return cloudwatch.Metric(
        namespace="AWS/Usage",
        metric_name="ResourceCount",
        dimensions_map={"Type": "Resource", "Resource": "ConcurrentExecutions", "Service": "Lambda", "Class": "None"},
        statistic=statistic,
        period=period or Duration.minutes(5),
    )


def _check_image(
    arguments: Arguments,
    code: lambda_.Code,
    *,
    layers: Sequence[lambda_.ILayerVersion],
    signing_profiles: "Sequence[signer.ISigningProfile]",
) -> None:
    if not is_image(code):
        return
    if layers:
        arguments.refuse("layers", len(layers), "cannot be added to a container image; build them into it")
    if signing_profiles:
        arguments.refuse(
            "signing_profiles", len(signing_profiles), "are for code in a bucket; Lambda does not check those of images"
        )
