"""A web service on AWS Fargate behind HTTPS."""

import jsii
from aws_cdk import Annotations, Aws, Duration, Names, Size, Stack, Token
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
from pavedroad.compute.ecs.cluster import encrypted_cluster, records_commands
from pavedroad.compute.ecs.containers import hold_hardened
from pavedroad.compute.ecs.fargate_service_alarms import (
    FargateServiceAlarmThresholds,
    WatchedMetrics,
    add_service_alarms,
)
from pavedroad.compute.ecs.https_load_balancer import HttpsEndpoint, HttpsLoadBalancer
from pavedroad.compute.ecs.log_router import LOG_ROUTER, LogRouter
from pavedroad.compute.ecs.rollout import Rollout
from pavedroad.compute.ecs.scaling import SpotMix, TaskScaling
from pavedroad.compute.ecs.task_size import check_task_size
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge, acknowledge_resource
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole

# The agent of ECS Exec writes here: https://github.com/aws/containers-roadmap/issues/1359
COMMAND_AGENT_PATHS = ("/managed-agents", "/var/lib/amazon/ssm", "/var/log/amazon/ssm")

_PORT_FINDINGS = ("NIST.800.53.R5-EC2RestrictedCommonPorts", "NIST.800.53.R5-EC2RestrictedSSH")
_DEFAULT_THRESHOLDS = FargateServiceAlarmThresholds()


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class FargateService(Construct):
    """A container that serves HTTPS: an ECS service on Fargate behind an application load balancer.

    Tasks run in private subnets without a public IP, without root, Linux capabilities or a writable root file system.
    They reach other services by HTTPS, and what ``connections`` opens. A deployment that does not become healthy is
    rolled back. Tasks are added and taken away as the load changes.

    The service's number of tasks is left to the scaling: a deployment does not set it back.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        vpc: The VPC: private subnets for the tasks, public ones for an internet-facing load balancer.
        image: The container image, such as ``ecs.ContainerImage.from_ecr_repository(repository, "1.4.2")`` or
            ``EcrImage(uri)`` for a URI that is a parameter.
        certificate: The ACM certificate of the names by which clients call. Required.
        container: Port, user, environment, secrets, writable directories. Left out: port 8080, user ``1000:1000``, no
            writable directory.
        cpu: CPU units of a task, 1024 are one vCPU; a pair with ``memory_mib`` that Fargate offers. Left out: 512.
        memory_mib: Memory of a task in MiB. Left out: 1024.
        architecture: ``X86_64`` or ``ARM64``, as the image was built. Left out: ``X86_64``.
        health_check: How the load balancer checks a task, with the protocol of the container. Left out: status 200 from
            ``/`` every 15 seconds.
        endpoint: How clients reach the service. Left out: from the internet, with a web ACL, without a name.
        scaling: Left out: 2 to 10 tasks, 60 % CPU, 70 % memory. One task leaves the warning
            ``pavedroad:service-single-task``.
        spot: A share of the tasks on Fargate Spot. Left out: all on demand.
        rollout: How tasks are replaced and end. Left out: no task is missed, 30 seconds to finish requests.
        log_router: Ships the application's log elsewhere with FireLens. Left out: to the service's log group.
        log_retention: Retention of the log group. Left out: one year.
        enable_execute_command: Allow ``aws ecs execute-command`` into the tasks, encrypted and logged; leaves the
            warning ``pavedroad:service-execute-command``. Left out: not allowed.
        allow_all_outbound: Let the tasks connect to anything; leaves the warning
            ``pavedroad:service-all-outbound``. Left out: port 443, and what ``connections`` opens.
        vpc_subnets: Where the tasks run. Left out: private subnets with a route out, else isolated ones.
        cluster: An ECS cluster. Left out: one of its own with enhanced Container Insights and encrypted task storage.
        encryption_key: Encrypts logs, task storage and command sessions; an imported one must admit CloudWatch Logs
            and Fargate. Left out: a key of its own with yearly rotation, kept when the stack is deleted.

    Attributes:
        service: The L2 service, with the id ``Resource``.
        task_definition: The task definition; a container added to it is held to the same rules.
        container: The application's container, named ``application``.
        load_balancer: The load balancer.
        listener: The HTTPS listener.
        target_group: The target group of the tasks.
        entrance: The load balancer with its listener, web ACL and access logs.
        log_group: The tasks' log.
        cluster: The cluster in use.
        encryption_key: The key in use.
        scalable_tasks: The scalable target, for further scaling policies.
        scaling: The scaling in use.
        connections: The tasks' network connections.
        grant_principal: The tasks' role, so that ``bucket.grant_read(service)`` works.

    Raises:
        InvalidArgumentsError: Arguments are missing, not possible together or would weaken what cannot be weakened.

    Controls: ECS.1, ECS.2, ECS.4, ECS.5, ECS.8, ECS.9, ECS.10, ECS.12, ECS.20, ELB.1, ELB.4, ELB.5, ELB.6, ELB.12,
    ELB.13, ELB.16, ELB.17, ELB.18, WAF.10, WAF.11, CloudWatch.16, KMS.4, nag ECS2, ECS4, ECS7, ELB2, EC23, IAM5, NIST
    AC-4(21), AC-6, AU-12, CM-7, CP-10, SC-5, SC-7, SC-8, SC-13, SC-28, SI-4.

    Example:
        >>> from pavedroad import FargateService
        >>> from pavedroad.compute.ecs.application_container import ApplicationContainer
        >>> from pavedroad.compute.ecs.ecr_image import EcrImage
        >>> from pavedroad.compute.ecs.scaling import SpotMix, TaskScaling
        >>> service = FargateService(
        ...     stack,
        ...     "Orders",
        ...     vpc=vpc,
        ...     image=EcrImage("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:1.4.2"),
        ...     certificate=certificate,
        ...     container=ApplicationContainer(writable_paths=["/tmp"]),
        ...     scaling=TaskScaling(max_tasks=20, requests_per_task=600),
        ...     spot=SpotMix(spot_weight=2),
        ...     encryption_key=key,
        ... )
        >>> topic.grant_publish(service)
        >>> alarms = service.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        image: ecs.ContainerImage,
        certificate: acm.ICertificate | None = None,
        container: ApplicationContainer | None = None,
        cpu: int = 512,
        memory_mib: int = 1024,
        architecture: ecs.CpuArchitecture | None = None,
        health_check: elbv2.HealthCheck | None = None,
        endpoint: HttpsEndpoint | None = None,
        scaling: TaskScaling | None = None,
        spot: SpotMix | None = None,
        rollout: Rollout | None = None,
        log_router: LogRouter | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        enable_execute_command: bool = False,
        allow_all_outbound: bool = False,
        vpc_subnets: ec2.SubnetSelection | None = None,
        cluster: ecs.ICluster | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.scaling = scaling or TaskScaling()
        container = container or ApplicationContainer()
        endpoint = endpoint or HttpsEndpoint()
        rollout = rollout or Rollout()
        arguments = Arguments(self)
        _check_certificate(arguments, certificate)
        _check_commands(arguments, cluster, enabled=enable_execute_command)
        check_task_size(arguments, cpu, memory_mib)
        for group in (container, endpoint, rollout, self.scaling, spot):
            if group is not None:
                group.check(arguments)
        arguments.check()
        assert certificate is not None

        self.encryption_key = encryption_key or rotated_key(
            self, "Key", description=f"Logs, task storage and command sessions of {self.node.id}"
        )
        self.cluster = cluster or encrypted_cluster(self, "Cluster", vpc=vpc, encryption_key=self.encryption_key)
        self.log_group = encrypted_log_group(self, "Logs", encryption_key=self.encryption_key, retention=log_retention)
        self._task_role, self._execution_role = self._roles()
        self.task_definition = self._task_definition(cpu, memory_mib, architecture)
        self.container = container.add_to(
            self.task_definition,
            image=image,
            logging=self._logging(log_router),
            stop_timeout=rollout.stop_timeout or Duration.seconds(60),
            further_writable_paths=COMMAND_AGENT_PATHS if enable_execute_command else (),
        )
        self.service = ecs.FargateService(
            self,
            "Resource",
            cluster=self.cluster,
            task_definition=self.task_definition,
            assign_public_ip=False,
            vpc_subnets=vpc_subnets,
            security_groups=[self._security_group(vpc, allow_all_outbound=allow_all_outbound)],
            platform_version=ecs.FargatePlatformVersion.LATEST,
            capacity_provider_strategies=self._capacity(spot),
            circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
            min_healthy_percent=rollout.min_healthy_percent,
            max_healthy_percent=rollout.max_healthy_percent,
            availability_zone_rebalancing=ecs.AvailabilityZoneRebalancing.ENABLED,
            health_check_grace_period=rollout.health_check_grace_period or Duration.seconds(60),
            enable_execute_command=enable_execute_command,
            enable_ecs_managed_tags=True,
            propagate_tags=ecs.PropagatedTagSource.SERVICE,
        )
        self.service.node.add_dependency(self._execution_role)  # else a first task may start without its rights
        if spot is not None:
            self.service.node.add_dependency(self.cluster)  # which must know the Spot capacity before
        self.target_group = self._target_group(vpc, container, rollout, health_check)
        self.entrance = HttpsLoadBalancer(
            self,
            "LoadBalancer",
            vpc=vpc,
            certificate=certificate,
            target_group=self.target_group,
            endpoint=endpoint,
            encryption_key=self.encryption_key,
        )
        self.load_balancer = self.entrance.load_balancer
        self.listener = self.entrance.listener
        self.scalable_tasks = self.scaling.apply(self.service, self.target_group)
        self._acknowledge()
        self._acknowledge_port(container.port)
        self._warn(execute_command=enable_execute_command, all_outbound=allow_all_outbound)
        hold_hardened(self, self.task_definition, root_containers=[LOG_ROUTER])

    @property
    def connections(self) -> ec2.Connections:
        """The tasks' network connections, such as for ``database.connections.allow_default_port_from(service)``."""
        return self.service.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The tasks' role."""
        return self.task_definition.task_role

    def add_alarms(
        self, topic: sns.ITopic, thresholds: FargateServiceAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Alarms on server errors, unhealthy tasks, response time, CPU, memory and running tasks.

        Args:
            topic: Told on alarm and on recovery.
            thresholds: When they go off.
        """
        watched = WatchedMetrics(
            server_errors=self.metric_server_errors(),
            unhealthy_tasks=self.metric_unhealthy_tasks(),
            response_time=self.metric_response_time(),
            cpu_utilization=self.metric_cpu_utilization(),
            memory_utilization=self.metric_memory_utilization(),
            running_tasks=self.metric_running_tasks(),
        )
        return add_service_alarms(self, watched, topic, thresholds, min_tasks=self.scaling.min_tasks)

    def metric_cpu_utilization(
        self, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """CPU use of the tasks, in percent; every five minutes unless ``period`` says otherwise."""
        return self.service.metric_cpu_utilization(statistic=statistic, period=period)

    def metric_memory_utilization(
        self, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Memory use of the tasks, in percent; every five minutes unless ``period`` says otherwise."""
        return self.service.metric_memory_utilization(statistic=statistic, period=period)

    def metric_running_tasks(self, *, statistic: str = "Average", period: Duration | None = None) -> cloudwatch.Metric:
        """The number of running tasks, from Container Insights; every minute unless ``period`` says otherwise."""
        return cloudwatch.Metric(
            namespace="ECS/ContainerInsights",
            metric_name="RunningTaskCount",
            dimensions_map={"ClusterName": self.cluster.cluster_name, "ServiceName": self.service.service_name},
            statistic=statistic,
            period=period or Duration.minutes(1),
        )

    def metric_request_count(self, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Requests that the tasks answered; every five minutes unless ``period`` says otherwise."""
        return self.target_group.metrics.request_count(statistic=statistic, period=period)

    def metric_response_time(self, *, statistic: str = "p99", period: Duration | None = None) -> cloudwatch.Metric:
        """Seconds until a task answers, the 99th percentile; every five minutes unless ``period`` says otherwise."""
        return self.target_group.metrics.target_response_time(statistic=statistic, period=period)

    def metric_unhealthy_tasks(
        self, *, statistic: str = "Maximum", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """The most tasks that failed the load balancer's check; every minute unless ``period`` says otherwise."""
        return self.target_group.metrics.unhealthy_host_count(statistic=statistic, period=period or Duration.minutes(1))

    def metric_server_errors(self, *, period: Duration | None = None) -> cloudwatch.MathExpression:
        """Answers 5xx of tasks and load balancer; every five minutes unless ``period`` says otherwise."""
        period = period or Duration.minutes(5)
        return cloudwatch.MathExpression(
            expression="FILL(tasks, 0) + FILL(entrance, 0)",
            label="Server errors",
            period=period,
            using_metrics={
                "tasks": self.target_group.metrics.http_code_target(elbv2.HttpCodeTarget.TARGET_5XX_COUNT),
                "entrance": self.load_balancer.metrics.http_code_elb(elbv2.HttpCodeElb.ELB_5XX_COUNT),
            },
        )

    def _roles(self) -> tuple[ManagedPolicyRole, ManagedPolicyRole]:
        tasks = iam.ServicePrincipal("ecs-tasks.amazonaws.com")
        # Without it a task of another account could be handed the role through the service.
        own_account = {"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
        task_role = ManagedPolicyRole(
            self,
            "TaskRole",
            assumed_by=tasks.with_conditions(own_account),
            description=f"What the application {self.node.id} may do",
        )
        execution_role = ManagedPolicyRole(
            self,
            "ExecutionRole",
            assumed_by=tasks,
            description=f"Starts the tasks of {self.node.id}: image, secrets, log",
        )
        return task_role, execution_role

    def _task_definition(
        self, cpu: int, memory_mib: int, architecture: ecs.CpuArchitecture | None
    ) -> ecs.FargateTaskDefinition:
        return ecs.FargateTaskDefinition(
            self,
            "TaskDefinition",
            # The CDK's own name is the same in every stack that is launched from one template.
            family=f"{Aws.STACK_NAME}-{Names.unique_resource_name(self, max_length=64)}",
            cpu=cpu,
            memory_limit_mib=memory_mib,
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=architecture or ecs.CpuArchitecture.X86_64,
                operating_system_family=ecs.OperatingSystemFamily.LINUX,
            ),
            task_role=self._task_role,
            execution_role=self._execution_role,
        )

    def _target_group(
        self,
        vpc: ec2.IVpc,
        container: ApplicationContainer,
        rollout: Rollout,
        health_check: elbv2.HealthCheck | None,
    ) -> elbv2.ApplicationTargetGroup:
        tasks = self.service.load_balancer_target(container_name=APPLICATION, container_port=container.port)
        return elbv2.ApplicationTargetGroup(
            self,
            "TargetGroup",
            vpc=vpc,
            port=container.port,
            protocol=container.protocol,
            target_type=elbv2.TargetType.IP,
            targets=[tasks],
            deregistration_delay=rollout.deregistration_delay or Duration.seconds(30),
            health_check=health_check
            or elbv2.HealthCheck(
                path="/",
                protocol=elbv2.Protocol(container.protocol.value),
                healthy_http_codes="200",
                interval=Duration.seconds(15),
                healthy_threshold_count=2,
            ),
        )

    def _logging(self, log_router: LogRouter | None) -> ecs.LogDriver:
        own_log = ecs.LogDrivers.aws_logs(
            log_group=self.log_group,
            stream_prefix="tasks",
            mode=ecs.AwsLogDriverMode.NON_BLOCKING,
            max_buffer_size=Size.mebibytes(25),
        )
        return log_router.add_to(self.task_definition, own_log) if log_router else own_log

    def _security_group(self, vpc: ec2.IVpc, *, allow_all_outbound: bool) -> ec2.SecurityGroup:
        group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Tasks of the Fargate service",
            allow_all_outbound=allow_all_outbound,
        )
        if not allow_all_outbound:
            group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "Image, secrets, log and HTTPS services")
        return group

    def _capacity(self, spot: SpotMix | None) -> list[ecs.CapacityProviderStrategy] | None:
        if spot is None:
            return None
        if isinstance(self.cluster, ecs.Cluster):
            self.cluster.enable_fargate_capacity_providers()
        return spot.strategies()

    def _acknowledge_port(self, port: int) -> None:
        if not Token.is_unresolved(port):
            return
        for rule in self.service.connections.security_groups[0].node.find_all():
            if isinstance(rule, ec2.CfnSecurityGroupIngress):
                for finding in _PORT_FINDINGS:
                    acknowledge(
                        rule,
                        finding,
                        "The port is a parameter, so the check cannot be evaluated. The rule admits the security group "
                        "of the load balancer alone, to this one port, and no range of addresses.",
                    )

    def _acknowledge(self) -> None:
        _acknowledge_wildcards(
            self._execution_role.policy,
            "ecr:GetAuthorizationToken supports no resource; the repository is named in the other statement.",
        )
        _acknowledge_wildcards(
            self._task_role.policy,
            "ECS Exec needs ssmmessages and logs:DescribeLogGroups, which support no resource, and the streams of one "
            "log group, whose names it makes. Sessions are encrypted and logged; who may open one is decided by "
            "ecs:ExecuteCommand on the task.",
        )
        # What others grant later is not covered by these reasons.
        self._execution_role.begin_policy("GrantedPolicy")
        self._task_role.begin_policy("GrantedPolicy")

    def _warn(self, *, execute_command: bool, all_outbound: bool) -> None:
        annotations = Annotations.of(self)
        if self.scaling.is_single_task:
            annotations.add_warning_v2(
                "pavedroad:service-single-task",
                "One task may serve alone: a zone or a task that fails takes the service down.",
            )
        if execute_command:
            annotations.add_warning_v2(
                "pavedroad:service-execute-command",
                "Whoever may call ecs:ExecuteCommand gets a shell in the tasks, with the rights of their role.",
            )
        if all_outbound:
            annotations.add_warning_v2(
                "pavedroad:service-all-outbound", "The tasks may connect to any address and port."
            )


