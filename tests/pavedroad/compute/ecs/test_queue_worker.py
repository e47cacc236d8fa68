"""What a worker promises, what it refuses and what cannot be undone."""

import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.ecs.backlog import BacklogScaling
from pavedroad.compute.ecs.queue_worker import QueueWorker
from pavedroad.compute.ecs.queue_worker_alarms import QueueWorkerAlarmThresholds
from pavedroad.compute.ecs.scaling import SpotMix
from pavedroad.compute.ecs.task_container import TaskContainer
from pavedroad.compute.ecs.trace_collector import TraceCollector

Make = Callable[..., QueueWorker]
Findings = Callable[[cdk.Stack], list[str]]
IMAGE = ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/busybox:stable")


@pytest.fixture
def make_worker(stack: cdk.Stack, vpc: ec2.IVpc) -> Make:
    def make(**arguments: Any) -> QueueWorker:
        return QueueWorker(stack, "Thumbnails", **{"vpc": vpc, "image": IMAGE} | arguments)

    return make


def topic_in(stack: cdk.Stack) -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:alarms")


def tracking(template: Template) -> dict[str, Any]:
    (policy,) = template.find_resources(
        "AWS::ApplicationAutoScaling::ScalingPolicy", {"Properties": {"PolicyType": "TargetTrackingScaling"}}
    ).values()
    return policy["Properties"]["TargetTrackingScalingPolicyConfiguration"]  # type: ignore[no-any-return]


