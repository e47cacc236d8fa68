"""A task on AWS Fargate that runs by the clock."""

from collections.abc import Sequence
from typing import Any

import jsii
from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.log_router import LogRouter
from pavedroad.compute.ecs.scheduled_task_alarms import ScheduledTaskAlarmThresholds, add_scheduled_task_alarms
from pavedroad.compute.ecs.sidecar import Sidecar
from pavedroad.compute.ecs.task import HardenedTask, TaskPlan, acknowledge_wildcards
from pavedroad.compute.ecs.task_container import APPLICATION, TaskContainer
from pavedroad.durations import check_seconds
from pavedroad.invariants import hold
from pavedroad.messaging.queues import acknowledge_dead_letter_queue, dead_letter_queue
from pavedroad.network.selection import selected_subnets
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.version_stamp import stamp

_DEFAULT_THRESHOLDS = ScheduledTaskAlarmThresholds()


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class ScheduledTask(Construct):
    """A container that runs by the clock and ends: a Fargate task that EventBridge Scheduler starts.

    The task runs in private subnets without a public IP, without root, Linux capabilities or a writable root file
    system, as that of ``FargateService`` does. A start that fails is tried again; a run that could not be started, and
    the event of a run that failed (the application ended with another exit code than 0, or its image or a secret could
    not be read), are kept in an encrypted queue for 14 days. A run that failed is not run again.

    Runs may overlap where one takes longer than the time to the next; the application must bear that.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        vpc: The VPC, with private subnets.
        image: The container image, such as ``ecs.ContainerImage.from_ecr_repository(repository, "1.4.2")`` or
            ``EcrImage(uri)`` for a URI that is a parameter.
        schedule: When it runs, such as ``scheduler.ScheduleExpression.cron(hour="3", minute="0")``, in UTC unless it
            says otherwise.
        flexible_window: It starts at some time in this window, which spreads load; 1 minute to 24 hours. Left out: it
            starts on time.
        retry_attempts: How often a start that fails is tried again, 0 to 185. Left out: 10.
        max_event_age: How long it is tried, 1 minute to 24 hours. Left out: one hour.
        enabled: Whether it runs. Left out: it does.
        container: Command, user, environment, secrets, writable directories. Left out: the image's command, user
            ``1000:1000``, no writable directory.
        sidecars: Containers beside the application; they are stopped when it ends. Left out: none.
        cpu: CPU units of a task, 1024 are one vCPU; a pair with ``memory_mib`` that Fargate offers. Left out: 512.
        memory_mib: Memory of a task in MiB. Left out: 1024.
        architecture: ``X86_64`` or ``ARM64``, as the image was built. Left out: ``X86_64``.
        stop_timeout: How long it may take between SIGTERM and SIGKILL, 2 to 120 seconds. Left out: 60 seconds.
        log_router: Ships the application's log elsewhere with FireLens. Left out: to the task's log group.
        log_retention: Retention of the log group. Left out: one year.
        allow_all_outbound: Let the task connect to anything; leaves the warning
            ``pavedroad:scheduled-task-all-outbound``. Left out: port 443, and what ``connections`` opens.
        vpc_subnets: Where the task runs. Left out: private subnets with a route out, else isolated ones.
        cluster: An ECS cluster. Left out: one of its own with enhanced Container Insights and encrypted task storage.
        encryption_key: Encrypts log, task storage, schedule and queue; an imported one must admit CloudWatch Logs,
            Fargate and EventBridge. Left out: a key of its own with yearly rotation, kept when the stack is deleted.

    Attributes:
        schedule: The L1 schedule, with the id ``Resource``.
        schedule_group: The L1 schedule group of this schedule alone, by which it is measured.
        task_definition: The task definition; a container added to it is held to the same rules.
        container: The application's container, named ``application``.
        dead_letter_queue: What could not be started or failed.
        failure_rule: The EventBridge rule that notices runs that failed.
        log_group: The task's log.
        cluster: The cluster in use.
        encryption_key: The key in use.
        connections: The task's network connections.
        grant_principal: The task's role, so that ``bucket.grant_read(task)`` works.

    Raises:
        InvalidArgumentsError: Arguments are not possible together or would weaken what cannot be weakened.

    Controls: ECS.2, ECS.4, ECS.5, ECS.8, ECS.9, ECS.10, ECS.12, ECS.20, SQS.1, SQS.3, CloudWatch.16, KMS.4, nag ECS2,
    ECS4, ECS7, SQS3, SQS4, IAM5, NIST AC-6, AU-12, CM-7, SC-7, SC-8, SC-28, SI-4.

    Example:
        >>> from aws_cdk import aws_scheduler as scheduler
        >>> from pavedroad import ScheduledTask
        >>> from pavedroad.compute.ecs.ecr_image import EcrImage
        >>> from pavedroad.compute.ecs.task_container import TaskContainer
        >>> report = ScheduledTask(
        ...     stack,
        ...     "DailyReport",
        ...     vpc=vpc,
        ...     image=EcrImage("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/reports:1.4.2"),
        ...     schedule=scheduler.ScheduleExpression.cron(hour="3", minute="0"),
        ...     flexible_window=Duration.minutes(15),
        ...     container=TaskContainer(command=["report", "--yesterday"]),
        ... )
        >>> topic.grant_publish(report)
        >>> alarms = report.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        image: ecs.ContainerImage,
        schedule: scheduler.ScheduleExpression,
        flexible_window: Duration | None = None,
        retry_attempts: int = 10,
        max_event_age: Duration | None = None,
        enabled: bool = True,
        container: TaskContainer | None = None,
        sidecars: Sequence[Sidecar] = (),
        cpu: int = 512,
        memory_mib: int = 1024,
        architecture: ecs.CpuArchitecture | None = None,
        stop_timeout: Duration | None = None,
        log_router: LogRouter | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        allow_all_outbound: bool = False,
        vpc_subnets: ec2.SubnetSelection | None = None,
        cluster: ecs.ICluster | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        plan = TaskPlan(
            title="scheduled task",
            warnings_prefix="pavedroad:scheduled-task",
            key_description=f"Log, task storage, schedule and queue of {self.node.id}",
            vpc=vpc,
            image=image,
            container=container or TaskContainer(),
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
        plan.check(arguments)
        check_seconds(arguments, "stop_timeout", stop_timeout, 2, 120)
        check_seconds(arguments, "flexible_window", flexible_window, 60, 86400)
        check_seconds(arguments, "max_event_age", max_event_age, 60, 86400)
        arguments.between("retry_attempts", retry_attempts, 0, 185)
        arguments.check()

        task = HardenedTask(self, plan)
        task.finish_policies()
        self._task = task
        self.encryption_key = task.encryption_key
        self.cluster = task.cluster
        self.log_group = task.log_group
        self.task_definition = task.task_definition
        self.container = task.container
        self.dead_letter_queue = dead_letter_queue(self, "DeadLetters", encryption_key=self.encryption_key)
        acknowledge_dead_letter_queue(self.dead_letter_queue)
        self.schedule_group = scheduler.CfnScheduleGroup(self, "Group")
        start_role = self._start_role()
        self.schedule = scheduler.CfnSchedule(
            self,
            "Resource",
            group_name=self.schedule_group.ref,
            schedule_expression=schedule.expression_string,
            schedule_expression_timezone=schedule.time_zone.timezone_name if schedule.time_zone else None,
            state="ENABLED" if enabled else "DISABLED",
            kms_key_arn=self.encryption_key.key_arn,
            flexible_time_window=_window(flexible_window),
            target=self._target(
                start_role,
                selected_subnets(vpc, vpc_subnets or ec2.SubnetSelection()).subnet_ids,
                scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_retry_attempts=retry_attempts,
                    maximum_event_age_in_seconds=(max_event_age or Duration.hours(1)).to_seconds(),
                ),
            ),
        )
        self.schedule.node.add_dependency(start_role)  # else a first run may start without its rights
        self.failure_rule = self._failure_rule()
        hold(
            self,
            "ScheduledTask gives its tasks no public address; AssignPublicIp was set on the schedule",
            lambda: self._network()["assignPublicIp"] == "DISABLED",
        )
        stamp(self, self.task_definition)  # a schedule has no tags

    @property
    def connections(self) -> ec2.Connections:
        """The task's network connections, such as for ``database.connections.allow_default_port_from(task)``."""
        return self._task.security_group.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The task's role."""
        return self.task_definition.task_role

    def add_alarms(
        self, topic: sns.ITopic, thresholds: ScheduledTaskAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Alarms on runs that failed, could not be started, or did not come.

        Args:
            topic: Told on alarm and on recovery.
            thresholds: When they go off.
        """
        return add_scheduled_task_alarms(
            self,
            failed_runs=self.metric_failed_runs(),
            not_started_runs=self.metric_not_started_runs(),
            runs=self.metric_runs(period=Duration.hours(1)),
            topic=topic,
            thresholds=thresholds,
        )

    def metric_runs(self, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Starts that the schedule asked for; every five minutes unless ``period`` says otherwise."""
        return self._schedule_metric("InvocationAttemptCount", statistic, period)

    def metric_not_started_runs(self, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Runs given up after all retries; every five minutes unless ``period`` says otherwise."""
        return self._schedule_metric("InvocationDroppedCount", statistic, period)

    def metric_failed_runs(self, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Runs that failed; every five minutes unless ``period`` says otherwise."""
        return cloudwatch.Metric(
            namespace="AWS/Events",
            metric_name="TriggeredRules",
            dimensions_map={"RuleName": self.failure_rule.rule_name},
            statistic=statistic,
            period=period or Duration.minutes(5),
        )

    def _schedule_metric(self, name: str, statistic: str, period: Duration | None) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/Scheduler",
            metric_name=name,
            dimensions_map={"ScheduleGroup": self.schedule_group.ref},
            statistic=statistic,
            period=period or Duration.minutes(5),
        )

    def _target(
        self, start_role: iam.IRole, subnets: list[str], retry_policy: scheduler.CfnSchedule.RetryPolicyProperty
    ) -> scheduler.CfnSchedule.TargetProperty:
        return scheduler.CfnSchedule.TargetProperty(
            arn=self.cluster.cluster_arn,
            role_arn=start_role.role_arn,
            dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(arn=self.dead_letter_queue.queue_arn),
            retry_policy=retry_policy,
            ecs_parameters=scheduler.CfnSchedule.EcsParametersProperty(
                task_definition_arn=self.task_definition.task_definition_arn,
                launch_type="FARGATE",
                platform_version="LATEST",
                task_count=1,
                enable_execute_command=False,
                enable_ecs_managed_tags=True,
                propagate_tags="TASK_DEFINITION",
                network_configuration=scheduler.CfnSchedule.NetworkConfigurationProperty(
                    awsvpc_configuration=scheduler.CfnSchedule.AwsVpcConfigurationProperty(
                        subnets=subnets,
                        security_groups=[self._task.security_group.security_group_id],
                        assign_public_ip="DISABLED",
                    )
                ),
            ),
        )

    def _network(self) -> dict[str, Any]:
        target: dict[str, Any] = Stack.of(self).resolve(self.schedule.target)
        network: dict[str, Any] = target["ecsParameters"]["networkConfiguration"]["awsvpcConfiguration"]
        return network

    def _start_role(self) -> ManagedPolicyRole:
        """The scheduler's role: starts this task in this cluster, and hands it these two roles."""
        # Otherwise a schedule of another account, or another schedule of this one, could use the role.
        source = {
            "StringEquals": {"aws:SourceAccount": Stack.of(self).account},
            "ArnEquals": {"aws:SourceArn": self._arn("scheduler", "schedule-group", self.schedule_group.ref)},
        }
        role = ManagedPolicyRole(
            self,
            "StartRole",
            assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com", conditions=source),
            description=f"Starts the scheduled task {self.node.id}",
        )
        for statement in self._start_rights():
            role.add_to_principal_policy(statement)
        acknowledge_wildcards(
            role.policy,
            "A task definition gets its revision with each deployment, and a task its id when it starts: the rights "
            "start one family in one cluster, and tag its tasks at their start only.",
        )
        return role

    def _start_rights(self) -> list[iam.PolicyStatement]:
        return [
            iam.PolicyStatement(
                sid="StartTask",
                actions=["ecs:RunTask"],
                resources=[self._revisions("*")],
                conditions={"ArnEquals": {"ecs:cluster": self.cluster.cluster_arn}},
            ),
            iam.PolicyStatement(
                sid="TagTask",
                actions=["ecs:TagResource"],
                resources=[self._arn("ecs", "task", f"{self.cluster.cluster_name}/*")],
                conditions={"StringEquals": {"ecs:CreateAction": "RunTask"}},
            ),
            iam.PolicyStatement(
                sid="PassRoles",
                actions=["iam:PassRole"],
                resources=[self._task.task_role.role_arn, self._task.execution_role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            ),
            iam.PolicyStatement(
                sid="KeepDeadLetters", actions=["sqs:SendMessage"], resources=[self.dead_letter_queue.queue_arn]
            ),
            iam.PolicyStatement(
                sid="UseKey",
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[self.encryption_key.key_arn],
            ),
        ]

    def _revisions(self, which: str) -> str:
        return self._arn("ecs", "task-definition", f"{self.task_definition.family}:{which}")

    def _arn(self, service: str, resource: str, name: str) -> str:
        return Stack.of(self).format_arn(service=service, resource=resource, resource_name=name)

    def _failure_rule(self) -> events.Rule:
        """Notices runs of whichever revision of the task definition; sidecars end as the application makes them."""
        application = {"name": [APPLICATION], "exitCode": [{"anything-but": [0]}]}
        return events.Rule(
            self,
            "FailureRule",
            description=f"Runs of {self.node.id} that failed",
            event_pattern=events.EventPattern(
                source=["aws.ecs"],
                detail_type=["ECS Task State Change"],
                detail={
                    "lastStatus": ["STOPPED"],
                    "taskDefinitionArn": [{"prefix": self._revisions("")}],
                    "$or": [{"containers": application}, {"stopCode": ["TaskFailedToStart"]}],
                },
            ),
            targets=[targets.SqsQueue(self.dead_letter_queue)],
        )


def _window(flexible_window: Duration | None) -> scheduler.CfnSchedule.FlexibleTimeWindowProperty:
    return scheduler.CfnSchedule.FlexibleTimeWindowProperty(
        mode="FLEXIBLE" if flexible_window else "OFF",
        maximum_window_in_minutes=flexible_window.to_minutes() if flexible_window else None,
    )
