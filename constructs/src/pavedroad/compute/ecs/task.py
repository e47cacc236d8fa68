"""The task of every construct on Fargate: key, cluster, log, roles, containers and network."""

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

# The agent of ECS Exec writes here: https://github.com/aws/containers-roadmap/issues/1359
COMMAND_AGENT_PATHS = ("/managed-agents", "/var/lib/amazon/ssm", "/var/log/amazon/ssm")


@dataclass(frozen=True, kw_only=True)
class TaskPlan:
    """What is told of a task, as the arguments of its construct say it.

    Attributes:
        title: What it is, in descriptions: ``Fargate service``.
        warnings_prefix: How the ids of its warnings begin: ``pavedroad:service``.
        key_description: What the key is for that is made where none is given.
    """

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
        """Refuse what Fargate does not offer, cannot work or would weaken the task."""
        if self.enable_execute_command and self.cluster is not None and not records_commands(self.cluster):
            arguments.refuse(
                "enable_execute_command",
                self.enable_execute_command,
                "the cluster must encrypt and log command sessions; give its execute_command_configuration a kms_key, "
                "logging=ecs.ExecuteCommandLogging.OVERRIDE and a log_configuration",
            )
        check_task_size(arguments, self.cpu, self.memory_mib)
        self.container.check(arguments)
        check_sidecars(arguments, self.sidecars)


class HardenedTask:
    """A task's parts, made directly in ``scope``, so that their logical ids are the construct's own.

    Args:
        scope: The construct that runs the task.
        plan: What is told of it, checked by the caller with ``TaskPlan.check``.

    Attributes:
        encryption_key: The key in use.
        cluster: The cluster in use.
        log_group: The task's log.
        task_role: What the application may do.
        execution_role: Starts the task.
        task_definition: The task definition; a container added to it is held to the same rules.
        container: The application's container.
        security_group: The task's network.
    """

    def __init__(self, scope: Construct, plan: TaskPlan) -> None:
        self._scope = scope
        self._plan = plan
        self.encryption_key = plan.encryption_key or rotated_key(scope, "Key", description=plan.key_description)
        self.cluster = plan.cluster or encrypted_cluster(
            scope, "Cluster", vpc=plan.vpc, encryption_key=self.encryption_key
        )
        self.log_group = encrypted_log_group(
            scope, "Logs", encryption_key=self.encryption_key, retention=plan.log_retention
        )
        self.task_role, self.execution_role = self._roles()
        self.task_definition = self._task_definition()
        own_log = self.log_driver("tasks")
        self.container = plan.container.add_to(
            self.task_definition,
            image=plan.image,
            logging=plan.log_router.add_to(self.task_definition, own_log) if plan.log_router else own_log,
            stop_timeout=plan.stop_timeout or Duration.seconds(60),
            further_writable_paths=COMMAND_AGENT_PATHS if plan.enable_execute_command else (),
            port_name=plan.port_name,
        )
        add_sidecars(self.task_definition, self.container, plan.sidecars, own_log)
        self.security_group = self._security_group()
        self._warn()
        hold_hardened(scope, self.task_definition, root_containers=[LOG_ROUTER])

    def finish_policies(self) -> None:
        """Acknowledge what the task's own rights need, so that what others grant later is not covered."""
        acknowledge_wildcards(
            self.execution_role.policy,
            "ecr:GetAuthorizationToken supports no resource; the repository is named in the other statement.",
        )
        acknowledge_wildcards(
            self.task_role.policy,
            "ECS Exec needs ssmmessages and logs:DescribeLogGroups, which support no resource, and the streams of one "
            "log group, whose names it makes. Sessions are encrypted and logged; who may open one is decided by "
            "ecs:ExecuteCommand on the task.",
        )
        for sidecar in self._plan.sidecars:
            self.allow(f"Policy-{sidecar.name}", sidecar.rights, sidecar.wildcard_reason)
        self.execution_role.begin_policy("GrantedPolicy")
        self.task_role.begin_policy("GrantedPolicy")

    def allow(self, construct_id: str, rights: Sequence[iam.PolicyStatement], wildcard_reason: str) -> None:
        """Give the application rights in a policy of their own, with the reason for the wildcards in them."""
        if not rights:
            return
        self.task_role.begin_policy(construct_id)
        for statement in rights:
            self.task_role.add_to_principal_policy(statement)
        acknowledge_wildcards(self.task_role.policy, wildcard_reason)

    def log_driver(self, stream_prefix: str) -> ecs.LogDriver:
        """Logs to the task's log group, in streams of each container; a full buffer does not stop the application."""
        return ecs.LogDrivers.aws_logs(
            log_group=self.log_group,
            stream_prefix=stream_prefix,
            mode=ecs.AwsLogDriverMode.NON_BLOCKING,
            max_buffer_size=Size.mebibytes(25),
        )

    def _roles(self) -> tuple[ManagedPolicyRole, ManagedPolicyRole]:
        tasks = iam.ServicePrincipal("ecs-tasks.amazonaws.com")
        # Without it a task of another account could be handed the role through the service.
        own_account = {"StringEquals": {"aws:SourceAccount": Stack.of(self._scope).account}}
        name = self._scope.node.id
        task_role = ManagedPolicyRole(
            self._scope,
            "TaskRole",
            assumed_by=tasks.with_conditions(own_account),
            description=f"What the application {name} may do",
        )
        execution_role = ManagedPolicyRole(
            self._scope,
            "ExecutionRole",
            assumed_by=tasks,
            description=f"Starts the tasks of {name}: image, secrets, log",
        )
        return task_role, execution_role

    def _task_definition(self) -> ecs.FargateTaskDefinition:
        return ecs.FargateTaskDefinition(
            self._scope,
            "TaskDefinition",
            # The CDK's own name is the same in every stack that is launched from one template.
            family=f"{Aws.STACK_NAME}-{Names.unique_resource_name(self._scope, max_length=64)}",
            cpu=self._plan.cpu,
            memory_limit_mib=self._plan.memory_mib,
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=self._plan.architecture or ecs.CpuArchitecture.X86_64,
                operating_system_family=ecs.OperatingSystemFamily.LINUX,
            ),
            task_role=self.task_role,
            execution_role=self.execution_role,
        )

    def _security_group(self) -> ec2.SecurityGroup:
        group = ec2.SecurityGroup(
            self._scope,
            "SecurityGroup",
            vpc=self._plan.vpc,
            description=f"Tasks of the {self._plan.title}",
            allow_all_outbound=self._plan.allow_all_outbound,
        )
        if not self._plan.allow_all_outbound:
            group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "Image, secrets, log and HTTPS services")
        return group

    def _warn(self) -> None:
        annotations = Annotations.of(self._scope)
        if self._plan.enable_execute_command:
            annotations.add_warning_v2(
                f"{self._plan.warnings_prefix}-execute-command",
                "Whoever may call ecs:ExecuteCommand gets a shell in the tasks, with the rights of their role.",
            )
        if self._plan.allow_all_outbound:
            annotations.add_warning_v2(
                f"{self._plan.warnings_prefix}-all-outbound", "The tasks may connect to any address and port."
            )


def acknowledge_wildcards(policy: iam.ManagedPolicy | None, reason: str) -> None:
    """Acknowledge every wildcard that the policy has by now in its resources; ``None`` is a role without rights."""
    if policy is None:
        return
    for statement in Stack.of(policy).resolve(policy.document)["Statement"]:
        resources = statement["Resource"]
        for resource in resources if isinstance(resources, list) else [resources]:
            if "*" in str(resource):
                acknowledge_resource(policy, resource, reason)
