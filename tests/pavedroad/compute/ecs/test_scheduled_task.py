"""What a scheduled task promises, what it refuses and what cannot be undone."""

import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_kms as kms
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.ecs.scheduled_task import ScheduledTask
from pavedroad.compute.ecs.scheduled_task_alarms import ScheduledTaskAlarmThresholds
from pavedroad.compute.ecs.sidecar import Sidecar
from pavedroad.compute.ecs.task_container import TaskContainer

Make = Callable[..., ScheduledTask]
Findings = Callable[[cdk.Stack], list[str]]
IMAGE = ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/busybox:stable")
DAILY = scheduler.ScheduleExpression.cron(hour="3", minute="0")


@pytest.fixture
def make_task(stack: cdk.Stack, vpc: ec2.IVpc) -> Make:
    def make(**arguments: Any) -> ScheduledTask:
        return ScheduledTask(stack, "Report", **{"vpc": vpc, "image": IMAGE, "schedule": DAILY} | arguments)

    return make


def schedule_of(stack: cdk.Stack) -> dict[str, Any]:
    (schedule,) = Template.from_stack(stack).find_resources("AWS::Scheduler::Schedule").values()
    return schedule["Properties"]  # type: ignore[no-any-return]


def topic_in(stack: cdk.Stack) -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:alarms")


class TestSchedule:
    def test_runs_on_time_and_tries_again_for_an_hour(self, stack: cdk.Stack, make_task: Make) -> None:
        make_task()
        schedule = schedule_of(stack)
        assert schedule["ScheduleExpression"] == "cron(0 3 * * ? *)"
        assert schedule["ScheduleExpressionTimezone"] == "Etc/UTC"
        assert schedule["State"] == "ENABLED"
        assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
        assert schedule["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10}

    def test_takes_its_options(self, stack: cdk.Stack, make_task: Make) -> None:
        make_task(
            schedule=scheduler.ScheduleExpression.rate(cdk.Duration.hours(2)),
            flexible_window=cdk.Duration.minutes(15),
            retry_attempts=0,
            max_event_age=cdk.Duration.minutes(10),
            enabled=False,
        )
        schedule = schedule_of(stack)
        assert schedule["ScheduleExpression"] == "rate(2 hours)"
        assert schedule["State"] == "DISABLED"
        assert schedule["FlexibleTimeWindow"] == {"MaximumWindowInMinutes": 15, "Mode": "FLEXIBLE"}
        assert schedule["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 600, "MaximumRetryAttempts": 0}

    def test_starts_on_fargate_in_private_subnets_without_a_public_address(
        self, stack: cdk.Stack, make_task: Make
    ) -> None:
        task = make_task()
        target = schedule_of(stack)["Target"]["EcsParameters"]
        assert (target["LaunchType"], target["PlatformVersion"], target["TaskCount"]) == ("FARGATE", "LATEST", 1)
        assert target["EnableExecuteCommand"] is False
        assert target["NetworkConfiguration"]["AwsvpcConfiguration"] == {
            "AssignPublicIp": "DISABLED",
            "SecurityGroups": [stack.resolve(task.connections.security_groups[0].security_group_id)],
            "Subnets": ["subnet-private-1", "subnet-private-2"],
        }

    def test_schedule_and_queue_are_encrypted_with_its_key(self, stack: cdk.Stack, make_task: Make) -> None:
        task = make_task()
        key = stack.resolve(task.encryption_key.key_arn)
        assert schedule_of(stack)["KmsKeyArn"] == key
        Template.from_stack(stack).has_resource_properties(
            "AWS::SQS::Queue", {"KmsMasterKeyId": key, "MessageRetentionPeriod": 1209600}
        )

    def test_the_scheduler_may_start_this_task_in_this_cluster_for_this_schedule_alone(
        self, stack: cdk.Stack, make_task: Make
    ) -> None:
        make_task()
        template = Template.from_stack(stack)
        ((policy_id, policy),) = [
            (name, policy["Properties"]["PolicyDocument"]["Statement"])
            for name, policy in template.find_resources("AWS::IAM::ManagedPolicy").items()
            if "StartRole" in name
        ]
        template.has_resource("AWS::Scheduler::Schedule", {"DependsOn": Match.array_with([policy_id])})
        by_sid = {statement["Sid"]: statement for statement in policy}
        assert set(by_sid) == {"StartTask", "TagTask", "PassRoles", "KeepDeadLetters", "UseKey"}
        assert "ecs:cluster" in by_sid["StartTask"]["Condition"]["ArnEquals"]
        assert by_sid["PassRoles"]["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
        template.has_resource_properties(
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        Match.object_like(
                            {
                                "Principal": {"Service": "scheduler.amazonaws.com"},
                                "Condition": {
                                    "ArnEquals": {"aws:SourceArn": Match.any_value()},
                                    "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
                                },
                            }
                        )
                    ]
                }
            },
        )


