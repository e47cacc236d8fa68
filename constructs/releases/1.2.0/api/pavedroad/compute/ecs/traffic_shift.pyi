from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Duration, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.https_load_balancer import HttpsLoadBalancer, server_errors
from pavedroad.compute.ecs.task import acknowledge_wildcards
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.roles import ManagedPolicyRole
_STRATEGIES = (ecs.DeploymentStrategy.BLUE_GREEN, ecs.DeploymentStrategy.LINEAR, ecs.DeploymentStrategy.CANARY)
_LONGEST_BAKE_MINUTES = 1440
_EVERY_PATH = elbv2.ListenerCondition.path_patterns(['/*'])

@dataclass(frozen=True, kw_only=True)
class TrafficShift:
    strategy: ecs.DeploymentStrategy = ecs.DeploymentStrategy.BLUE_GREEN
    step_percent: float | None = None
    step_bake_time: Duration | None = None
    bake_time: Duration | None = None
    server_errors: float = 10
    rollback_alarms: Sequence[cloudwatch.IAlarm] = ()
    test_port: int | None = None
    test_clients: Sequence[ec2.IPeer] = ()

    @property
    def whole_bake_time(self) -> Duration:
        ...

    @property
    def linear_configuration(self) -> ecs.TrafficShiftConfig | None:
        ...

    @property
    def canary_configuration(self) -> ecs.TrafficShiftConfig | None:
        ...

    def check(self, arguments: Arguments) -> None:
        ...

    def alternate_target(self, scope: Construct, service: ecs.FargateService, entrance: HttpsLoadBalancer, target_group: elbv2.ApplicationTargetGroup, alternate: elbv2.ApplicationTargetGroup) -> ecs.AlternateTarget:
        ...

    def roll_back_on_alarm(self, scope: Construct, service: ecs.FargateService, load_balancer: elbv2.ApplicationLoadBalancer) -> None:
        ...
