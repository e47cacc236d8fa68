from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Annotations, Aws, Duration, Names, Size, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.cluster import encrypted_cluster, records_commands
from pavedroad.compute.ecs.containers import hold_hardened
from pavedroad.compute.ecs.log_router import LOG_ROUTER, LogRouter
from pavedroad.compute.ecs.sidecar import Sidecar, add_sidecars, check_sidecars
from pavedroad.compute.ecs.task_container import TaskContainer
from pavedroad.compute.ecs.task_size import check_task_size
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole
COMMAND_AGENT_PATHS = ('/managed-agents', '/var/lib/amazon/ssm', '/var/log/amazon/ssm')

@dataclass(frozen=True, kw_only=True)
class TaskPlan:
    title: str
    warnings_prefix: str
    key_description: str
    vpc: ec2.IVpc
    image: ecs.ContainerImage
    container: TaskContainer
    cpu: int
    memory_mib: int
    architecture: ecs.CpuArchitecture | None
    sidecars: Sequence[Sidecar] = ()
    log_router: LogRouter | None = None
    log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR
    stop_timeout: Duration | None = None
    enable_execute_command: bool = False
    allow_all_outbound: bool = False
    cluster: ecs.ICluster | None = None
    encryption_key: kms.IKey | None = None
    port_name: str | None = None

    def check(self, arguments: Arguments) -> None:
        ...

class HardenedTask:

    def __init__(self, scope: Construct, plan: TaskPlan) -> None:
        self.cluster = ...
        self.container = ...
        self.encryption_key = ...
        self.execution_role = ...
        self.log_group = ...
        self.security_group = ...
        self.task_definition = ...
        self.task_role = ...

    def finish_policies(self) -> None:
        ...

    def allow(self, construct_id: str, rights: Sequence[iam.PolicyStatement], wildcard_reason: str) -> None:
        ...

    def log_driver(self, stream_prefix: str) -> ecs.LogDriver:
        ...

def acknowledge_wildcards(policy: iam.ManagedPolicy | None, reason: str) -> None:
    ...