class TestTask:
    def test_is_as_hardened_as_that_of_a_service(self, stack: cdk.Stack, make_task: Make) -> None:
        make_task(container=TaskContainer(command=["report"], writable_paths=["/tmp"]))
        (task,) = Template.from_stack(stack).find_resources("AWS::ECS::TaskDefinition").values()
        (application,) = task["Properties"]["ContainerDefinitions"]
        assert application["ReadonlyRootFilesystem"] is True
        assert application["User"] == "1000:1000"
        assert application["Command"] == ["report"]
        assert application["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
        assert "PortMappings" not in application

    def test_connects_by_https_only_and_to_what_connections_opens(
        self, stack: cdk.Stack, vpc: ec2.IVpc, make_task: Make
    ) -> None:
        task = make_task()
        database = ec2.SecurityGroup(stack, "Database", vpc=vpc, allow_all_outbound=False)
        database.connections.allow_from(task, ec2.Port.tcp(5433))
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::EC2::SecurityGroup",
            {
                "GroupDescription": "Tasks of the scheduled task",
                "SecurityGroupEgress": [Match.object_like({"FromPort": 443, "ToPort": 443})],
            },
        )
        template.has_resource_properties("AWS::EC2::SecurityGroupEgress", {"FromPort": 5433, "ToPort": 5433})

    def test_grants_go_to_the_tasks_role(self, stack: cdk.Stack, make_task: Make, pack_findings: Findings) -> None:
        task = make_task()
        topic_in(stack).grant_publish(task)
        Template.from_stack(stack).has_resource_properties(
            "AWS::IAM::ManagedPolicy",
            {
                "PolicyDocument": {"Statement": [Match.object_like({"Action": "sns:Publish"})]},
                "Roles": [stack.resolve(task.task_definition.task_role.role_name)],
            },
        )
        assert pack_findings(stack) == []

    def test_key_and_cluster_can_be_given(self, stack: cdk.Stack, vpc: ec2.IVpc, make_task: Make) -> None:
        key = kms.Key(stack, "Key", enable_key_rotation=True)
        task = make_task(encryption_key=key, cluster=ecs.Cluster(stack, "Shared", vpc=vpc))
        assert task.encryption_key is key
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::KMS::Key", 1)
        template.resource_count_is("AWS::ECS::Cluster", 1)


