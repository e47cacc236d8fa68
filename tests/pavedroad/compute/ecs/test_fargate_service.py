"""What a Fargate service promises, what it refuses and what cannot be undone."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.ecs.application_container import ApplicationContainer
from pavedroad.compute.ecs.ecr_image import EcrImage
from pavedroad.compute.ecs.fargate_service import FargateService
from pavedroad.compute.ecs.fargate_service_alarms import FargateServiceAlarmThresholds
from pavedroad.compute.ecs.https_load_balancer import HttpsEndpoint
from pavedroad.compute.ecs.log_router import LogRouter
from pavedroad.compute.ecs.rollout import Rollout
from pavedroad.compute.ecs.scaling import SpotMix, TaskScaling

CERTIFICATE_ARN = "arn:aws:acm:eu-west-1:111111111111:certificate/12345678-1234-1234-1234-123456789012"
Make = Callable[..., FargateService]
Findings = Callable[[cdk.Stack], list[str]]


def containers(template: Template) -> dict[str, dict[str, Any]]:
    (task,) = template.find_resources("AWS::ECS::TaskDefinition").values()
    return {container["Name"]: container for container in task["Properties"]["ContainerDefinitions"]}


def warnings(stack: cdk.Stack) -> list[str]:
    """The stable ids of the warnings, without those of the CDK."""
    found = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    return sorted(
        acknowledgement
        for warning in found
        for acknowledgement in re.findall(r"\[ack: (pavedroad:[\w-]+)\]", str(warning.entry.data))
    )


class TestTask:
    def test_runs_unprivileged_without_root_capabilities_or_a_writable_file_system(
        self, stack: cdk.Stack, make_service: Make
    ) -> None:
        make_service()
        application = containers(Template.from_stack(stack))["application"]
        assert application["ReadonlyRootFilesystem"] is True
        assert application["Privileged"] is False
        assert application["User"] == "1000:1000"
        assert application["LinuxParameters"] == {"Capabilities": {"Drop": ["ALL"]}, "InitProcessEnabled": True}
        assert application["StopTimeout"] == 60
        assert "Environment" not in application

    def test_logs_to_its_own_encrypted_group(self, stack: cdk.Stack, make_service: Make) -> None:
        service = make_service(log_retention=logs.RetentionDays.TWO_YEARS)
        template = Template.from_stack(stack)
        template.has_resource_properties("AWS::Logs::LogGroup", {"KmsKeyId": Match.any_value(), "RetentionInDays": 731})
        logging = containers(template)["application"]["LogConfiguration"]
        assert logging["LogDriver"] == "awslogs"
        assert logging["Options"]["awslogs-group"] == stack.resolve(service.log_group.log_group_name)

    def test_has_writable_volumes_where_it_is_told(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service(container=ApplicationContainer(writable_paths=["/tmp", "/var/cache/nginx"]))
        template = Template.from_stack(stack)
        assert containers(template)["application"]["MountPoints"] == [
            {"ContainerPath": "/tmp", "ReadOnly": False, "SourceVolume": "application-tmp"},
            {"ContainerPath": "/var/cache/nginx", "ReadOnly": False, "SourceVolume": "application-var-cache-nginx"},
        ]
        template.has_resource_properties(
            "AWS::ECS::TaskDefinition",
            {"Volumes": [{"Name": "application-tmp"}, {"Name": "application-var-cache-nginx"}]},
        )

    def test_takes_size_architecture_command_and_port(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service(
            cpu=2048,
            memory_mib=16384,
            architecture=ecs.CpuArchitecture.ARM64,
            container=ApplicationContainer(
                port=9000, command=["serve"], entry_point=["/app"], user="app", protocol=elbv2.ApplicationProtocol.HTTPS
            ),
        )
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::ECS::TaskDefinition",
            {"Cpu": "2048", "Memory": "16384", "RuntimePlatform": {"CpuArchitecture": "ARM64"}},
        )
        application = containers(template)["application"]
        assert (application["Command"], application["EntryPoint"], application["User"]) == (["serve"], ["/app"], "app")
        assert application["PortMappings"] == [{"ContainerPort": 9000, "Protocol": "tcp"}]
        template.has_resource_properties(
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            {"Port": 9000, "Protocol": "HTTPS", "HealthCheckProtocol": "HTTPS", "TargetType": "ip"},
        )

    def test_secrets_come_from_secrets_manager_and_only_these_can_be_read(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        secret = secretsmanager.Secret.from_secret_complete_arn(
            stack, "Secret", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders-AbCdEf"
        )
        make_service(
            container=ApplicationContainer(
                environment={"STAGE": "production"},
                secrets={"DB_PASSWORD": ecs.Secret.from_secrets_manager(secret, "password")},
            )
        )
        template = Template.from_stack(stack)
        application = containers(template)["application"]
        assert application["Environment"] == [{"Name": "STAGE", "Value": "production"}]
        assert [entry["Name"] for entry in application["Secrets"]] == ["DB_PASSWORD"]
        template.has_resource_properties(
            "AWS::IAM::ManagedPolicy",
            {
                "PolicyDocument": {
                    "Statement": Match.array_with(
                        [
                            {
                                "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
                                "Effect": "Allow",
                                "Resource": "arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders-AbCdEf",
                            }
                        ]
                    )
                }
            },
        )
        assert pack_findings(stack) == []

    def test_only_tasks_of_this_account_get_the_role(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service()
        Template.from_stack(stack).has_resource_properties(
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        Match.object_like(
                            {
                                "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                            }
                        )
                    ]
                }
            },
        )

    def test_pulls_from_the_given_repository_alone(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        repository = ecr.Repository.from_repository_name(stack, "Repository", "orders")
        make_service(image=ecs.ContainerImage.from_ecr_repository(repository, "1.0.0"))
        statements = _statements(Template.from_stack(stack))
        pull = [statement for statement in statements if "ecr:BatchGetImage" in statement["Action"]]
        assert len(pull) == 1
        assert json.dumps(pull[0]["Resource"]).endswith(':repository/orders"]]}')
        assert pack_findings(stack) == []

    def test_what_is_granted_later_is_not_covered_by_the_acknowledgement(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        repository = ecr.Repository.from_repository_name(stack, "Repository", "orders")
        service = make_service(image=ecs.ContainerImage.from_ecr_repository(repository, "1.0.0"))
        service.task_definition.add_to_execution_role_policy(
            cdk.aws_iam.PolicyStatement(actions=["ssm:GetParameter"], resources=["*"])
        )
        assert [finding.split(":")[0] for finding in pack_findings(stack)] == ["AwsSolutions-IAM5[Resource"]


class TestService:
    def test_rolls_back_and_keeps_every_task_while_it_deploys(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service()
        Template.from_stack(stack).has_resource_properties(
            "AWS::ECS::Service",
            {
                "AvailabilityZoneRebalancing": "ENABLED",
                "DeploymentConfiguration": {
                    "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
                    "MaximumPercent": 200,
                    "MinimumHealthyPercent": 100,
                },
                "DesiredCount": Match.absent(),
                "EnableExecuteCommand": False,
                "LaunchType": "FARGATE",
                "PlatformVersion": "LATEST",
                "PropagateTags": "SERVICE",
                "NetworkConfiguration": {
                    "AwsvpcConfiguration": {
                        "AssignPublicIp": "DISABLED",
                        "Subnets": ["subnet-private-1", "subnet-private-2"],
                    }
                },
            },
        )

    def test_takes_its_rollout(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service(
            rollout=Rollout(
                min_healthy_percent=50,
                max_healthy_percent=150,
                health_check_grace_period=cdk.Duration.minutes(3),
                deregistration_delay=cdk.Duration.seconds(5),
                stop_timeout=cdk.Duration.seconds(20),
            ),
            health_check=elbv2.HealthCheck(path="/health"),
        )
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::ECS::Service",
            {
                "DeploymentConfiguration": {"MaximumPercent": 150, "MinimumHealthyPercent": 50},
                "HealthCheckGracePeriodSeconds": 180,
            },
        )
        template.has_resource_properties(
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            {
                "HealthCheckPath": "/health",
                "TargetGroupAttributes": Match.array_with(
                    [{"Key": "deregistration_delay.timeout_seconds", "Value": "5"}]
                ),
            },
        )
        assert containers(template)["application"]["StopTimeout"] == 20

    def test_connects_by_https_only_and_to_what_connections_opens(
        self, stack: cdk.Stack, vpc: ec2.IVpc, make_service: Make
    ) -> None:
        service = make_service()
        database = ec2.SecurityGroup(stack, "Database", vpc=vpc, allow_all_outbound=False)
        database.connections.allow_from(service, ec2.Port.tcp(5433))
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::EC2::SecurityGroup",
            {
                "GroupDescription": "Tasks of the Fargate service",
                "SecurityGroupEgress": [Match.object_like({"FromPort": 443, "ToPort": 443})],
                "SecurityGroupIngress": Match.absent(),
            },
        )
        template.has_resource_properties("AWS::EC2::SecurityGroupEgress", {"FromPort": 5433, "ToPort": 5433})
        template.has_resource_properties("AWS::EC2::SecurityGroupIngress", {"FromPort": 5433, "ToPort": 5433})

    def test_scales_in_and_out(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service(scaling=TaskScaling(min_tasks=3, max_tasks=12, cpu_percent=50, requests_per_task=600))
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::ApplicationAutoScaling::ScalableTarget", {"MinCapacity": 3, "MaxCapacity": 12}
        )
        policies = [
            policy["Properties"]["TargetTrackingScalingPolicyConfiguration"]
            for policy in template.find_resources("AWS::ApplicationAutoScaling::ScalingPolicy").values()
        ]
        targets = {
            policy["PredefinedMetricSpecification"]["PredefinedMetricType"]: policy["TargetValue"]
            for policy in policies
        }
        assert targets == {
            "ECSServiceAverageCPUUtilization": 50,
            "ECSServiceAverageMemoryUtilization": 70,
            "ALBRequestCountPerTarget": 600,
        }
        assert not any(policy.get("DisableScaleIn") for policy in policies)
        assert {(policy["ScaleInCooldown"], policy["ScaleOutCooldown"]) for policy in policies} == {(300, 60)}

    def test_scales_by_what_it_is_told_only(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service(
            scaling=TaskScaling(
                cpu_percent=None,
                memory_percent=None,
                requests_per_task=100,
                scale_in_cooldown=cdk.Duration.minutes(10),
                scale_out_cooldown=cdk.Duration.seconds(30),
            )
        )
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::ApplicationAutoScaling::ScalingPolicy", 1)
        template.has_resource_properties(
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            {"TargetTrackingScalingPolicyConfiguration": {"ScaleInCooldown": 600, "ScaleOutCooldown": 30}},
        )

    def test_runs_a_share_on_spot_above_an_on_demand_base(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service(spot=SpotMix(on_demand_base=2, on_demand_weight=1, spot_weight=3))
        template = Template.from_stack(stack)
        (association,) = template.find_resources("AWS::ECS::ClusterCapacityProviderAssociations")
        template.has_resource(
            "AWS::ECS::Service",
            {
                "DependsOn": Match.array_with([association]),
                "Properties": {
                    "LaunchType": Match.absent(),
                    "CapacityProviderStrategy": [
                        {"Base": 2, "CapacityProvider": "FARGATE", "Weight": 1},
                        {"CapacityProvider": "FARGATE_SPOT", "Weight": 3},
                    ],
                },
            },
        )

    def test_spot_reaches_a_given_cluster(self, stack: cdk.Stack, vpc: ec2.IVpc, make_service: Make) -> None:
        make_service(cluster=ecs.Cluster(stack, "Shared", vpc=vpc), spot=SpotMix())
        Template.from_stack(stack).has_resource_properties(
            "AWS::ECS::ClusterCapacityProviderAssociations", {"CapacityProviders": ["FARGATE", "FARGATE_SPOT"]}
        )

    def test_grants_go_to_the_tasks_role(self, stack: cdk.Stack, make_service: Make, pack_findings: Findings) -> None:
        service = make_service()
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:orders")
        topic.grant_publish(service)
        Template.from_stack(stack).has_resource_properties(
            "AWS::IAM::ManagedPolicy",
            {
                "PolicyDocument": {"Statement": [Match.object_like({"Action": "sns:Publish"})]},
                "Roles": [stack.resolve(service.task_definition.task_role.role_name)],
            },
        )
        assert pack_findings(stack) == []


class TestCluster:
    def test_its_own_is_encrypted_and_observed(self, stack: cdk.Stack, make_service: Make) -> None:
        service = make_service()
        key = stack.resolve(service.encryption_key.key_arn)
        Template.from_stack(stack).has_resource_properties(
            "AWS::ECS::Cluster",
            {
                "ClusterSettings": [{"Name": "containerInsights", "Value": "enhanced"}],
                "Configuration": {
                    "ExecuteCommandConfiguration": {
                        "KmsKeyId": key,
                        "Logging": "OVERRIDE",
                        "LogConfiguration": {"CloudWatchEncryptionEnabled": True},
                    },
                    "ManagedStorageConfiguration": {"FargateEphemeralStorageKmsKeyId": Match.any_value()},
                },
            },
        )

    def test_key_and_cluster_can_be_given(
        self, stack: cdk.Stack, vpc: ec2.IVpc, make_service: Make, pack_findings: Findings
    ) -> None:
        key = kms.Key(stack, "Key", enable_key_rotation=True)
        cluster = ecs.Cluster(stack, "Shared", vpc=vpc, container_insights_v2=ecs.ContainerInsights.ENHANCED)
        service = make_service(encryption_key=key, cluster=cluster)
        assert service.cluster is cluster
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::KMS::Key", 1)
        template.resource_count_is("AWS::ECS::Cluster", 1)
        assert pack_findings(stack) == []

    def test_commands_are_encrypted_logged_and_warned_of(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        make_service(enable_execute_command=True)
        template = Template.from_stack(stack)
        template.has_resource_properties("AWS::ECS::Service", {"EnableExecuteCommand": True})
        mounts = containers(template)["application"]["MountPoints"]
        assert [mount["ContainerPath"] for mount in mounts] == [
            "/managed-agents",
            "/var/lib/amazon/ssm",
            "/var/log/amazon/ssm",
        ]
        actions = {action for statement in _statements(template) for action in statement["Action"]}
        assert {"ssmmessages:OpenDataChannel", "kms:GenerateDataKey", "logs:PutLogEvents"} <= actions
        assert warnings(stack) == ["pavedroad:service-execute-command"]
        assert pack_findings(stack) == []


class TestLogRouter:
    def test_ships_the_applications_log(self, stack: cdk.Stack, make_service: Make, pack_findings: Findings) -> None:
        make_service(log_router=LogRouter(options={"Name": "kinesis_firehose", "delivery_stream": "logs"}))
        found = containers(Template.from_stack(stack))
        assert found["application"]["LogConfiguration"] == {
            "LogDriver": "awsfirelens",
            "Options": {"Name": "kinesis_firehose", "delivery_stream": "logs"},
        }
        router = found["log-router"]
        assert router["FirelensConfiguration"] == {"Type": "fluentbit"}
        assert router["LogConfiguration"]["LogDriver"] == "awslogs"
        assert router["ReadonlyRootFilesystem"] is True
        assert router["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
        assert [mount["ContainerPath"] for mount in router["MountPoints"]] == ["/tmp"]
        assert pack_findings(stack) == []

    def test_its_secrets_can_be_read_to_start_it_only(self, stack: cdk.Stack, make_service: Make) -> None:
        arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:splunk-AbCdEf"
        secret = ecs.Secret.from_secrets_manager(secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", arn))
        service = make_service(
            log_router=LogRouter(options={"Name": "splunk"}, secret_options={"splunk_token": secret})
        )
        template = Template.from_stack(stack)
        logging = containers(template)["application"]["LogConfiguration"]
        assert logging["SecretOptions"] == [{"Name": "splunk_token", "ValueFrom": arn}]
        (policy,) = template.find_resources("AWS::IAM::ManagedPolicy").values()
        assert service.task_definition.execution_role is not None
        assert policy["Properties"]["Roles"] == [stack.resolve(service.task_definition.execution_role.role_name)]
        assert arn in [statement["Resource"] for statement in policy["Properties"]["PolicyDocument"]["Statement"]]


class TestAlarms:
    def test_watch_users_and_causes_and_tell_the_topic(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:alarms")
        service = make_service()
        alarms = service.add_alarms(topic)
        template = Template.from_stack(stack)
        found = template.find_resources("AWS::CloudWatch::Alarm").values()
        thresholds = {
            alarm["Properties"].get("MetricName", "Errors"): alarm["Properties"]["Threshold"] for alarm in found
        }
        assert thresholds == {
            "Errors": 10,
            "UnHealthyHostCount": 0,
            "TargetResponseTime": 1,
            "CPUUtilization": 85,
            "MemoryUtilization": 85,
            "RunningTaskCount": 2,
        }
        assert len(alarms) == len(found)
        for alarm in found:
            assert alarm["Properties"]["AlarmActions"] == ["arn:aws:sns:eu-west-1:111111111111:alarms"]
            assert alarm["Properties"]["OKActions"] == ["arn:aws:sns:eu-west-1:111111111111:alarms"]
        assert pack_findings(stack) == []

    def test_server_errors_are_those_of_tasks_and_load_balancer(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service().add_alarms(sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:alarms"))
        template = Template.from_stack(stack)
        (alarm,) = template.find_resources(
            "AWS::CloudWatch::Alarm", {"Properties": {"TreatMissingData": "notBreaching", "Metrics": Match.any_value()}}
        ).values()
        metrics = {entry["Id"]: entry for entry in alarm["Properties"]["Metrics"]}
        names = {
            metrics["tasks"]["MetricStat"]["Metric"]["MetricName"],
            metrics["entrance"]["MetricStat"]["Metric"]["MetricName"],
        }
        assert names == {"HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"}

    def test_thresholds_are_taken(self, stack: cdk.Stack, make_service: Make) -> None:
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:alarms")
        make_service().add_alarms(
            topic, FargateServiceAlarmThresholds(response_time_seconds=0.25, running_tasks=1, cpu_percent=95)
        )
        template = Template.from_stack(stack)
        for name, threshold in {"TargetResponseTime": 0.25, "RunningTaskCount": 1, "CPUUtilization": 95}.items():
            template.has_resource_properties("AWS::CloudWatch::Alarm", {"MetricName": name, "Threshold": threshold})

    def test_metrics_are_those_of_the_service(self, stack: cdk.Stack, make_service: Make) -> None:
        service = make_service()
        period = cdk.Duration.minutes(2)
        metrics = [
            service.metric_cpu_utilization(period=period),
            service.metric_memory_utilization(period=period),
            service.metric_running_tasks(period=period),
            service.metric_request_count(period=period),
            service.metric_response_time(statistic="p50", period=period),
            service.metric_unhealthy_tasks(period=period),
        ]
        assert [metric.metric_name for metric in metrics] == [
            "CPUUtilization",
            "MemoryUtilization",
            "RunningTaskCount",
            "RequestCount",
            "TargetResponseTime",
            "UnHealthyHostCount",
        ]
        assert {metric.period.to_minutes() for metric in metrics} == {2}
        assert service.metric_server_errors(period=period).period.to_minutes() == 2


class TestRefusals:
    def test_a_missing_certificate_says_how_to_get_one(self, make_service: Make) -> None:
        with pytest.raises(InvalidArgumentsError) as refused:
            make_service(certificate=None)
        assert str(refused.value) == (
            "FargateService 'Stack/Orders': certificate=None: is required, since the service is reached by HTTPS only. "
            "Request one with acm.Certificate(self, 'Certificate', domain_name='orders.example.com', "
            "validation=acm.CertificateValidation.from_dns(hosted_zone)), or take one of this account and region with "
            "acm.Certificate.from_certificate_arn(self, 'Certificate', arn)"
        )

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"cpu": 300}, "cpu=300: must be one of 256, 512, 1024, 2048, 4096, 8192, 16384"),
            (
                {"cpu": 512, "memory_mib": 512},
                "memory_mib=512: with cpu=512 must be one of 1024, 2048, 3072, 4096",
            ),
            ({"container": ApplicationContainer(port=80)}, "container.port=80: must be from 1024 to 65535"),
            (
                {"container": ApplicationContainer(user="root")},
                "container.user='root': must not be root; give a user, or user and group, such as 1000:1000",
            ),
            ({"container": ApplicationContainer(user="0:1000")}, "container.user='0:1000': must not be root"),
            (
                {"container": ApplicationContainer(writable_paths=["tmp"])},
                "container.writable_paths='tmp': must be an absolute path, such as /tmp",
            ),
            ({"scaling": TaskScaling(min_tasks=0)}, "scaling.min_tasks=0: must be from 1 to 5000"),
            ({"scaling": TaskScaling(min_tasks=5, max_tasks=4)}, "scaling.max_tasks=4: must be from 5 to 5000"),
            ({"scaling": TaskScaling(cpu_percent=120)}, "scaling.cpu_percent=120: must be from 1 to 100"),
            (
                {"scaling": TaskScaling(cpu_percent=None, memory_percent=None)},
                "give at least one of cpu_percent, memory_percent and requests_per_task",
            ),
            ({"spot": SpotMix(spot_weight=0)}, "spot.spot_weight=0: must be from 1 to 1000"),
            ({"rollout": Rollout(max_healthy_percent=100)}, "rollout.max_healthy_percent=100: must be from 101 to 200"),
            (
                {"rollout": Rollout(stop_timeout=cdk.Duration.minutes(3))},
                "rollout.stop_timeout in seconds=180: must be from 2 to 120",
            ),
        ],
    )
    def test_what_cannot_work(self, make_service: Make, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=re.escape(message)):
            make_service(**arguments)

    def test_everything_at_once(self, make_service: Make) -> None:
        with pytest.raises(InvalidArgumentsError) as refused:
            make_service(
                certificate=None, cpu=1, scaling=TaskScaling(min_tasks=0), endpoint=HttpsEndpoint(web_acl_arn="x")
            )
        assert all(word in str(refused.value) for word in ("certificate", "cpu=1", "min_tasks", "web_acl_arn"))

    def test_commands_into_a_cluster_that_does_not_record_them(
        self, stack: cdk.Stack, vpc: ec2.IVpc, make_service: Make
    ) -> None:
        with pytest.raises(InvalidArgumentsError, match="the cluster must encrypt and log command sessions"):
            make_service(cluster=ecs.Cluster(stack, "Shared", vpc=vpc), enable_execute_command=True)


class TestWarnings:
    def test_the_defaults_have_none(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service()
        assert warnings(stack) == []

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ({"scaling": TaskScaling(min_tasks=1)}, "pavedroad:service-single-task"),
            ({"allow_all_outbound": True}, "pavedroad:service-all-outbound"),
            (
                {"endpoint": HttpsEndpoint(deletion_protection=False)},
                "pavedroad:load-balancer-no-deletion-protection",
            ),
            ({"endpoint": HttpsEndpoint(managed_rule_groups=[])}, "pavedroad:load-balancer-no-web-acl"),
        ],
    )
    def test_a_weakened_default_has_one(
        self, stack: cdk.Stack, make_service: Make, arguments: dict[str, Any], expected: str
    ) -> None:
        make_service(**arguments)
        assert warnings(stack) == [expected]


class TestInvariants:
    def test_a_sidecar_must_have_a_read_only_root(self, stack: cdk.Stack, make_service: Make) -> None:
        service = make_service()
        service.task_definition.add_container("Sidecar", image=ecs.ContainerImage.from_registry("x"), user="1000")
        with pytest.raises(Exception, match="readonlyRootFilesystem was removed or left out"):
            Template.from_stack(stack)

    def test_no_container_is_privileged(self, stack: cdk.Stack, make_service: Make) -> None:
        service = make_service()
        service.task_definition.add_container(
            "Sidecar",
            image=ecs.ContainerImage.from_registry("x"),
            user="1000",
            readonly_root_filesystem=True,
            privileged=True,
        )
        with pytest.raises(Exception, match="No container is privileged; privileged was set"):
            Template.from_stack(stack)

    def test_no_container_runs_as_root(self, stack: cdk.Stack, make_service: Make) -> None:
        service = make_service()
        service.task_definition.add_container(
            "Sidecar", image=ecs.ContainerImage.from_registry("x"), readonly_root_filesystem=True
        )
        with pytest.raises(Exception, match="No container runs as root; user was removed, left out or set to root"):
            Template.from_stack(stack)

    def test_the_containers_cannot_be_replaced_through_the_escape_hatch(
        self, stack: cdk.Stack, make_service: Make
    ) -> None:
        service = make_service()
        resource = service.task_definition.node.default_child
        resource.container_definitions = [{"name": "application", "image": "x", "readonlyRootFilesystem": False}]
        with pytest.raises(Exception, match="readonlyRootFilesystem was removed or left out"):
            Template.from_stack(stack)


class TestProduct:
    """Inside a Service Catalog product every value may be a parameter."""

    @pytest.fixture
    def template(self, app: cdk.App, stack: cdk.Stack) -> dict[str, Any]:
        product = servicecatalog.ProductStack(stack, "Product")

        def text(name: str, kind: str = "String") -> cdk.CfnParameter:
            return cdk.CfnParameter(product, name, type=kind)

        public = text("PublicSubnets", "List<AWS::EC2::Subnet::Id>").value_as_list
        private = text("PrivateSubnets", "List<AWS::EC2::Subnet::Id>").value_as_list
        vpc = ec2.Vpc.from_vpc_attributes(
            product,
            "Vpc",
            vpc_id=text("VpcId", "AWS::EC2::VPC::Id").value_as_string,
            availability_zones=[cdk.Fn.select(zone, cdk.Fn.get_azs()) for zone in (0, 1)],
            public_subnet_ids=[cdk.Fn.select(zone, public) for zone in (0, 1)],
            private_subnet_ids=[cdk.Fn.select(zone, private) for zone in (0, 1)],
        )
        service = FargateService(
            product,
            "Service",
            vpc=vpc,
            image=EcrImage(text("ImageUri").value_as_string),
            certificate=acm.Certificate.from_certificate_arn(
                product, "Certificate", text("CertificateArn").value_as_string
            ),
            cpu=text("Cpu", "Number").value_as_number,
            memory_mib=text("Memory", "Number").value_as_number,
            container=ApplicationContainer(
                port=text("Port", "Number").value_as_number, environment={"STAGE": text("Stage").value_as_string}
            ),
            scaling=TaskScaling(
                min_tasks=text("MinTasks", "Number").value_as_number,
                max_tasks=text("MaxTasks", "Number").value_as_number,
                requests_per_task=text("Requests", "Number").value_as_number,
            ),
            spot=SpotMix(on_demand_base=text("OnDemandBase", "Number").value_as_number),
        )
        service.add_alarms(sns.Topic.from_topic_arn(product, "Topic", text("TopicArn").value_as_string))
        servicecatalog.CloudFormationProduct(
            stack,
            "CloudFormationProduct",
            product_name="service",
            owner="platform",
            product_versions=[
                servicecatalog.CloudFormationProductVersion(
                    cloud_formation_template=servicecatalog.CloudFormationTemplate.from_product_stack(product)
                )
            ],
        )
        directory = Path(app.synth().directory)
        return json.loads((directory / product.template_file).read_text())  # type: ignore[no-any-return]

    def test_packs_find_nothing(self, stack: cdk.Stack, template: dict[str, Any], pack_findings: Findings) -> None:
        product = stack.node.find_child("Product")
        assert isinstance(product, cdk.Stack)
        assert template["Resources"]
        assert pack_findings(product) == []

    def test_subnets_can_be_whole_parameters(self, stack: cdk.Stack) -> None:
        def parameter(name: str, kind: str) -> cdk.CfnParameter:
            return cdk.CfnParameter(stack, name, type=kind)

        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id=parameter("VpcId", "AWS::EC2::VPC::Id").value_as_string,
            availability_zones=cdk.Fn.get_azs(),
            public_subnet_ids=parameter("PublicSubnets", "List<AWS::EC2::Subnet::Id>").value_as_list,
            private_subnet_ids=parameter("PrivateSubnets", "List<AWS::EC2::Subnet::Id>").value_as_list,
        )
        FargateService(
            stack,
            "Orders",
            vpc=vpc,
            image=ecs.ContainerImage.from_registry("public.ecr.aws/nginx/nginx-unprivileged:stable"),
            certificate=acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE_ARN),
        )
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::ElasticLoadBalancingV2::LoadBalancer", {"Subnets": {"Ref": "PublicSubnets"}}
        )
        template.has_resource_properties(
            "AWS::ECS::Service",
            {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": {"Ref": "PrivateSubnets"}}}},
        )

    def test_parameters_reach_the_resources(self, template: dict[str, Any]) -> None:
        properties = {resource["Type"]: resource["Properties"] for resource in template["Resources"].values()}
        task = properties["AWS::ECS::TaskDefinition"]
        assert (task["Cpu"], task["Memory"]) == ({"Ref": "Cpu"}, {"Ref": "Memory"})
        assert task["Family"] == {"Fn::Join": ["", [{"Ref": "AWS::StackName"}, "-StackProduct4A47E0B6Service8691E172"]]}
        application = task["ContainerDefinitions"][0]
        assert application["Image"] == {"Ref": "ImageUri"}
        assert application["PortMappings"][0]["ContainerPort"] == {"Ref": "Port"}
        scaling = properties["AWS::ApplicationAutoScaling::ScalableTarget"]
        assert (scaling["MinCapacity"], scaling["MaxCapacity"]) == ({"Ref": "MinTasks"}, {"Ref": "MaxTasks"})
        assert properties["AWS::ElasticLoadBalancingV2::LoadBalancer"]["Subnets"] == [
            {"Fn::Select": [zone, {"Ref": "PublicSubnets"}]} for zone in (0, 1)
        ]
        assert properties["AWS::ECS::Service"]["CapacityProviderStrategy"][0]["Base"] == {"Ref": "OnDemandBase"}
        alarm_thresholds = [
            resource["Properties"]["Threshold"]
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::CloudWatch::Alarm"
        ]
        assert {"Ref": "MinTasks"} in alarm_thresholds

    def test_the_listener_has_the_certificate_of_the_form(self, template: dict[str, Any]) -> None:
        (listener,) = [
            resource["Properties"]
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::ElasticLoadBalancingV2::Listener" and resource["Properties"]["Port"] == 443
        ]
        assert listener["Certificates"] == [{"CertificateArn": {"Ref": "CertificateArn"}}]

    def test_nothing_needs_an_asset_a_lookup_or_a_bootstrap(self, template: dict[str, Any]) -> None:
        assert "Rules" not in template
        assert "Mappings" not in template
        assert set(template["Parameters"]) == {
            "CertificateArn",
            "Cpu",
            "ImageUri",
            "MaxTasks",
            "Memory",
            "MinTasks",
            "OnDemandBase",
            "Port",
            "PrivateSubnets",
            "PublicSubnets",
            "Requests",
            "Stage",
            "TopicArn",
            "VpcId",
        }


def test_packs_find_nothing(stack: cdk.Stack, make_service: Make, pack_findings: Findings) -> None:
    make_service()
    assert pack_findings(stack) == []


def test_logical_ids_are_a_contract(stack: cdk.Stack, make_service: Make) -> None:
    make_service()
    resources = Template.from_stack(stack).to_json()["Resources"]
    retained = {name for name, resource in resources.items() if resource.get("DeletionPolicy") == "Retain"}
    assert retained == {
        "OrdersCommandLogsA05BFFD9",
        "OrdersKey6C690DD2",
        "OrdersLoadBalancerAccessLogsC2B8C3C2",
        "OrdersLoadBalancerWebAclLogsFB982CEA",
        "OrdersLogs63C9E25A",
    }
    addressed = ("AWS::ECS::", "AWS::ElasticLoadBalancingV2::", "AWS::EC2::SecurityGroup", "AWS::IAM::Role")
    assert {name for name, resource in resources.items() if resource["Type"].startswith(addressed)} == {
        "OrdersCluster77B720C5",
        "OrdersClusterDD2D267B",
        "OrdersExecutionRole2A1CE4F0",
        "OrdersLoadBalancer07BD9719",
        "OrdersLoadBalancerHttpsA0CFEE38",
        "OrdersLoadBalancerRedirect80To443AF3F2440",
        "OrdersLoadBalancerSecurityGroup66F8C86C",
        "OrdersLoadBalancerSecurityGrouptoStackOrdersSecurityGroup86B7FCE88080ACA543D8",
        "OrdersSecurityGroup2E5456CF",
        "OrdersSecurityGroupfromStackOrdersLoadBalancerSecurityGroupA93969BE8080F2540479",
        "OrdersService8DB65732",
        "OrdersTargetGroup6F7DDFA8",
        "OrdersTaskDefinition49887840",
        "OrdersTaskRoleF2658B04",
    }


def _statements(template: Template) -> list[dict[str, Any]]:
    return [
        statement
        for policy in template.find_resources("AWS::IAM::ManagedPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]
