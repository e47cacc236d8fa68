"""Blue/green deployment: the new version runs beside the old one, and traffic is moved to it."""

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
_EVERY_PATH = elbv2.ListenerCondition.path_patterns(["/*"])


@dataclass(frozen=True, kw_only=True)
class TrafficShift:
    """How traffic is moved from the old version (blue) to the new one (green), which runs beside it.

    ECS does it, not CodeDeploy: the service stays with the deployment controller of ECS, so that CloudFormation, the
    pipeline's ECS action and the circuit breaker go on to deploy and roll back as before, no second service holds the
    state of a deployment, and AWS recommends it for new services. Under CodeDeploy the task definition could no
    longer be changed by the template.

    ECS moves the weights of the listener rules, which a template shows as they were in the beginning; do not change
    the rules by other means.

    Attributes:
        strategy: ``BLUE_GREEN`` (all at once), ``LINEAR`` (equal steps) or ``CANARY`` (a small step, then the rest).
            Left out: ``BLUE_GREEN``.
        step_percent: The share of traffic that a step moves; 3 to 100 for ``LINEAR``, 0.1 to 100 for ``CANARY``. Left
            out: 10 for ``LINEAR``, 5 for ``CANARY``.
        step_bake_time: How long a step is watched, in whole minutes. Left out: 6 minutes for ``LINEAR``, 10 for
            ``CANARY``.
        bake_time: How long both versions run after all traffic has moved, at most 24 hours; until then it goes back at
            once. Left out: 10 minutes.
        server_errors: Answers 5xx in a minute, of the tasks and the load balancer together, above which a deployment
            is rolled back. Left out: 10.
        rollback_alarms: Further alarms that roll a deployment back; none may depend on the service. Left out: none.
        test_port: A port of the load balancer, by HTTPS, on which the new version answers before it has traffic.
            Left out: none.
        test_clients: Who may connect to ``test_port``. Left out: nobody, until ``load_balancer.connections`` admits
            them.
    """

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
        """The bake time, given or left out."""
        return self.bake_time or Duration.minutes(10)

    @property
    def linear_configuration(self) -> ecs.TrafficShiftConfig | None:
        """The steps of a linear shift."""
        return self._steps(10, 6) if self.strategy == ecs.DeploymentStrategy.LINEAR else None

    @property
    def canary_configuration(self) -> ecs.TrafficShiftConfig | None:
        """The first step of a canary."""
        return self._steps(5, 10) if self.strategy == ecs.DeploymentStrategy.CANARY else None

    def _steps(self, percent: float, minutes: int) -> ecs.TrafficShiftConfig:
        return ecs.TrafficShiftConfig(
            step_percent=percent if self.step_percent is None else self.step_percent,
            step_bake_time=self.step_bake_time or Duration.minutes(minutes),
        )

    def check(self, arguments: Arguments) -> None:
        """Refuse what ECS does not accept."""
        place = "rollout.traffic_shift"
        arguments.one_of(f"{place}.strategy", self.strategy.name, [strategy.name for strategy in _STRATEGIES])
        if self.strategy == ecs.DeploymentStrategy.BLUE_GREEN and (self.step_percent or self.step_bake_time):
            arguments.refuse(
                f"{place}.step_percent", self.step_percent, "BLUE_GREEN has no steps; choose LINEAR or CANARY"
            )
        lowest = 3 if self.strategy == ecs.DeploymentStrategy.LINEAR else 0.1
        arguments.between(f"{place}.step_percent", self.step_percent, lowest, 100)
        for name, duration in (("bake_time", self.bake_time), ("step_bake_time", self.step_bake_time)):
            if duration is not None and not duration.is_unresolved():
                minutes = duration.to_minutes(integral=False)
                if not 0 <= minutes <= _LONGEST_BAKE_MINUTES or minutes != int(minutes):
                    arguments.refuse(f"{place}.{name} in minutes", minutes, "must be whole, from 0 to 1440")
        arguments.between(f"{place}.test_port", self.test_port, 1, 65535)
        if not Token.is_unresolved(self.test_port) and self.test_port in (80, 443):
            arguments.refuse(f"{place}.test_port", self.test_port, "is a port of production traffic")
        if self.test_clients and self.test_port is None:
            arguments.refuse(f"{place}.test_clients", len(self.test_clients), "give test_port too")

    def alternate_target(
        self,
        scope: Construct,
        service: ecs.FargateService,
        entrance: HttpsLoadBalancer,
        target_group: elbv2.ApplicationTargetGroup,
        alternate: elbv2.ApplicationTargetGroup,
    ) -> ecs.AlternateTarget:
        """Make the listener rules that ECS moves between the target groups, and the role by which it does."""
        forward = elbv2.ListenerAction.weighted_forward(
            [
                elbv2.WeightedTargetGroup(target_group=target_group, weight=100),
                elbv2.WeightedTargetGroup(target_group=alternate, weight=0),
            ]
        )

        def rule(construct_id: str, listener: elbv2.IApplicationListener) -> elbv2.ApplicationListenerRule:
            return elbv2.ApplicationListenerRule(
                scope, construct_id, listener=listener, priority=1, conditions=[_EVERY_PATH], action=forward
            )

        production = rule("ProductionRule", entrance.listener)
        rules = [production]
        if self.test_port is not None:
            rules.append(rule("TestRule", entrance.add_test_listener(self.test_port, self.test_clients)))
        role = _infrastructure_role(scope, rules, [target_group, alternate])
        service.node.add_dependency(role)  # with its rights, from the first deployment until the service is deleted
        configuration = [ecs.ListenerRuleConfiguration.application_listener_rule(each) for each in rules]
        return ecs.AlternateTarget(
            "AlternateTarget",
            alternate_target_group=alternate,
            production_listener=configuration[0],
            test_listener=configuration[1] if len(configuration) > 1 else None,
            role=role,
        )

    def roll_back_on_alarm(
        self, scope: Construct, service: ecs.FargateService, load_balancer: elbv2.ApplicationLoadBalancer
    ) -> None:
        """Let ECS roll a deployment back when users get errors, or when a given alarm goes off."""
        alarm = server_errors(load_balancer.metrics, load_balancer, Duration.minutes(1)).create_alarm(
            scope,
            "RollbackAlarm",
            threshold=self.server_errors,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description="The service answers with 5xx: a deployment that is under way is rolled back.",
        )
        for finding in ("NIST.800.53.R5-CloudWatchAlarmAction", "PavedRoad-CloudWatch-1"):
            acknowledge(
                alarm,
                finding,
                "ECS reads the alarm's state while it deploys, and acts on it by rolling back. People are told by "
                "ServerErrorsAlarm, which watches the same errors.",
            )
        resource = service.node.find_child("Service")
        assert isinstance(resource, ecs.CfnService)
        # On the resource: the L2 takes alarms before there is a load balancer to watch.
        resource.add_property_override(
            "DeploymentConfiguration.Alarms",
            {
                "AlarmNames": [each.alarm_name for each in (alarm, *self.rollback_alarms)],
                "Enable": True,
                "Rollback": True,
            },
        )


def _infrastructure_role(
    scope: Construct, rules: Sequence[elbv2.ApplicationListenerRule], groups: Sequence[elbv2.ApplicationTargetGroup]
) -> ManagedPolicyRole:
    """What AWS's policy for this role allows, on this service's rules and target groups alone.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
    """
    role = ManagedPolicyRole(
        scope,
        "TrafficRole",
        assumed_by=iam.ServicePrincipal("ecs.amazonaws.com"),
        description=f"Moves traffic between the versions of {scope.node.id}",
    )
    kinds = ("Listeners", "Rules", "TargetGroups", "TargetHealth")
    describe = [f"elasticloadbalancing:Describe{kind}" for kind in kinds]
    statements = {
        "ReadLoadBalancers": (describe, ["*"]),
        "MoveTraffic": (["elasticloadbalancing:ModifyRule"], [rule.listener_rule_arn for rule in rules]),
        "PlaceTasks": (
            ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
            [group.target_group_arn for group in groups],
        ),
    }
    for sid, (actions, resources) in statements.items():
        role.add_to_principal_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=resources))
    acknowledge_wildcards(role.policy, "Describing load balancers supports no resource; what is changed is named.")
    return role