def _check_certificate(arguments: Arguments, certificate: acm.ICertificate | None) -> None:
    if certificate is None:
        arguments.refuse(
            "certificate",
            None,
            "is required, since the service is reached by HTTPS only. Request one with acm.Certificate(self, "
            "'Certificate', domain_name='orders.example.com', "
            "validation=acm.CertificateValidation.from_dns(hosted_zone)), or take one of this account and region with "
            "acm.Certificate.from_certificate_arn(self, 'Certificate', arn)",
        )


def _check_commands(arguments: Arguments, cluster: ecs.ICluster | None, *, enabled: bool) -> None:
    if enabled and cluster is not None and not records_commands(cluster):
        arguments.refuse(
            "enable_execute_command",
            enabled,
            "the cluster must encrypt and log command sessions; give its execute_command_configuration a kms_key, "
            "logging=ecs.ExecuteCommandLogging.OVERRIDE and a log_configuration",
        )


def _acknowledge_wildcards(policy: iam.ManagedPolicy | None, reason: str) -> None:
    if policy is None:
        return
    for statement in Stack.of(policy).resolve(policy.document)["Statement"]:
        resources = statement["Resource"]
        for resource in resources if isinstance(resources, list) else [resources]:
            if "*" in str(resource):
                acknowledge_resource(policy, resource, reason)
