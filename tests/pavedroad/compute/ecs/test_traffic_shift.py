"""How traffic is shifted from an old version to a new one, and back."""

import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.ecs.fargate_service import FargateService
from pavedroad.compute.ecs.rollout import Rollout
from pavedroad.compute.ecs.scaling import TaskScaling
from pavedroad.compute.ecs.traffic_shift import TrafficShift

Make = Callable[..., FargateService]
Findings = Callable[[cdk.Stack], list[str]]


def shifting(**arguments: Any) -> Rollout:
    return Rollout(traffic_shift=TrafficShift(**arguments))


def service_of(template: Template) -> dict[str, Any]:
    (service,) = template.find_resources("AWS::ECS::Service").values()
    return service["Properties"]  # type: ignore[no-any-return]


def test_moves_all_traffic_at_once_and_watches_for_ten_minutes(stack: cdk.Stack, make_service: Make) -> None:
    make_service(rollout=shifting())
    deployment = service_of(Template.from_stack(stack))["DeploymentConfiguration"]
    assert (deployment["Strategy"], deployment["BakeTimeInMinutes"]) == ("BLUE_GREEN", 10)
    assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert not {"LinearConfiguration", "CanaryConfiguration"} & set(deployment)


@pytest.mark.parametrize(
    ("strategy", "arguments", "expected"),
    [
        ("LINEAR", {}, {"StepPercent": 10, "StepBakeTimeInMinutes": 6}),
        ("CANARY", {}, {"CanaryPercent": 5, "CanaryBakeTimeInMinutes": 10}),
        (
            "CANARY",
            {"step_percent": 1, "step_bake_time": cdk.Duration.minutes(30)},
            {"CanaryPercent": 1, "CanaryBakeTimeInMinutes": 30},
        ),
    ],
)
def test_moves_it_in_steps(
    stack: cdk.Stack, make_service: Make, strategy: str, arguments: dict[str, Any], expected: dict[str, int]
) -> None:
    make_service(rollout=shifting(strategy=ecs.DeploymentStrategy[strategy], **arguments))
    deployment = service_of(Template.from_stack(stack))["DeploymentConfiguration"]
    assert deployment["Strategy"] == strategy
    assert deployment[f"{strategy.capitalize()}Configuration"] == expected


def test_ecs_moves_one_rule_between_two_target_groups(
    stack: cdk.Stack, make_service: Make, pack_findings: Findings
) -> None:
    service = make_service(rollout=shifting())
    assert service.alternate_target_group is not None
    template = Template.from_stack(stack)
    (rule_id, rule), *others = template.find_resources("AWS::ElasticLoadBalancingV2::ListenerRule").items()
    assert others == []
    blue, green = (
        stack.resolve(group.target_group_arn) for group in (service.target_group, service.alternate_target_group)
    )
    (action,) = rule["Properties"]["Actions"]
    assert action["ForwardConfig"]["TargetGroups"] == [
        {"TargetGroupArn": blue, "Weight": 100},
        {"TargetGroupArn": green, "Weight": 0},
    ]
    (target,) = service_of(template)["LoadBalancers"]
    advanced = target["AdvancedConfiguration"]
    assert target["TargetGroupArn"] == blue
    assert advanced["AlternateTargetGroupArn"] == green
    assert advanced["ProductionListenerRule"] == {"Ref": rule_id}
    assert "TestListenerRule" not in advanced
    assert pack_findings(stack) == []


def test_ecs_may_change_these_rules_and_target_groups_alone(stack: cdk.Stack, make_service: Make) -> None:
    make_service(rollout=shifting())
    template = Template.from_stack(stack)
    ((policy_id, policy),) = [
        (name, policy["Properties"]["PolicyDocument"]["Statement"])
        for name, policy in template.find_resources("AWS::IAM::ManagedPolicy").items()
        if "TrafficRole" in name
    ]
    (service,) = template.find_resources("AWS::ECS::Service").values()
    assert policy_id in service["DependsOn"], "the first deployment needs it, and the deletion"
    changes = {statement["Sid"]: statement["Resource"] for statement in policy if statement["Resource"] != "*"}
    assert set(changes) == {"MoveTraffic", "PlaceTasks"}
    assert "*" not in str(changes)
    for statement in policy:
        if statement["Resource"] == "*":
            assert all(":Describe" in action for action in statement["Action"])


