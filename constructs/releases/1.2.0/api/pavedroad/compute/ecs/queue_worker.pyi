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
QUEUE_URL = 'QUEUE_URL'
_DEFAULT_THRESHOLDS = QueueWorkerAlarmThresholds()

@jsii.implements(ec2.IConnectable, iam.IGrantable)
class QueueWorker(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, image: ecs.ContainerImage, visibility_timeout: Duration | None=None, max_receives: int=5, message_retention: Duration | None=None, container: TaskContainer | None=None, sidecars: Sequence[Sidecar]=(), cpu: int=512, memory_mib: int=1024, architecture: ecs.CpuArchitecture | None=None, scaling: BacklogScaling | None=None, spot: SpotMix | None=None, stop_timeout: Duration | None=None, log_router: LogRouter | None=None, log_retention: logs.RetentionDays=logs.RetentionDays.ONE_YEAR, allow_all_outbound: bool=False, vpc_subnets: ec2.SubnetSelection | None=None, cluster: ecs.ICluster | None=None, encryption_key: kms.IKey | None=None) -> None:
        self.cluster = ...
        self.container = ...
        self.dead_letter_queue = ...
        self.encryption_key = ...
        self.log_group = ...
        self.queue = ...
        self.scalable_tasks = ...
        self.scaling = ...
        self.service = ...
        self.task_definition = ...

    @property
    def connections(self) -> ec2.Connections:
        ...

    @property
    def grant_principal(self) -> iam.IPrincipal:
        ...

    def grant_send(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: QueueWorkerAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def metric_oldest_message_age(self, *, statistic: str='Maximum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_waiting_messages(self) -> cloudwatch.Metric:
        ...

    def metric_running_tasks(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...
