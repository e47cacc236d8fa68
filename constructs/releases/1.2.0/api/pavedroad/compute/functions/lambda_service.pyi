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
from pavedroad.compute.functions.lambda_alarms import LambdaServiceAlarmThresholds, WatchedMetrics, add_function_alarms
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
ALIAS = 'live'
_DEFAULT_THRESHOLDS = LambdaServiceAlarmThresholds()

@jsii.implements(ec2.IConnectable, iam.IGrantable)
class LambdaService(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, code: lambda_.Code, handler: str | None=None, runtime: lambda_.Runtime | None=None, architecture: lambda_.Architecture | None=None, memory_mib: int=512, timeout: Duration | None=None, ephemeral_storage_mib: int=512, environment: Mapping[str, str] | None=None, layers: Sequence[lambda_.ILayerVersion]=(), network: FunctionNetwork | None=None, reserved_concurrency: int | None=None, provisioned_concurrency: ProvisionedConcurrency | None=None, deployment: GradualDeployment | None=None, signing_profiles: 'Sequence[signer.ISigningProfile]'=(), triggers: Sequence[Trigger]=(), asynchronous: AsynchronousCalls | None=None, function_url: IamFunctionUrl | None=None, log_level: lambda_.ApplicationLogLevel=lambda_.ApplicationLogLevel.INFO, log_retention: logs.RetentionDays=logs.RetentionDays.ONE_YEAR, encryption_key: kms.IKey | None=None) -> None:
        self.alias = ...
        self.dead_letter_queue = ...
        self.deployment_group = ...
        self.encryption_key = ...
        self.function = ...
        self.function_url = ...
        self.log_group = ...
        self.role = ...
        self.scalable_concurrency = ...
        self.triggers = ...
        self.version = ...

    @property
    def connections(self) -> ec2.Connections:
        ...

    @property
    def grant_principal(self) -> iam.IPrincipal:
        ...

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def grant_invoke_url(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: LambdaServiceAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def metric_invocations(self, *, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_errors(self, *, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_throttles(self, *, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_duration(self, *, statistic: str='p99', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_duration_percent(self, *, statistic: str='p99', period: Duration | None=None) -> cloudwatch.MathExpression:
        ...

    def metric_concurrency_percent(self, *, statistic: str='Maximum', period: Duration | None=None) -> cloudwatch.MathExpression:
        ...

    def metric_dead_letters(self, *, statistic: str='Maximum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_iterator_age(self, *, statistic: str='Maximum', period: Duration | None=None) -> cloudwatch.Metric:
        ...
