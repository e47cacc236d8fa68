"""Rules for what runs by the clock."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.checks.rules.rule import Rule, equals, is_false, is_true, present
from pavedroad_platform.checks.rules.statements import conditions_runs

_NETWORK = "Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration"


def _runs_a_task(properties: Mapping[str, Any]) -> bool:
    return "EcsParameters" in properties.get("Target", {})


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-Scheduler-1",
        resource_type="AWS::Scheduler::Schedule",
        place="Target.DeadLetterConfig.Arn",
        requires=present,
        message="forgets what could not be started: name a dead-letter queue",
        source="https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html",
    ),
    Rule(
        id="PavedRoad-Scheduler-2",
        resource_type="AWS::Scheduler::Schedule",
        place="KmsKeyArn",
        requires=present,
        message="encrypts what it hands over with the key that AWS owns: name a customer managed key",
        source="https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html",
    ),
    Rule(
        id="PavedRoad-Scheduler-3",
        resource_type="AWS::Scheduler::Schedule",
        place=f"{_NETWORK}.AssignPublicIp",
        requires=equals(None, "DISABLED"),
        message="gives tasks public addresses: set AssignPublicIp to DISABLED",
        source="AWS Security Hub ECS.2",
        when=_runs_a_task,
    ),
    Rule(
        id="PavedRoad-Scheduler-4",
        resource_type="AWS::Scheduler::Schedule",
        place=f"{_NETWORK}.SecurityGroups",
        requires=present,
        message="takes the default security group of the VPC: name a security group",
        source="AWS Security Hub EC2.2",
        when=_runs_a_task,
    ),
    Rule(
        id="PavedRoad-Scheduler-5",
        resource_type="AWS::Scheduler::Schedule",
        place="Target.EcsParameters.EnableExecuteCommand",
        requires=is_false,
        message="opens a shell into running tasks: set EnableExecuteCommand to false",
        source="AWS Well-Architected SEC06-BP03",
        when=_runs_a_task,
    ),
    Rule(
        id="PavedRoad-Scheduler-6",
        resource_type="AWS::Scheduler::Schedule",
        place="Target.EcsParameters.EnableECSManagedTags",
        requires=is_true,
        message="makes tasks whose cost belongs to nobody: set EnableECSManagedTags",
        source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html",
        when=_runs_a_task,
    ),
    Rule(
        id="PavedRoad-Scheduler-7",
        resource_type="AWS::IAM::ManagedPolicy",
        place="PolicyDocument.Statement.*",
        requires=conditions_runs,
        message="starts tasks in every cluster: set a condition on ecs:cluster",
        source="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html",
    ),
)
