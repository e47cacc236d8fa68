"""A web service on AWS Fargate behind HTTPS."""

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
from pavedroad.compute.ecs.fargate_service_alarms import (
    FargateServiceAlarmThresholds,
    WatchedMetrics,
    add_service_alarms,
)
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
        rollout: How tasks are replaced and end, and whether the new version runs beside the old one before it gets
            traffic (``Rollout(traffic_shift=TrafficShift())``, blue/green). Left out: no task is missed, 30 seconds to
            finish requests.
        sidecars: Containers beside the application, such as ``TraceCollector()``. Left out: none.
        discovery: How other services find it inside the VPC: ``ServiceConnect`` or ``CloudMap``. Left out: by the load
            balancer only.
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
        alternate_target_group: The second target group, where traffic is shifted between two; otherwise ``None``.
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
        >>> from pavedroad.compute.ecs.application_container import APPLICATION, ApplicationContainer
        >>> from pavedroad.compute.ecs.ecr_image import EcrImage
        >>> from pavedroad.compute.ecs.rollout import Rollout
        >>> from pavedroad.compute.ecs.scaling import SpotMix, TaskScaling
        >>> from pavedroad.compute.ecs.trace_collector import TraceCollector
        >>> from pavedroad.compute.ecs.traffic_shift import TrafficShift
        >>> service = FargateService(
        ...     stack,
        ...     "Orders",
        ...     vpc=vpc,
        ...     image=EcrImage("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:1.4.2"),
        ...     certificate=certificate,
        ...     container=ApplicationContainer(writable_paths=["/tmp"]),
        ...     scaling=TaskScaling(max_tasks=20),
        ...     spot=SpotMix(spot_weight=2),
        ...     rollout=Rollout(traffic_shift=TrafficShift(strategy=ecs.DeploymentStrategy.CANARY, test_port=8443)),
        ...     sidecars=[TraceCollector()],
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
        sidecars: Sequence[Sidecar] = (),
        discovery: ServiceConnect | CloudMap | None = None,
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
        self._container = container or ApplicationContainer()
        self._rollout = rollout or Rollout()
        endpoint = endpoint or HttpsEndpoint()
        plan = TaskPlan(
            title="Fargate service",
            warnings_prefix="pavedroad:service",
            key_description=f"Logs, task storage and command sessions of {self.node.id}",
            vpc=vpc,
            image=image,
            container=self._container,
            cpu=cpu,
            memory_mib=memory_mib,
            architecture=architecture,
            sidecars=sidecars,
            log_router=log_router,
            log_retention=log_retention,
            stop_timeout=self._rollout.stop_timeout,
            enable_execute_command=enable_execute_command,
            allow_all_outbound=allow_all_outbound,
            cluster=cluster,
            encryption_key=encryption_key,
            port_name=discovery.port_name if discovery else None,
        )
        arguments = Arguments(self)
        _check_certificate(arguments, certificate)
        for group in (plan, endpoint, self._rollout, self.scaling, spot, discovery):
            if group is not None:
                group.check(arguments)
        _check_shift(arguments, self._rollout, self.scaling)
        arguments.check()
        assert certificate is not None

        task = HardenedTask(self, plan)
        self.encryption_key = task.encryption_key
        self.cluster = task.cluster
        self.log_group = task.log_group
        self.task_definition = task.task_definition
        self.container = task.container
        self.service = hardened_service(
            self,
            task,
            rollout=self._rollout,
            spot=spot,
            vpc_subnets=vpc_subnets,
            enable_execute_command=enable_execute_command,
            is_behind_load_balancer=True,
        )
        if discovery is not None:
            discovery.enable(self.service, task)
        self.target_group = self._target_group("TargetGroup", vpc, health_check)
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
        self.alternate_target_group = self._place_behind_load_balancer(vpc, health_check)
        self.scalable_tasks = self.scaling.apply(self.service, self.target_group)
        task.finish_policies()
        self._acknowledge_port()
        if self.scaling.is_single_task:
            Annotations.of(self).add_warning_v2(
                "pavedroad:service-single-task",
                "One task may serve alone: a zone or a task that fails takes the service down.",
            )
        stamp(self)

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
        unhealthy = {"UnhealthyTasksAlarm": self.metric_unhealthy_tasks()}
        if self.alternate_target_group is not None:
            unhealthy["UnhealthyAlternateTasksAlarm"] = self.alternate_target_group.metrics.unhealthy_host_count(
                statistic="Maximum", period=Duration.minutes(1)
            )
        watched = WatchedMetrics(
            server_errors=self.metric_server_errors(),
            unhealthy_tasks=unhealthy,
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
        return running_tasks(self.service, statistic=statistic, period=period)

    def metric_request_count(self, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Requests that the tasks answered; every five minutes unless ``period`` says otherwise."""
        return self._traffic_metrics().request_count(statistic=statistic, period=period)

    def metric_response_time(self, *, statistic: str = "p99", period: Duration | None = None) -> cloudwatch.Metric:
        """Seconds until a task answers, the 99th percentile; every five minutes unless ``period`` says otherwise."""
        return self._traffic_metrics().target_response_time(statistic=statistic, period=period)

    def metric_unhealthy_tasks(
        self, *, statistic: str = "Maximum", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """The most tasks that failed the load balancer's check; every minute unless ``period`` says otherwise."""
        return self.target_group.metrics.unhealthy_host_count(statistic=statistic, period=period or Duration.minutes(1))

    def metric_server_errors(self, *, period: Duration | None = None) -> cloudwatch.MathExpression:
        """Answers 5xx of tasks and load balancer; every five minutes unless ``period`` says otherwise."""
        return server_errors(self._traffic_metrics(), self.load_balancer, period or Duration.minutes(5))

    def availability(self) -> RequestIndicator:
        """What a ``ServiceLevelObjective`` on availability measures: 5xx among all answers, also where no task runs."""
        traffic, period = self._traffic_metrics(), Duration.minutes(5)
        return RequestIndicator(
            total=all_answers(traffic, self.load_balancer, period), bad=self.metric_server_errors(period=period)
        )

    def _traffic_metrics(self) -> elbv2.IApplicationTargetGroupMetrics | elbv2.IApplicationLoadBalancerMetrics:
        """Of the target group, or of the load balancer where traffic is shifted between two target groups."""
        return self.target_group.metrics if self.alternate_target_group is None else self.load_balancer.metrics

    def _target_group(
        self, construct_id: str, vpc: ec2.IVpc, health_check: elbv2.HealthCheck | None
    ) -> elbv2.ApplicationTargetGroup:
        container = self._container
        return elbv2.ApplicationTargetGroup(
            self,
            construct_id,
            vpc=vpc,
            port=container.port,
            protocol=container.protocol,
            target_type=elbv2.TargetType.IP,
            deregistration_delay=self._rollout.deregistration_delay or Duration.seconds(30),
            health_check=health_check
            or elbv2.HealthCheck(
                path="/",
                protocol=elbv2.Protocol(container.protocol.value),
                healthy_http_codes="200",
                interval=Duration.seconds(15),
                healthy_threshold_count=2,
            ),
        )

    def _place_behind_load_balancer(
        self, vpc: ec2.IVpc, health_check: elbv2.HealthCheck | None
    ) -> elbv2.ApplicationTargetGroup | None:
        """Register the tasks; the second target group is returned where traffic is shifted between two."""
        shift, alternate, alternate_target = self._rollout.traffic_shift, None, None
        if shift is not None:
            alternate = self._target_group("AlternateTargetGroup", vpc, health_check)
            alternate_target = shift.alternate_target(self, self.service, self.entrance, self.target_group, alternate)
            shift.roll_back_on_alarm(self, self.service, self.load_balancer)
        tasks = self.service.load_balancer_target(
            container_name=APPLICATION, container_port=self._container.port, alternate_target=alternate_target
        )
        self.target_group.add_target(tasks)
        return alternate

    def _acknowledge_port(self) -> None:
        if not Token.is_unresolved(self._container.port):
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


def _check_shift(arguments: Arguments, rollout: Rollout, scaling: TaskScaling) -> None:
    if rollout.traffic_shift is not None and scaling.requests_per_task is not None:
        arguments.refuse(
            "scaling.requests_per_task",
            scaling.requests_per_task,
            "counts the requests of one target group, and rollout.traffic_shift moves them between two; scale by CPU "
            "or memory",
        )
