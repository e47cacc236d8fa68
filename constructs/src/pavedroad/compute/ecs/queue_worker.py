"""A service on AWS Fargate that works off a queue."""

from collections.abc import Sequence

import jsii
from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.backlog import BacklogScaling
from pavedroad.compute.ecs.log_router import LogRouter
from pavedroad.compute.ecs.queue_worker_alarms import QueueWorkerAlarmThresholds, add_queue_worker_alarms
from pavedroad.compute.ecs.rollout import Rollout
from pavedroad.compute.ecs.scaling import SpotMix
from pavedroad.compute.ecs.service import hardened_service, running_tasks
from pavedroad.compute.ecs.sidecar import Sidecar
from pavedroad.compute.ecs.task import HardenedTask, TaskPlan
from pavedroad.compute.ecs.task_container import TaskContainer, acknowledge_environment
from pavedroad.durations import check_seconds
from pavedroad.messaging.queues import dead_letter_queue, encrypted_queue, oldest_message_age, visible_messages
from pavedroad.version_stamp import stamp

QUEUE_URL = "QUEUE_URL"
_DEFAULT_THRESHOLDS = QueueWorkerAlarmThresholds()


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class QueueWorker(Construct):
    """A container that works off a queue: an ECS service on Fargate, and an encrypted SQS queue with dead letters.

    Tasks run in private subnets without a public IP, without root, Linux capabilities or a writable root file system,
    as those of ``FargateService`` do. They find the queue in the variable ``QUEUE_URL``, and may receive and delete its
    messages. Tasks are added with the backlog, and taken away to none when the queue is empty. A message that is
    received too often is put among the dead letters, where it stays for 14 days.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        vpc: The VPC, with private subnets.
        image: The container image, such as ``ecs.ContainerImage.from_ecr_repository(repository, "1.4.2")`` or
            ``EcrImage(uri)`` for a URI that is a parameter.
        visibility_timeout: How long a message is hidden from others once received: longer than the work on it takes,
            at most 12 hours. Left out: 5 minutes.
        max_receives: How often a message is received before it is put among the dead letters, 1 to 1000. Left out: 5.
        message_retention: How long a message may wait, 1 minute to 14 days. Left out: 4 days.
        container: Command, user, environment, secrets, writable directories. Left out: the image's command, user
            ``1000:1000``, no writable directory.
        sidecars: Containers beside the application. Left out: none.
        cpu: CPU units of a task, 1024 are one vCPU; a pair with ``memory_mib`` that Fargate offers. Left out: 512.
        memory_mib: Memory of a task in MiB. Left out: 1024.
        architecture: ``X86_64`` or ``ARM64``, as the image was built. Left out: ``X86_64``.
        scaling: Left out: none to 10 tasks, 100 messages to each.
        spot: A share of the tasks on Fargate Spot. Left out: all on demand.
        stop_timeout: How long a task may take between SIGTERM and SIGKILL, to finish its message; 2 to 120 seconds.
            Left out: 60 seconds.
        log_router: Ships the application's log elsewhere with FireLens. Left out: to the worker's log group.
        log_retention: Retention of the log group. Left out: one year.
        allow_all_outbound: Let the tasks connect to anything; leaves the warning
            ``pavedroad:queue-worker-all-outbound``. Left out: port 443, and what ``connections`` opens.
        vpc_subnets: Where the tasks run. Left out: private subnets with a route out, else isolated ones.
        cluster: An ECS cluster with Container Insights, by which the tasks are counted. Left out: one of its own with
            enhanced Container Insights and encrypted task storage.
        encryption_key: Encrypts messages, log and task storage; an imported one must admit CloudWatch Logs and
            Fargate. Left out: a key of its own with yearly rotation, kept when the stack is deleted.

    Attributes:
        service: The L2 service, with the id ``Resource``.
        task_definition: The task definition; a container added to it is held to the same rules.
        container: The application's container, named ``application``.
        queue: The queue.
        dead_letter_queue: Messages that could not be worked off.
        log_group: The tasks' log.
        cluster: The cluster in use.
        encryption_key: The key in use.
        scalable_tasks: The scalable target, for further scaling policies.
        scaling: The scaling in use.
        connections: The tasks' network connections.
        grant_principal: The tasks' role, so that ``bucket.grant_read(worker)`` works.

    Raises:
        InvalidArgumentsError: Arguments are not possible together or would weaken what cannot be weakened.

    Controls: ECS.1, ECS.2, ECS.4, ECS.5, ECS.8, ECS.9, ECS.10, ECS.12, ECS.20, SQS.1, SQS.3, CloudWatch.16, KMS.4, nag
    ECS2, ECS4, ECS7, SQS3, SQS4, IAM5, NIST AC-6, AU-12, CM-7, CP-10, SC-5, SC-7, SC-8, SC-28, SI-4.

    Example:
        >>> from pavedroad import QueueWorker
        >>> from pavedroad.compute.ecs.backlog import BacklogScaling
        >>> from pavedroad.compute.ecs.ecr_image import EcrImage
        >>> worker = QueueWorker(
        ...     stack,
        ...     "Thumbnails",
        ...     vpc=vpc,
        ...     image=EcrImage("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/thumbnails:1.4.2"),
        ...     scaling=BacklogScaling(max_tasks=20, messages_per_task=50),
        ... )
        >>> worker.grant_send(function)
        >>> topic.grant_publish(worker)
        >>> alarms = worker.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        image: ecs.ContainerImage,
        visibility_timeout: Duration | None = None,
        max_receives: int = 5,
        message_retention: Duration | None = None,
        container: TaskContainer | None = None,
        sidecars: Sequence[Sidecar] = (),
        cpu: int = 512,
        memory_mib: int = 1024,
        architecture: ecs.CpuArchitecture | None = None,
        scaling: BacklogScaling | None = None,
        spot: SpotMix | None = None,
        stop_timeout: Duration | None = None,
        log_router: LogRouter | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        allow_all_outbound: bool = False,
        vpc_subnets: ec2.SubnetSelection | None = None,
        cluster: ecs.ICluster | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.scaling = scaling or BacklogScaling()
        container = container or TaskContainer()
        rollout = Rollout(stop_timeout=stop_timeout)
        plan = TaskPlan(
            title="queue worker",
            warnings_prefix="pavedroad:queue-worker",
            key_description=f"Messages, log and task storage of {self.node.id}",
            vpc=vpc,
            image=image,
            container=container,
            cpu=cpu,
            memory_mib=memory_mib,
            architecture=architecture,
            sidecars=sidecars,
            log_router=log_router,
            log_retention=log_retention,
            stop_timeout=stop_timeout,
            allow_all_outbound=allow_all_outbound,
            cluster=cluster,
            encryption_key=encryption_key,
        )
        arguments = Arguments(self)
        for group in (plan, rollout, self.scaling, spot):
            if group is not None:
                group.check(arguments)
        check_seconds(arguments, "visibility_timeout", visibility_timeout, 1, 43200)
        check_seconds(arguments, "message_retention", message_retention, 60, 1_209_600)
        arguments.between("max_receives", max_receives, 1, 1000)
        if QUEUE_URL in container.environment or QUEUE_URL in container.secrets:
            arguments.refuse("container.environment", QUEUE_URL, "is the worker's own queue; leave it out")
        arguments.check()

        task = HardenedTask(self, plan)
        self.encryption_key = task.encryption_key
        self.cluster = task.cluster
        self.log_group = task.log_group
        self.task_definition = task.task_definition
        self.container = task.container
        self.dead_letter_queue = dead_letter_queue(self, "DeadLetters", encryption_key=self.encryption_key)
        self.queue = encrypted_queue(
            self,
            "Queue",
            encryption_key=self.encryption_key,
            retention=message_retention or Duration.days(4),
            visibility_timeout=visibility_timeout or Duration.minutes(5),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letter_queue, max_receive_count=max_receives),
        )
        self.container.add_environment(QUEUE_URL, self.queue.queue_url)
        acknowledge_environment(self.task_definition)
        self.service = hardened_service(
            self,
            task,
            rollout=rollout,
            spot=spot,
            vpc_subnets=vpc_subnets,
            enable_execute_command=False,
            is_behind_load_balancer=False,
        )
        self.scalable_tasks = self.scaling.apply(self, self.service, self.queue)
        task.finish_policies()
        task.allow(
            "ProtectionPolicy",
            [self._protection()],
            "Tasks get their ids when they start: the right protects tasks of one cluster from being taken away while "
            "they work, and nothing else.",
        )
        task.task_role.begin_policy("GrantedPolicy")
        self.queue.grant_consume_messages(task.task_role)
        stamp(self)

    @property
    def connections(self) -> ec2.Connections:
        """The tasks' network connections, such as for ``database.connections.allow_default_port_from(worker)``."""
        return self.service.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The tasks' role."""
        return self.task_definition.task_role

    def grant_send(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` give the worker work, which includes the use of the key."""
        return self.queue.grant_send_messages(grantee)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: QueueWorkerAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Alarms on the age of the oldest message, dead letters, and running tasks where some must always run.

        Args:
            topic: Told on alarm and on recovery.
            thresholds: When they go off.
        """
        return add_queue_worker_alarms(
            self,
            oldest_message_age=self.metric_oldest_message_age(),
            dead_letters=visible_messages(self.dead_letter_queue),
            running_tasks=self.metric_running_tasks(),
            topic=topic,
            thresholds=thresholds,
            min_tasks=None if self.scaling.may_be_none else self.scaling.min_tasks,
        )

    def metric_oldest_message_age(
        self, *, statistic: str = "Maximum", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Seconds that the oldest message has waited; every minute unless ``period`` says otherwise."""
        return oldest_message_age(self.queue, statistic=statistic, period=period)

    def metric_waiting_messages(self) -> cloudwatch.Metric:
        """Messages that wait, the most in each minute."""
        return visible_messages(self.queue)

    def metric_running_tasks(self, *, statistic: str = "Average", period: Duration | None = None) -> cloudwatch.Metric:
        """The number of running tasks, from Container Insights; every minute unless ``period`` says otherwise."""
        return running_tasks(self.service, statistic=statistic, period=period)

    def _protection(self) -> iam.PolicyStatement:
        tasks = Stack.of(self).format_arn(
            service="ecs", resource="task", resource_name=f"{self.cluster.cluster_name}/*"
        )
        return iam.PolicyStatement(
            sid="ProtectTasks", actions=["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"], resources=[tasks]
        )