def test_a_new_version_can_be_tested_by_named_clients_on_a_port_of_its_own(
    stack: cdk.Stack, make_service: Make, pack_findings: Findings
) -> None:
    make_service(rollout=shifting(test_port=8443, test_clients=[ec2.Peer.ipv4("10.1.0.0/16")]))
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "Port": 8443,
            "Protocol": "HTTPS",
            "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
            "DefaultActions": [Match.object_like({"Type": "fixed-response"})],
        },
    )
    template.has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {
            "SecurityGroupIngress": Match.array_with(
                [Match.object_like({"CidrIp": "10.1.0.0/16", "FromPort": 8443, "ToPort": 8443})]
            )
        },
    )
    (target,) = service_of(template)["LoadBalancers"]
    advanced = target["AdvancedConfiguration"]
    assert advanced["TestListenerRule"] != advanced["ProductionListenerRule"]
    assert pack_findings(stack) == []


def test_nobody_can_test_until_admitted(stack: cdk.Stack, make_service: Make) -> None:
    make_service(rollout=shifting(test_port=8443))
    groups = Template.from_stack(stack).find_resources("AWS::EC2::SecurityGroup").values()
    ports = {rule["FromPort"] for group in groups for rule in group["Properties"].get("SecurityGroupIngress", [])}
    assert ports == {443, 80}


def test_errors_of_users_and_given_alarms_roll_back(stack: cdk.Stack, make_service: Make) -> None:
    given = cloudwatch.Alarm.from_alarm_name(stack, "Given", "orders-lost")
    make_service(rollout=shifting(server_errors=3, rollback_alarms=[given]))
    template = Template.from_stack(stack)
    ((name, alarm),) = template.find_resources("AWS::CloudWatch::Alarm").items()
    assert alarm["Properties"]["Threshold"] == 3
    assert service_of(template)["DeploymentConfiguration"]["Alarms"] == {
        "AlarmNames": [{"Ref": name}, "orders-lost"],
        "Enable": True,
        "Rollback": True,
    }
    assert "Service" not in str(alarm["Properties"]["Metrics"]), "an alarm that names the service would be a circle"


def test_alarms_watch_both_versions(stack: cdk.Stack, make_service: Make, pack_findings: Findings) -> None:
    service = make_service(rollout=shifting())
    service.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:alarms"))
    template = Template.from_stack(stack)
    unhealthy = template.find_resources(
        "AWS::CloudWatch::Alarm", {"Properties": {"MetricName": "UnHealthyHostCount"}}
    ).values()
    assert len({str(alarm["Properties"]["Dimensions"]) for alarm in unhealthy}) == 2
    assert service.alternate_target_group is not None
    for metric in (service.metric_request_count(), service.metric_response_time()):
        assert set(metric.dimensions or {}) == {"LoadBalancer"}
    assert pack_findings(stack) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"strategy": ecs.DeploymentStrategy.ROLLING},
            "rollout.traffic_shift.strategy='ROLLING': must be one of BLUE_GREEN, CANARY, LINEAR",
        ),
        ({"step_percent": 5}, "rollout.traffic_shift.step_percent=5: BLUE_GREEN has no steps; choose LINEAR or CANARY"),
        (
            {"strategy": ecs.DeploymentStrategy.LINEAR, "step_percent": 2},
            "rollout.traffic_shift.step_percent=2: must be from 3 to 100",
        ),
        (
            {"bake_time": cdk.Duration.days(2)},
            "rollout.traffic_shift.bake_time in minutes=2880: must be whole, from 0 to 1440",
        ),
        (
            {"bake_time": cdk.Duration.seconds(90)},
            "rollout.traffic_shift.bake_time in minutes=1.5: must be whole, from 0 to 1440",
        ),
        ({"test_port": 443}, "rollout.traffic_shift.test_port=443: is a port of production traffic"),
        ({"test_clients": [ec2.Peer.any_ipv4()]}, "rollout.traffic_shift.test_clients=1: give test_port too"),
    ],
)
def test_refuses_what_cannot_work(make_service: Make, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=re.escape(message)):
        make_service(rollout=shifting(**arguments))


def test_does_not_scale_by_the_requests_of_one_of_two_target_groups(make_service: Make) -> None:
    with pytest.raises(InvalidArgumentsError, match="requests_per_task=100: counts the requests of one target group"):
        make_service(rollout=shifting(), scaling=TaskScaling(requests_per_task=100))


def test_takes_parameters(stack: cdk.Stack, make_service: Make) -> None:
    port = cdk.CfnParameter(stack, "TestPort", type="Number")
    errors = cdk.CfnParameter(stack, "Errors", type="Number")
    make_service(rollout=shifting(test_port=port.value_as_number, server_errors=errors.value_as_number))
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::ElasticLoadBalancingV2::Listener", {"Port": {"Ref": "TestPort"}})
    template.has_resource_properties("AWS::CloudWatch::Alarm", {"Threshold": {"Ref": "Errors"}})