class TestQueue:
    def test_messages_are_encrypted_kept_and_given_up_after_five_times(
        self, stack: cdk.Stack, make_worker: Make
    ) -> None:
        worker = make_worker()
        template = Template.from_stack(stack)
        key = stack.resolve(worker.encryption_key.key_arn)
        template.has_resource(
            "AWS::SQS::Queue",
            {
                "DeletionPolicy": "Retain",
                "Properties": {
                    "KmsMasterKeyId": key,
                    "MessageRetentionPeriod": 345600,
                    "VisibilityTimeout": 300,
                    "RedrivePolicy": {
                        "deadLetterTargetArn": stack.resolve(worker.dead_letter_queue.queue_arn),
                        "maxReceiveCount": 5,
                    },
                },
            },
        )
        template.has_resource(
            "AWS::SQS::Queue",
            {"DeletionPolicy": "Retain", "Properties": {"KmsMasterKeyId": key, "MessageRetentionPeriod": 1209600}},
        )

    def test_both_queues_refuse_plain_text(self, stack: cdk.Stack, make_worker: Make) -> None:
        make_worker()
        policies = Template.from_stack(stack).find_resources("AWS::SQS::QueuePolicy").values()
        assert len(policies) == 2
        for policy in policies:
            (denial,) = policy["Properties"]["PolicyDocument"]["Statement"]
            assert denial["Effect"] == "Deny"
            assert denial["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}

    def test_takes_its_options(self, stack: cdk.Stack, make_worker: Make) -> None:
        make_worker(visibility_timeout=cdk.Duration.hours(1), max_receives=2, message_retention=cdk.Duration.days(14))
        Template.from_stack(stack).has_resource_properties(
            "AWS::SQS::Queue",
            {
                "VisibilityTimeout": 3600,
                "MessageRetentionPeriod": 1209600,
                "RedrivePolicy": {"maxReceiveCount": 2},
            },
        )

    def test_the_task_finds_it_and_may_work_it_off(self, stack: cdk.Stack, make_worker: Make) -> None:
        worker = make_worker()
        template = Template.from_stack(stack)
        (task,) = template.find_resources("AWS::ECS::TaskDefinition").values()
        (application,) = task["Properties"]["ContainerDefinitions"]
        assert application["Environment"] == [{"Name": "QUEUE_URL", "Value": stack.resolve(worker.queue.queue_url)}]
        queue = stack.resolve(worker.queue.queue_arn)
        actions = {
            action
            for policy in template.find_resources("AWS::IAM::ManagedPolicy").values()
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            if statement["Resource"] == queue
            for action in statement["Action"]
        }
        assert {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"} <= actions
        assert "sqs:SendMessage" not in actions

    def test_who_gives_work_may_use_the_key(self, stack: cdk.Stack, make_worker: Make) -> None:
        sender = iam.Role(stack, "Sender", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        make_worker().grant_send(sender)
        (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
        actions = [statement["Action"] for statement in policy["Properties"]["PolicyDocument"]["Statement"]]
        assert any("sqs:SendMessage" in action for action in actions)
        assert any("kms:GenerateDataKey*" in action for action in actions)


class TestService:
    def test_runs_as_hardened_as_a_fargate_service(
        self, stack: cdk.Stack, make_worker: Make, pack_findings: Findings
    ) -> None:
        make_worker(container=TaskContainer(environment={"STAGE": "production"}), sidecars=[TraceCollector()])
        template = Template.from_stack(stack)
        (task,) = template.find_resources("AWS::ECS::TaskDefinition").values()
        for container in task["Properties"]["ContainerDefinitions"]:
            assert container["ReadonlyRootFilesystem"] is True
            assert container["User"] == "1000:1000"
            assert "PortMappings" not in container
        template.has_resource_properties(
            "AWS::ECS::Service",
            {
                "DeploymentConfiguration": {"DeploymentCircuitBreaker": {"Enable": True, "Rollback": True}},
                "DesiredCount": Match.absent(),
                "EnableExecuteCommand": False,
                "HealthCheckGracePeriodSeconds": Match.absent(),
                "NetworkConfiguration": {
                    "AwsvpcConfiguration": {
                        "AssignPublicIp": "DISABLED",
                        "Subnets": ["subnet-private-1", "subnet-private-2"],
                    }
                },
            },
        )
        assert pack_findings(stack) == []

    def test_nobody_can_connect_to_it(self, stack: cdk.Stack, make_worker: Make) -> None:
        make_worker()
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::EC2::SecurityGroupIngress", 0)
        template.has_resource_properties(
            "AWS::EC2::SecurityGroup",
            {
                "GroupDescription": "Tasks of the queue worker",
                "SecurityGroupEgress": [Match.object_like({"FromPort": 443, "ToPort": 443})],
                "SecurityGroupIngress": Match.absent(),
            },
        )

    def test_a_task_may_protect_itself_while_it_works(self, stack: cdk.Stack, make_worker: Make) -> None:
        make_worker()
        Template.from_stack(stack).has_resource_properties(
            "AWS::IAM::ManagedPolicy",
            {
                "PolicyDocument": {
                    "Statement": [
                        Match.object_like(
                            {"Action": ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"], "Sid": "ProtectTasks"}
                        )
                    ]
                }
            },
        )

    def test_runs_a_share_on_spot(self, stack: cdk.Stack, make_worker: Make) -> None:
        make_worker(spot=SpotMix(on_demand_base=0, spot_weight=3))
        Template.from_stack(stack).has_resource_properties(
            "AWS::ECS::Service",
            {
                "LaunchType": Match.absent(),
                "CapacityProviderStrategy": [
                    {"Base": 0, "CapacityProvider": "FARGATE", "Weight": 1},
                    {"CapacityProvider": "FARGATE_SPOT", "Weight": 3},
                ],
            },
        )

    def test_key_and_cluster_can_be_given(self, stack: cdk.Stack, vpc: ec2.IVpc, make_worker: Make) -> None:
        key = kms.Key(stack, "Key", enable_key_rotation=True)
        make_worker(encryption_key=key, cluster=ecs.Cluster(stack, "Shared", vpc=vpc))
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::KMS::Key", 1)
        template.resource_count_is("AWS::ECS::Cluster", 1)

    def test_grants_go_to_the_tasks_role(self, stack: cdk.Stack, make_worker: Make, pack_findings: Findings) -> None:
        worker = make_worker()
        topic_in(stack).grant_publish(worker)
        Template.from_stack(stack).has_resource_properties(
            "AWS::IAM::ManagedPolicy",
            {
                "PolicyDocument": {"Statement": Match.array_with([Match.object_like({"Action": "sns:Publish"})])},
                "Roles": [stack.resolve(worker.task_definition.task_role.role_name)],
            },
        )
        assert pack_findings(stack) == []


class TestScaling:
    def test_follows_the_messages_of_each_task_and_comes_down_to_none(
        self, stack: cdk.Stack, make_worker: Make
    ) -> None:
        make_worker()
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::ApplicationAutoScaling::ScalableTarget", {"MinCapacity": 0, "MaxCapacity": 10}
        )
        policy = tracking(template)
        assert (policy["TargetValue"], policy["ScaleInCooldown"], policy["ScaleOutCooldown"]) == (100, 300, 60)
        metrics = {entry["Id"]: entry for entry in policy["CustomizedMetricSpecification"]["Metrics"]}
        names = {
            name: entry["MetricStat"]["Metric"]["MetricName"]
            for name, entry in metrics.items()
            if "MetricStat" in entry
        }
        assert names == {
            "visible": "ApproximateNumberOfMessagesVisible",
            "working": "ApproximateNumberOfMessagesNotVisible",
            "running": "RunningTaskCount",
        }
        assert [name for name, entry in metrics.items() if entry["ReturnData"]] == ["each"]

    def test_the_last_task_is_not_stopped_in_the_middle_of_its_work(self, stack: cdk.Stack, make_worker: Make) -> None:
        make_worker(scaling=BacklogScaling(messages_per_task=20))
        metrics = {
            entry["Id"]: entry
            for entry in tracking(Template.from_stack(stack))["CustomizedMetricSpecification"]["Metrics"]
        }
        assert metrics["backlog"]["Expression"] == "visible + working"
        expression = metrics["each"]["Expression"]
        assert expression.startswith("IF(tasks == 1 AND backlog > 0 AND backlog < 20, 20, ")

    def test_the_first_message_starts_a_task(self, stack: cdk.Stack, make_worker: Make) -> None:
        make_worker()
        template = Template.from_stack(stack)
        ((step, policy),) = template.find_resources(
            "AWS::ApplicationAutoScaling::ScalingPolicy", {"Properties": {"PolicyType": "StepScaling"}}
        ).items()
        configuration = policy["Properties"]["StepScalingPolicyConfiguration"]
        assert configuration["AdjustmentType"] == "ChangeInCapacity"
        assert configuration["StepAdjustments"] == [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}]
        (alarm,) = template.find_resources("AWS::CloudWatch::Alarm").values()
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": step}]
        expressions = [entry.get("Expression") for entry in alarm["Properties"]["Metrics"]]
        assert "IF(visible > 0 AND working < 1, visible, 0)" in expressions

    def test_a_worker_that_always_runs_needs_no_waking(self, stack: cdk.Stack, make_worker: Make) -> None:
        make_worker(
            scaling=BacklogScaling(
                min_tasks=2,
                max_tasks=5,
                scale_in_cooldown=cdk.Duration.minutes(10),
                scale_out_cooldown=cdk.Duration.seconds(30),
            )
        )
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::CloudWatch::Alarm", 0)
        template.has_resource_properties(
            "AWS::ApplicationAutoScaling::ScalableTarget", {"MinCapacity": 2, "MaxCapacity": 5}
        )
        assert (tracking(template)["ScaleInCooldown"], tracking(template)["ScaleOutCooldown"]) == (600, 30)


class TestAlarms:
    def test_tell_of_old_messages_and_dead_letters(
        self, stack: cdk.Stack, make_worker: Make, pack_findings: Findings
    ) -> None:
        worker = make_worker()
        alarms = worker.add_alarms(topic_in(stack))
        assert len(alarms) == 2
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::CloudWatch::Alarm", {"MetricName": "ApproximateAgeOfOldestMessage", "Threshold": 900}
        )
        template.has_resource_properties(
            "AWS::CloudWatch::Alarm",
            {
                "MetricName": "ApproximateNumberOfMessagesVisible",
                "Threshold": 0,
                "Dimensions": [{"Name": "QueueName", "Value": stack.resolve(worker.dead_letter_queue.queue_name)}],
                "AlarmActions": ["arn:aws:sns:eu-west-1:111111111111:alarms"],
            },
        )
        assert pack_findings(stack) == []

    def test_tell_of_too_few_tasks_where_some_must_always_run(self, stack: cdk.Stack, make_worker: Make) -> None:
        make_worker(scaling=BacklogScaling(min_tasks=2)).add_alarms(topic_in(stack))
        Template.from_stack(stack).has_resource_properties(
            "AWS::CloudWatch::Alarm",
            {"MetricName": "RunningTaskCount", "Threshold": 2, "TreatMissingData": "breaching"},
        )

    def test_thresholds_are_taken(self, stack: cdk.Stack, make_worker: Make) -> None:
        make_worker().add_alarms(
            topic_in(stack),
            QueueWorkerAlarmThresholds(oldest_message_age=cdk.Duration.hours(1), dead_letters=5, running_tasks=1),
        )
        template = Template.from_stack(stack)
        for name, threshold in {
            "ApproximateAgeOfOldestMessage": 3600,
            "ApproximateNumberOfMessagesVisible": 5,
            "RunningTaskCount": 1,
        }.items():
            template.has_resource_properties("AWS::CloudWatch::Alarm", {"MetricName": name, "Threshold": threshold})

    def test_metrics_are_those_of_the_worker(self, stack: cdk.Stack, make_worker: Make) -> None:
        worker = make_worker()
        queue = {"QueueName": stack.resolve(worker.queue.queue_name)}
        for metric in (worker.metric_oldest_message_age(), worker.metric_waiting_messages()):
            assert stack.resolve(metric.dimensions) == queue
        assert worker.metric_running_tasks(period=cdk.Duration.minutes(2)).period.to_minutes() == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cpu": 300}, "cpu=300: must be one of 256, 512"),
        ({"max_receives": 0}, "max_receives=0: must be from 1 to 1000"),
        ({"visibility_timeout": cdk.Duration.days(1)}, "visibility_timeout in seconds=86400: must be from 1 to 43200"),
        (
            {"message_retention": cdk.Duration.days(15)},
            "message_retention in seconds=1296000: must be from 60 to 1209600",
        ),
        ({"stop_timeout": cdk.Duration.minutes(3)}, "stop_timeout in seconds=180: must be from 2 to 120"),
        ({"scaling": BacklogScaling(min_tasks=-1)}, "scaling.min_tasks=-1: must be from 0 to 5000"),
        ({"scaling": BacklogScaling(min_tasks=5, max_tasks=4)}, "scaling.max_tasks=4: must be from 5 to 5000"),
        ({"scaling": BacklogScaling(messages_per_task=0)}, "scaling.messages_per_task=0: must be from 1 to 1000000"),
        (
            {"container": TaskContainer(environment={"QUEUE_URL": "x"})},
            "container.environment='QUEUE_URL': is the worker's own queue; leave it out",
        ),
        ({"container": TaskContainer(user="root")}, "container.user='root': must not be root"),
        ({"spot": SpotMix(spot_weight=0)}, "spot.spot_weight=0: must be from 1 to 1000"),
    ],
)
def test_refuses_what_cannot_work(make_worker: Make, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=re.escape(message)):
        make_worker(**arguments)


