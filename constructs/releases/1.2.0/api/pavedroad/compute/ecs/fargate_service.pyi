from collections.abc import Sequence
import jsii
from aws_cdk import Annotations, Duration, Token
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.application_container import APPLICATION, ApplicationContainer
from pavedroad.compute.ecs.discovery import CloudMap, ServiceConnect
from pavedroad.compute.ecs.fargate_service_alarms import FargateServiceAlarmThresholds, WatchedMetrics, add_service_alarms
from pavedroad.compute.ecs.https_load_balancer import HttpsEndpoint, HttpsLoadBalancer, all_answers, server_errors
from pavedroad.compute.ecs.log_router import LogRouter
from pavedroad.compute.ecs.rollout import Rollout
from pavedroad.compute.ecs.scaling import SpotMix, TaskScaling
from pavedroad.compute.ecs.service import hardened_service, running_tasks
from pavedroad.compute.ecs.sidecar import Sidecar
from pavedroad.compute.ecs.task import HardenedTask, TaskPlan
from pavedroad.observability.cloudwatch.indicators import RequestIndicator
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.version_stamp import stamp
_PORT_FINDINGS = ('NIST.800.53.R5-EC2RestrictedCommonPorts', 'NIST.800.53.R5-EC2RestrictedSSH')
_DEFAULT_THRESHOLDS = FargateServiceAlarmThresholds()

@jsii.implements(ec2.IConnectable, iam.IGrantable)
class FargateService(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, image: ecs.ContainerImage, certificate: acm.ICertificate | None=None, container: ApplicationContainer | None=None, cpu: int=512, memory_mib: int=1024, architecture: ecs.CpuArchitecture | None=None, health_check: elbv2.HealthCheck | None=None, endpoint: HttpsEndpoint | None=None, scaling: TaskScaling | None=None, spot: SpotMix | None=None, rollout: Rollout | None=None, sidecars: Sequence[Sidecar]=(), discovery: ServiceConnect | CloudMap | None=None, log_router: LogRouter | None=None, log_retention: logs.RetentionDays=logs.RetentionDays.ONE_YEAR, enable_execute_command: bool=False, allow_all_outbound: bool=False, vpc_subnets: ec2.SubnetSelection | None=None, cluster: ecs.ICluster | None=None, encryption_key: kms.IKey | None=None) -> None:
        self.alternate_target_group = ...
        self.cluster = ...
        self.container = ...
        self.encryption_key = ...
        self.entrance = ...
        self.listener = ...
        self.load_balancer = ...
        self.log_group = ...
        self.scalable_tasks = ...
        self.scaling = ...
        self.service = ...
        self.target_group = ...
        self.task_definition = ...

    @property
    def connections(self) -> ec2.Connections:
        ...

    @property
    def grant_principal(self) -> iam.IPrincipal:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: FargateServiceAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def metric_cpu_utilization(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_memory_utilization(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_running_tasks(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_request_count(self, *, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_response_time(self, *, statistic: str='p99', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_unhealthy_tasks(self, *, statistic: str='Maximum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_server_errors(self, *, period: Duration | None=None) -> cloudwatch.MathExpression:
        ...

    def availability(self) -> RequestIndicator:
        ...