class TestFailures:
    def test_runs_that_could_not_be_started_are_kept(self, stack: cdk.Stack, make_task: Make) -> None:
        task = make_task()
        assert schedule_of(stack)["Target"]["DeadLetterConfig"] == {
            "Arn": stack.resolve(task.dead_letter_queue.queue_arn)
        }

    def test_runs_that_failed_are_kept_too(self, stack: cdk.Stack, make_task: Make) -> None:
        task = make_task()
        (rule,) = Template.from_stack(stack).find_resources("AWS::Events::Rule").values()
        detail = rule["Properties"]["EventPattern"]["detail"]
        assert detail["lastStatus"] == ["STOPPED"]
        assert detail["$or"] == [
            {"containers": {"name": ["application"], "exitCode": [{"anything-but": [0]}]}},
            {"stopCode": ["TaskFailedToStart"]},
        ]
        (target,) = rule["Properties"]["Targets"]
        assert target["Arn"] == stack.resolve(task.dead_letter_queue.queue_arn)

    def test_every_revision_of_its_own_task_is_noticed_and_no_other(self, stack: cdk.Stack, make_task: Make) -> None:
        task = make_task()
        (rule,) = Template.from_stack(stack).find_resources("AWS::Events::Rule").values()
        ((prefix,),) = [entry.values() for entry in rule["Properties"]["EventPattern"]["detail"]["taskDefinitionArn"]]
        parts = prefix["Fn::Join"][1]
        family = stack.resolve(task.task_definition.family)["Fn::Join"][1]
        assert parts[-1] == f"{family[-1]}:"

    def test_alarms_tell_of_failures_and_of_no_run(
        self, stack: cdk.Stack, make_task: Make, pack_findings: Findings
    ) -> None:
        alarms = make_task().add_alarms(topic_in(stack))
        found = {
            alarm["Properties"]["MetricName"]: alarm["Properties"]
            for alarm in Template.from_stack(stack).find_resources("AWS::CloudWatch::Alarm").values()
        }
        assert len(alarms) == len(found) == 3
        assert found["TriggeredRules"]["Threshold"] == 0
        assert found["InvocationDroppedCount"]["Threshold"] == 0
        none = found["InvocationAttemptCount"]
        assert (none["Threshold"], none["Period"], none["EvaluationPeriods"]) == (1, 3600, 25)
        assert (none["ComparisonOperator"], none["TreatMissingData"]) == ("LessThanThreshold", "breaching")
        for alarm in found.values():
            assert alarm["AlarmActions"] == ["arn:aws:sns:eu-west-1:111111111111:alarms"]
        assert pack_findings(stack) == []

    def test_each_schedule_is_measured_for_itself(self, stack: cdk.Stack, make_task: Make) -> None:
        task = make_task()
        assert schedule_of(stack)["GroupName"] == stack.resolve(task.schedule_group.ref)
        period = cdk.Duration.minutes(2)
        for metric in (task.metric_runs(period=period), task.metric_not_started_runs(period=period)):
            assert stack.resolve(metric.dimensions) == {"ScheduleGroup": stack.resolve(task.schedule_group.ref)}
            assert metric.period.to_minutes() == 2

    def test_thresholds_are_taken(self, stack: cdk.Stack, make_task: Make) -> None:
        make_task().add_alarms(
            topic_in(stack), ScheduledTaskAlarmThresholds(failed_runs=2, no_run_for=cdk.Duration.hours(3))
        )
        template = Template.from_stack(stack)
        template.has_resource_properties("AWS::CloudWatch::Alarm", {"MetricName": "TriggeredRules", "Threshold": 2})
        template.has_resource_properties("AWS::CloudWatch::Alarm", {"EvaluationPeriods": 3, "Period": 3600})

    @pytest.mark.parametrize(("hours", "text"), [(0.5, "0.5"), (169, "169")])
    def test_an_alarm_looks_back_whole_hours_up_to_a_week(
        self, stack: cdk.Stack, make_task: Make, hours: float, text: str
    ) -> None:
        thresholds = ScheduledTaskAlarmThresholds(no_run_for=cdk.Duration.minutes(hours * 60))
        with pytest.raises(InvalidArgumentsError, match=rf"no_run_for in hours={text}: must be whole, from 1 to 168"):
            make_task().add_alarms(topic_in(stack), thresholds)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cpu": 300}, "cpu=300: must be one of 256, 512"),
        ({"retry_attempts": 186}, "retry_attempts=186: must be from 0 to 185"),
        ({"flexible_window": cdk.Duration.days(2)}, "flexible_window in seconds=172800: must be from 60 to 86400"),
        ({"max_event_age": cdk.Duration.seconds(30)}, "max_event_age in seconds=30: must be from 60 to 86400"),
        ({"stop_timeout": cdk.Duration.minutes(3)}, "stop_timeout in seconds=180: must be from 2 to 120"),
        ({"container": TaskContainer(user="root")}, "container.user='root': must not be root"),
        ({"sidecars": [Sidecar(name="s", image=IMAGE, user="0")]}, "sidecars[s].user='0': must not be root"),
    ],
)
def test_refuses_what_cannot_work(make_task: Make, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=re.escape(message)):
        make_task(**arguments)