def test_warns_of_a_weakened_default_only(stack: cdk.Stack, make_worker: Make) -> None:
    make_worker()
    Annotations.from_stack(stack).has_no_warning("/Stack/Thumbnails", Match.string_like_regexp("pavedroad:"))


def test_warns_of_an_open_network(stack: cdk.Stack, make_worker: Make) -> None:
    make_worker(allow_all_outbound=True)
    Annotations.from_stack(stack).has_warning(
        "/Stack/Thumbnails", Match.string_like_regexp("pavedroad:queue-worker-all-outbound")
    )


class TestInvariants:
    @pytest.mark.parametrize("name", ["Queue", "DeadLetters"])
    def test_the_queues_stay_encrypted(self, stack: cdk.Stack, make_worker: Make, name: str) -> None:
        worker = make_worker()
        queue = worker.queue if name == "Queue" else worker.dead_letter_queue
        queue.node.default_child.kms_master_key_id = None  # type: ignore[union-attr]
        with pytest.raises(
            Exception, match=f"The queue Stack/Thumbnails/{name} is encrypted with a key of the customer"
        ):
            Template.from_stack(stack)

    def test_containers_stay_hardened(self, stack: cdk.Stack, make_worker: Make) -> None:
        make_worker().task_definition.add_container("Debug", image=IMAGE, readonly_root_filesystem=True)
        with pytest.raises(Exception, match="No container runs as root"):
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
    worker = QueueWorker(
        product,
        "Thumbnails",
        vpc=vpc,
        image=IMAGE,
        cpu=number("Cpu"),
        memory_mib=number("Memory"),
        max_receives=number("Receives"),
        scaling=BacklogScaling(
            min_tasks=number("MinTasks"), max_tasks=number("MaxTasks"), messages_per_task=number("Messages")
        ),
    )
    worker.add_alarms(sns.Topic.from_topic_arn(product, "Topic", cdk.CfnParameter(product, "TopicArn").value_as_string))
    template = product_template()
    text = str(template["Resources"])
    for name in ("Cpu", "Memory", "Receives", "MinTasks", "MaxTasks", "Messages"):
        assert f"{{'Ref': '{name}'}}" in text
    (policy,) = [
        resource["Properties"]["TargetTrackingScalingPolicyConfiguration"]
        for resource in template["Resources"].values()
        if resource["Properties"].get("PolicyType") == "TargetTrackingScaling"
    ]
    each = policy["CustomizedMetricSpecification"]["Metrics"][-1]["Expression"]
    assert each["Fn::Join"][1].count({"Ref": "Messages"}) == 2
    assert pack_findings(product) == []


def test_logical_ids_are_a_contract(stack: cdk.Stack, make_worker: Make) -> None:
    make_worker()
    resources = Template.from_stack(stack).to_json()["Resources"]
    assert {name for name, resource in resources.items() if resource.get("DeletionPolicy") == "Retain"} == {
        "ThumbnailsCommandLogs792810C2",
        "ThumbnailsDeadLettersDBE3706F",
        "ThumbnailsKey1E7B03F5",
        "ThumbnailsLogs1885AEEE",
        "ThumbnailsQueue5AE666C7",
    }


def test_packs_find_nothing(stack: cdk.Stack, make_worker: Make, pack_findings: Findings) -> None:
    make_worker()
    assert pack_findings(stack) == []
