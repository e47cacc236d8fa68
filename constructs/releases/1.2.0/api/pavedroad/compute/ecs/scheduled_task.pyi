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

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, image: ecs.ContainerImage, schedule: scheduler.ScheduleExpression, flexible_window: Duration | None=None, retry_attempts: int=10, max_event_age: Duration | None=None, enabled: bool=True, container: TaskContainer | None=None, sidecars: Sequence[Sidecar]=(), cpu: int=512, memory_mib: int=1024, architecture: ecs.CpuArchitecture | None=None, stop_timeout: Duration | None=None, log_router: LogRouter | None=None, log_retention: logs.RetentionDays=logs.RetentionDays.ONE_YEAR, allow_all_outbound: bool=False, vpc_subnets: ec2.SubnetSelection | None=None, cluster: ecs.ICluster | None=None, encryption_key: kms.IKey | None=None) -> None:
        self.cluster = ...
        self.container = ...
        self.dead_letter_queue = ...
        self.encryption_key = ...
        self.failure_rule = ...
        self.log_group = ...
        self.schedule = ...
        self.schedule_group = ...
        self.task_definition = ...

    @property
    def connections(self) -> ec2.Connections:
        ...

    @property
    def grant_principal(self) -> iam.IPrincipal:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: ScheduledTaskAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def metric_runs(self, *, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_not_started_runs(self, *, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_failed_runs(self, *, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...