def test_warns_of_a_weakened_default_only(stack: cdk.Stack, make_task: Make) -> None:
    make_task()
    annotations = Annotations.from_stack(stack)
    annotations.has_no_warning("/Stack/Report", Match.string_like_regexp("pavedroad:"))


def test_warns_of_an_open_network(stack: cdk.Stack, make_task: Make) -> None:
    make_task(allow_all_outbound=True)
    Annotations.from_stack(stack).has_warning(
        "/Stack/Report", Match.string_like_regexp("pavedroad:scheduled-task-all-outbound")
    )


class TestInvariants:
    def test_it_gets_no_public_address(self, stack: cdk.Stack, make_task: Make) -> None:
        task = make_task()
        network = scheduler.CfnSchedule.NetworkConfigurationProperty(
            awsvpc_configuration=scheduler.CfnSchedule.AwsVpcConfigurationProperty(
                subnets=["subnet-public-1"], assign_public_ip="ENABLED"
            )
        )
        task.schedule.target = scheduler.CfnSchedule.TargetProperty(
            arn="arn",
            role_arn="arn",
            ecs_parameters=scheduler.CfnSchedule.EcsParametersProperty(
                task_definition_arn="arn", network_configuration=network
            ),
        )
        with pytest.raises(Exception, match="no public address; AssignPublicIp was set on the schedule"):
            Template.from_stack(stack)

    def test_the_queue_stays_encrypted(self, stack: cdk.Stack, make_task: Make) -> None:
        make_task().dead_letter_queue.node.default_child.kms_master_key_id = None  # type: ignore[union-attr]
        with pytest.raises(Exception, match="DeadLetters is encrypted with a key of the customer"):
            Template.from_stack(stack)

    def test_containers_stay_hardened(self, stack: cdk.Stack, make_task: Make) -> None:
        make_task().task_definition.add_container("Debug", image=IMAGE, user="1000")
        with pytest.raises(Exception, match="readonlyRootFilesystem was removed or left out"):
            Template.from_stack(stack)


def test_works_in_a_product_with_parameters(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]], pack_findings: Findings
) -> None:
    def number(name: str) -> Any:
        return cdk.CfnParameter(product, name, type="Number").value_as_number

    vpc = ec2.Vpc.from_vpc_attributes(
        product,
        "Vpc",
        vpc_id="vpc-1",
        availability_zones=cdk.Fn.get_azs(),
        private_subnet_ids=cdk.CfnParameter(product, "Subnets", type="List<AWS::EC2::Subnet::Id>").value_as_list,
    )
    expression = cdk.CfnParameter(product, "Expression").value_as_string
    ScheduledTask(
        product,
        "Report",
        vpc=vpc,
        image=IMAGE,
        schedule=scheduler.ScheduleExpression.expression(expression),
        retry_attempts=number("Retries"),
        cpu=number("Cpu"),
        memory_mib=number("Memory"),
    )
    (schedule,) = [
        resource["Properties"]
        for resource in product_template()["Resources"].values()
        if resource["Type"] == "AWS::Scheduler::Schedule"
    ]
    assert schedule["ScheduleExpression"] == {"Ref": "Expression"}
    assert schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == {"Ref": "Retries"}
    network = schedule["Target"]["EcsParameters"]["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert network["Subnets"] == {"Ref": "Subnets"}
    assert pack_findings(product) == []


def test_logical_ids_are_a_contract(stack: cdk.Stack, make_task: Make) -> None:
    make_task()
    resources = Template.from_stack(stack).to_json()["Resources"]
    retained = {name for name, resource in resources.items() if resource.get("DeletionPolicy") == "Retain"}
    assert retained == {
        "ReportCommandLogs86E3B4C1",
        "ReportDeadLetters911BB535",
        "ReportKey309454F9",
        "ReportLogsAA3E998E",
    }


def test_packs_find_nothing(stack: cdk.Stack, make_task: Make, pack_findings: Findings) -> None:
    make_task()
    assert pack_findings(stack) == []
