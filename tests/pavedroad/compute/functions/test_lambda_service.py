from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_signer as signer
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import LambdaService
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.functions.dead_letters import AsynchronousCalls
from pavedroad.compute.functions.function_url import IamFunctionUrl
from pavedroad.compute.functions.lambda_alarms import LambdaServiceAlarmThresholds
from pavedroad.compute.functions.network import FunctionNetwork
from pavedroad.compute.functions.scaling import ProvisionedConcurrency

Findings = Callable[[cdk.Stack], list[str]]
Make = Callable[..., LambdaService]

FUNCTION = "Orders2A43276C"


def function(template: Template) -> dict[str, Any]:
    ((_, resource),) = template.find_resources("AWS::Lambda::Function").items()
    properties: dict[str, Any] = resource["Properties"]
    return properties


def statements(template: Template, policy: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = template.to_json()["Resources"][policy]["Properties"]["PolicyDocument"]["Statement"]
    return found


def own_policy(template: Template) -> list[dict[str, Any]]:
    (name,) = [
        name for name in template.find_resources("AWS::IAM::ManagedPolicy") if name.startswith("OrdersRolePolicy")
    ]
    return statements(template, name)


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


def image(stack: cdk.Stack) -> lambda_.Code:
    return lambda_.Code.from_ecr_image(ecr.Repository.from_repository_name(stack, "Repository", "orders"))


class TestDefaultShape:
    def test_encrypts_its_environment_with_its_own_rotated_key(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service(environment={"STAGE": "production"})
        template = Template.from_stack(stack)
        (key,) = template.find_resources("AWS::KMS::Key", {"Properties": {"EnableKeyRotation": True}})
        assert function(template)["KmsKeyArn"] == {"Fn::GetAtt": [key, "Arn"]}
        assert function(template)["Environment"] == {"Variables": {"STAGE": "production"}}

    def test_logs_as_json_into_its_own_encrypted_log_group_for_a_year(
        self, stack: cdk.Stack, make_service: Make
    ) -> None:
        make_service()
        template = Template.from_stack(stack)
        (group,) = template.find_resources("AWS::Logs::LogGroup")
        template.has_resource("AWS::Logs::LogGroup", {"DeletionPolicy": "Retain"})
        template.has_resource_properties(
            "AWS::Logs::LogGroup", {"RetentionInDays": 365, "KmsKeyId": function(template)["KmsKeyArn"]}
        )
        assert function(template)["LoggingConfig"] == {
            "ApplicationLogLevel": "INFO",
            "LogFormat": "JSON",
            "LogGroup": {"Ref": group},
            "SystemLogLevel": "INFO",
        }

    def test_is_traced(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service()
        assert function(Template.from_stack(stack))["TracingConfig"] == {"Mode": "Active"}

    def test_keeps_what_failed_in_an_encrypted_queue_that_outlives_the_stack(
        self, stack: cdk.Stack, make_service: Make
    ) -> None:
        make_service()
        template = Template.from_stack(stack)
        (queue,) = template.find_resources("AWS::SQS::Queue")
        assert function(template)["DeadLetterConfig"] == {"TargetArn": {"Fn::GetAtt": [queue, "Arn"]}}
        template.has_resource(
            "AWS::SQS::Queue",
            {
                "DeletionPolicy": "Retain",
                "Properties": {
                    "KmsMasterKeyId": function(template)["KmsKeyArn"],
                    "MessageRetentionPeriod": 14 * 24 * 3600,
                },
            },
        )
        template.has_resource_properties(
            "AWS::SQS::QueuePolicy",
            {
                "PolicyDocument": {
                    "Statement": [
                        Match.object_like({"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}})
                    ]
                }
            },
        )

    def test_tries_an_asynchronous_call_three_times_within_six_hours(
        self, stack: cdk.Stack, make_service: Make
    ) -> None:
        make_service()
        Template.from_stack(stack).has_resource_properties(
            "AWS::Lambda::EventInvokeConfig", {"MaximumEventAgeInSeconds": 21600, "MaximumRetryAttempts": 2}
        )

    def test_has_sizes_that_are_not_lambdas_smallest(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service()
        properties = function(Template.from_stack(stack))
        assert (properties["MemorySize"], properties["Timeout"]) == (512, 30)
        assert properties["EphemeralStorage"] == {"Size": 512}
        assert properties["Architectures"] == ["x86_64"]
        assert "ReservedConcurrentExecutions" not in properties
        assert "VpcConfig" not in properties

    def test_the_alias_live_is_at_the_version_that_was_published_last(
        self, stack: cdk.Stack, make_service: Make
    ) -> None:
        make_service()
        template = Template.from_stack(stack)
        (version,) = template.find_resources("AWS::Lambda::Version")
        ((_, alias),) = template.find_resources("AWS::Lambda::Alias").items()
        assert alias["Properties"]["Name"] == "live"
        assert alias["Properties"]["FunctionVersion"] == {"Fn::GetAtt": [version, "Version"]}
        assert "UpdatePolicy" not in alias

    def test_the_role_may_log_trace_decrypt_and_leave_what_failed_and_nothing_else(
        self, stack: cdk.Stack, make_service: Make
    ) -> None:
        make_service()
        template = Template.from_stack(stack)
        granted = {str(statement["Resource"]): statement["Action"] for statement in own_policy(template)}
        (group,) = template.find_resources("AWS::Logs::LogGroup")
        (queue,) = template.find_resources("AWS::SQS::Queue")
        assert granted == {
            str({"Fn::GetAtt": [group, "Arn"]}): ["logs:CreateLogStream", "logs:PutLogEvents"],
            str(function(template)["KmsKeyArn"]): ["kms:Decrypt", "kms:GenerateDataKey"],
            "*": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
            str({"Fn::GetAtt": [queue, "Arn"]}): "sqs:SendMessage",
        }
        template.resource_count_is("AWS::IAM::Policy", 0)

    def test_the_role_is_for_functions_of_this_account(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service()
        Template.from_stack(stack).has_resource_properties(
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        {
                            "Action": "sts:AssumeRole",
                            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                            "Effect": "Allow",
                            "Principal": {"Service": "lambda.amazonaws.com"},
                        }
                    ]
                },
                "ManagedPolicyArns": Match.absent(),
            },
        )

    def test_nobody_may_call_it_yet(self, stack: cdk.Stack, make_service: Make) -> None:
        service = make_service()
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::Lambda::Permission", 0)
        template.resource_count_is("AWS::Lambda::Url", 0)
        assert (service.function_url, service.deployment_group, service.scalable_concurrency) == (None, None, None)
        assert service.triggers == {}

    def test_packs_find_nothing(self, stack: cdk.Stack, make_service: Make, pack_findings: Findings) -> None:
        make_service()
        assert pack_findings(stack) == []
        assert warnings(stack) == []


class TestCode:
    def test_an_image_has_its_own_runtime_and_handler(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        make_service(code=image(stack), handler=None, runtime=None)
        properties = function(Template.from_stack(stack))
        assert properties["PackageType"] == "Image"
        assert "Runtime" not in properties
        assert "Handler" not in properties
        assert pack_findings(stack) == []

    def test_inline_code(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service(code=lambda_.Code.from_inline("def handler(event, context): ..."))
        assert function(Template.from_stack(stack))["Code"] == {"ZipFile": "def handler(event, context): ..."}

    def test_an_older_runtime_leaves_a_warning(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        make_service(runtime=lambda_.Runtime.PYTHON_3_13)
        assert ["pavedroad:function-older-runtime" in text for text in warnings(stack)] == [True]
        assert "its support ends on 2029-06-30" in warnings(stack)[0]
        assert pack_findings(stack) == []

    def test_only_code_that_was_signed_runs(self, stack: cdk.Stack, make_service: Make) -> None:
        profile = signer.SigningProfile.from_signing_profile_attributes(
            stack, "Profile", signing_profile_name="orders", signing_profile_version="1"
        )
        make_service(signing_profiles=[profile])
        template = Template.from_stack(stack)
        (configuration,) = template.find_resources("AWS::Lambda::CodeSigningConfig")
        template.has_resource_properties(
            "AWS::Lambda::CodeSigningConfig", {"CodeSigningPolicies": {"UntrustedArtifactOnDeployment": "Enforce"}}
        )
        assert function(template)["CodeSigningConfigArn"] == {"Fn::GetAtt": [configuration, "CodeSigningConfigArn"]}

    def test_layers(self, stack: cdk.Stack, make_service: Make) -> None:
        arn = "arn:aws:lambda:eu-west-1:111111111111:layer:tools:1"
        make_service(layers=[lambda_.LayerVersion.from_layer_version_arn(stack, "Layer", arn)])
        assert function(Template.from_stack(stack))["Layers"] == [arn]


class TestOptions:
    def test_sizes(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service(
            architecture=lambda_.Architecture.ARM_64,
            memory_mib=1024,
            timeout=cdk.Duration.minutes(5),
            ephemeral_storage_mib=2048,
            reserved_concurrency=20,
            log_level=lambda_.ApplicationLogLevel.WARN,
            log_retention=logs.RetentionDays.TWO_YEARS,
        )
        template = Template.from_stack(stack)
        properties = function(template)
        assert properties["Architectures"] == ["arm64"]
        assert (properties["MemorySize"], properties["Timeout"]) == (1024, 300)
        assert properties["EphemeralStorage"] == {"Size": 2048}
        assert properties["ReservedConcurrentExecutions"] == 20
        assert properties["LoggingConfig"]["ApplicationLogLevel"] == "WARN"
        template.has_resource_properties("AWS::Logs::LogGroup", {"RetentionInDays": 731})

    def test_a_given_key_is_used_and_none_is_made(self, stack: cdk.Stack, make_service: Make) -> None:
        arn = "arn:aws:kms:eu-west-1:111111111111:key/abc"
        key = kms.Key.from_key_arn(stack, "Shared", arn)
        service = make_service(encryption_key=key)
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::KMS::Key", 0)
        template.has_resource_properties("AWS::SQS::Queue", {"KmsMasterKeyId": arn})
        template.has_resource_properties("AWS::Logs::LogGroup", {"KmsKeyId": arn})
        assert function(template)["KmsKeyArn"] == arn
        assert service.encryption_key is key

    def test_asynchronous_calls(self, stack: cdk.Stack, make_service: Make) -> None:
        queue = sqs.Queue.from_queue_arn(stack, "Results", "arn:aws:sqs:eu-west-1:111111111111:results")
        make_service(
            asynchronous=AsynchronousCalls(
                retry_attempts=0,
                max_event_age=cdk.Duration.minutes(5),
                on_success=destinations.SqsDestination(queue),
                on_failure=destinations.SqsDestination(queue),
            )
        )
        Template.from_stack(stack).has_resource_properties(
            "AWS::Lambda::EventInvokeConfig",
            {
                "MaximumEventAgeInSeconds": 300,
                "MaximumRetryAttempts": 0,
                "DestinationConfig": {
                    "OnSuccess": {"Destination": queue.queue_arn},
                    "OnFailure": {"Destination": queue.queue_arn},
                },
            },
        )

    def test_a_function_url_asks_for_iam_credentials(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        service = make_service(
            function_url=IamFunctionUrl(
                cors=lambda_.FunctionUrlCorsOptions(allowed_origins=["https://orders.example"]),
                invoke_mode=lambda_.InvokeMode.RESPONSE_STREAM,
            )
        )
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::Lambda::Url",
            {
                "AuthType": "AWS_IAM",
                "Qualifier": "live",
                "InvokeMode": "RESPONSE_STREAM",
                "Cors": {"AllowOrigins": ["https://orders.example"]},
            },
        )
        template.resource_count_is("AWS::Lambda::Permission", 0)
        assert service.function_url is not None
        assert pack_findings(stack) == []


class TestProvisionedConcurrency:
    def test_is_scaled_in_and_out_with_the_load(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        make_service(provisioned_concurrency=ProvisionedConcurrency(min_capacity=2, max_capacity=20))
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::Lambda::Alias", {"ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 2}}
        )
        template.has_resource_properties(
            "AWS::ApplicationAutoScaling::ScalableTarget", {"MinCapacity": 2, "MaxCapacity": 20}
        )
        template.has_resource_properties(
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            {
                "TargetTrackingScalingPolicyConfiguration": {
                    "PredefinedMetricSpecification": {
                        "PredefinedMetricType": "LambdaProvisionedConcurrencyUtilization"
                    },
                    "TargetValue": 0.7,
                    "ScaleInCooldown": 300,
                    "ScaleOutCooldown": 60,
                    "DisableScaleIn": Match.absent(),
                }
            },
        )
        assert pack_findings(stack) == []

    def test_target_and_rests_as_asked(self, stack: cdk.Stack, make_service: Make) -> None:
        service = make_service(
            provisioned_concurrency=ProvisionedConcurrency(
                utilization_percent=50,
                scale_in_cooldown=cdk.Duration.minutes(10),
                scale_out_cooldown=cdk.Duration.seconds(30),
            )
        )
        Template.from_stack(stack).has_resource_properties(
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            {
                "TargetTrackingScalingPolicyConfiguration": Match.object_like(
                    {"TargetValue": 0.5, "ScaleInCooldown": 600, "ScaleOutCooldown": 30}
                )
            },
        )
        assert service.scalable_concurrency is not None


class TestNetwork:
    def test_runs_in_private_subnets_of_two_zones_and_reaches_https_only(
        self, stack: cdk.Stack, vpc: ec2.IVpc, make_service: Make, pack_findings: Findings
    ) -> None:
        make_service(network=FunctionNetwork(vpc=vpc))
        template = Template.from_stack(stack)
        (group,) = template.find_resources("AWS::EC2::SecurityGroup")
        assert function(template)["VpcConfig"] == {
            "SecurityGroupIds": [{"Fn::GetAtt": [group, "GroupId"]}],
            "SubnetIds": ["subnet-private-1", "subnet-private-2"],
        }
        template.has_resource_properties(
            "AWS::EC2::SecurityGroup",
            {
                "SecurityGroupEgress": [Match.object_like({"CidrIp": "0.0.0.0/0", "FromPort": 443, "ToPort": 443})],
                "SecurityGroupIngress": Match.absent(),
            },
        )
        assert pack_findings(stack) == []
        assert warnings(stack) == []

    def test_lambda_may_make_interfaces_and_the_code_may_not(
        self, stack: cdk.Stack, vpc: ec2.IVpc, make_service: Make
    ) -> None:
        make_service(network=FunctionNetwork(vpc=vpc))
        interfaces = [each for each in own_policy(Template.from_stack(stack)) if "ec2:" in str(each["Action"])]
        assert [each["Effect"] for each in interfaces] == ["Allow", "Allow", "Allow", "Deny"]
        allowed = {action for each in interfaces[:3] for action in _listed(each["Action"]) if "ec2:" in action}
        assert allowed == set(interfaces[3]["Action"])
        assert "lambda:SourceFunctionArn" in interfaces[3]["Condition"]["ArnLike"]
        assert ":function:*" in str(interfaces[3]["Condition"])

    def test_connections_open_further_ports(self, stack: cdk.Stack, vpc: ec2.IVpc, make_service: Make) -> None:
        service = make_service(network=FunctionNetwork(vpc=vpc))
        service.connections.allow_to(ec2.Peer.ipv4("10.0.0.0/16"), ec2.Port.POSTGRES)
        Template.from_stack(stack).has_resource_properties(
            "AWS::EC2::SecurityGroup",
            {"SecurityGroupEgress": Match.array_with([Match.object_like({"CidrIp": "10.0.0.0/16", "FromPort": 5432})])},
        )

    def test_all_outbound_leaves_a_warning(self, stack: cdk.Stack, vpc: ec2.IVpc, make_service: Make) -> None:
        make_service(network=FunctionNetwork(vpc=vpc, allow_all_outbound=True))
        assert ["pavedroad:function-all-outbound" in text for text in warnings(stack)] == [True]

    @pytest.mark.parametrize(
        ("subnets", "message"),
        [
            (
                ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
                "network.vpc_subnets='public': a function has no public address: give private subnets",
            ),
            (
                ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, availability_zones=["a"]),
                r"network.vpc_subnets=\['a'\]: must be in two availability zones at least",
            ),
        ],
    )
    def test_refuses_public_subnets_and_a_single_zone(
        self, vpc: ec2.IVpc, make_service: Make, subnets: ec2.SubnetSelection, message: str
    ) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            make_service(network=FunctionNetwork(vpc=vpc, vpc_subnets=subnets))


class TestVersions:
    def test_a_new_value_of_a_code_parameter_publishes_a_version(
        self, stack: cdk.Stack, bucket: s3.IBucket, make_service: Make
    ) -> None:
        key = cdk.CfnParameter(stack, "CodeKey").value_as_string
        version = cdk.CfnParameter(stack, "CodeVersion").value_as_string
        memory = cdk.CfnParameter(stack, "Memory", type="Number").value_as_number
        make_service(code=lambda_.Code.from_bucket_v2(bucket, key, object_version=version), memory_mib=memory)
        Template.from_stack(stack).has_resource_properties(
            "AWS::Lambda::Version",
            {"Description": {"Fn::Join": [" ", [{"Ref": "CodeKey"}, {"Ref": "CodeVersion"}, {"Ref": "Memory"}]]}},
        )

    def test_a_new_runtime_handler_or_architecture_publishes_a_version(
        self, stack: cdk.Stack, make_service: Make
    ) -> None:
        names = ("Handler", "Runtime", "Architecture")
        handler, runtime, architecture = (cdk.CfnParameter(stack, name).value_as_string for name in names)
        make_service(
            handler=handler, runtime=lambda_.Runtime(runtime), architecture=lambda_.Architecture.custom(architecture)
        )
        Template.from_stack(stack).has_resource_properties(
            "AWS::Lambda::Version", {"Description": {"Fn::Join": [" ", [{"Ref": name} for name in names]]}}
        )

    def test_a_new_image_tag_publishes_a_version(self, stack: cdk.Stack, make_service: Make) -> None:
        repository = ecr.Repository.from_repository_name(stack, "Repository", "orders")
        tag = cdk.CfnParameter(stack, "Tag").value_as_string
        make_service(code=lambda_.Code.from_ecr_image(repository, tag_or_digest=tag), handler=None, runtime=None)
        ((_, version),) = Template.from_stack(stack).find_resources("AWS::Lambda::Version").items()
        assert "{'Ref': 'Tag'}" in str(version["Properties"]["Description"])

    def test_without_parameters_the_version_has_no_description(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service()
        Template.from_stack(stack).has_resource_properties("AWS::Lambda::Version", {"Description": Match.absent()})


class TestGrants:
    def test_callers_are_let_in_to_the_alias_only(self, stack: cdk.Stack, make_service: Make) -> None:
        caller = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
        assert make_service().grant_invoke(caller).success
        template = Template.from_stack(stack)
        (alias,) = template.find_resources("AWS::Lambda::Alias")
        template.has_resource_properties(
            "AWS::IAM::Policy",
            {
                "PolicyDocument": {
                    "Statement": [{"Action": "lambda:InvokeFunction", "Effect": "Allow", "Resource": {"Ref": alias}}]
                }
            },
        )

    def test_callers_of_the_url(self, stack: cdk.Stack, make_service: Make) -> None:
        caller = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
        make_service(function_url=IamFunctionUrl()).grant_invoke_url(caller)
        ((_, policy),) = Template.from_stack(stack).find_resources("AWS::IAM::Policy").items()
        assert "lambda:InvokeFunctionUrl" in str(policy)

    def test_what_others_grant_stands_in_a_policy_of_its_own(
        self, stack: cdk.Stack, topic: sns.ITopic, make_service: Make
    ) -> None:
        service = make_service()
        topic.grant_publish(service)
        template = Template.from_stack(stack)
        (granted,) = [name for name in template.find_resources("AWS::IAM::ManagedPolicy") if "Granted" in name]
        assert statements(template, granted) == [
            {"Action": "sns:Publish", "Effect": "Allow", "Resource": topic.topic_arn}
        ]
        assert service.grant_principal is service.role

    def test_a_wildcard_that_others_grant_is_found(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        make_service().role.add_to_principal_policy(
            iam.PolicyStatement(actions=["xray:GetTraceGraph"], resources=["*"])
        )
        assert [finding for finding in pack_findings(stack) if "IAM5" in finding] != []


class TestAlarms:
    def test_watch_errors_throttles_duration_dead_letters_and_concurrency(
        self, stack: cdk.Stack, topic: sns.ITopic, make_service: Make
    ) -> None:
        alarms = make_service(reserved_concurrency=50).add_alarms(topic)
        assert [alarm.node.id for alarm in alarms] == [
            "ErrorsAlarm",
            "ThrottlesAlarm",
            "DurationAlarm",
            "DeadLettersAlarm",
            "ConcurrencyAlarm",
        ]
        template = Template.from_stack(stack)
        found = template.find_resources("AWS::CloudWatch::Alarm")
        assert all(alarm["Properties"]["AlarmActions"] == [topic.topic_arn] for alarm in found.values())
        thresholds = {name.removeprefix("Orders")[:-13]: a["Properties"]["Threshold"] for name, a in found.items()}
        assert thresholds == {"Errors": 5, "Throttles": 0, "Duration": 80, "DeadLetters": 0, "Concurrency": 80}
        expressions = {
            metric["Expression"]
            for alarm in found.values()
            for metric in alarm["Properties"].get("Metrics", [])
            if "Expression" in metric
        }
        assert expressions == {"duration / (10 * 30)", "100 * calls / 50"}

    def test_without_reserved_concurrency_the_accounts_limit_is_watched(
        self, stack: cdk.Stack, topic: sns.ITopic, make_service: Make
    ) -> None:
        make_service().add_alarms(topic)
        Template.from_stack(stack).has_resource_properties(
            "AWS::CloudWatch::Alarm",
            {"Metrics": Match.array_with([Match.object_like({"Expression": "100 * calls / SERVICE_QUOTA(calls)"})])},
        )

    def test_thresholds_as_asked(self, stack: cdk.Stack, topic: sns.ITopic, make_service: Make) -> None:
        make_service().add_alarms(
            topic,
            LambdaServiceAlarmThresholds(
                errors=1, throttles=2, duration_percent=3, dead_letters=4, concurrency_percent=6
            ),
        )
        found = Template.from_stack(stack).find_resources("AWS::CloudWatch::Alarm").values()
        assert sorted(alarm["Properties"]["Threshold"] for alarm in found) == [1, 2, 3, 4, 6]

    def test_pack_findings_with_alarms(
        self, stack: cdk.Stack, topic: sns.ITopic, make_service: Make, pack_findings: Findings
    ) -> None:
        make_service().add_alarms(topic)
        assert pack_findings(stack) == []

    def test_metrics_are_of_the_function(self, stack: cdk.Stack, make_service: Make) -> None:
        service = make_service()
        metrics = [
            service.metric_invocations(),
            service.metric_errors(),
            service.metric_throttles(),
            service.metric_duration(),
            service.metric_iterator_age(),
        ]
        assert [metric.metric_name for metric in metrics] == [
            "Invocations",
            "Errors",
            "Throttles",
            "Duration",
            "IteratorAge",
        ]
        assert {stack.resolve(metric.dimensions)["FunctionName"]["Ref"] for metric in metrics} == {
            stack.resolve(service.function.function_name)["Ref"]
        }
        assert service.metric_errors(statistic="Average", period=cdk.Duration.minutes(1)).period.to_seconds() == 60


class TestBadArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"runtime": lambda_.Runtime.PYTHON_3_9}, "runtime='python3.9': is out of support or unknown"),
            ({"runtime": lambda_.Runtime.NODEJS_20_X}, "runtime='nodejs20.x': is out of support or unknown"),
            ({"runtime": None}, "runtime=None: is required unless the code is a container image"),
            ({"handler": None}, "handler=None: is required unless the code is a container image"),
            ({"memory_mib": 64}, "memory_mib=64: must be from 128 to 10240"),
            ({"timeout": cdk.Duration.minutes(16)}, "timeout in seconds=960: must be from 1 to 900"),
            ({"ephemeral_storage_mib": 100}, "ephemeral_storage_mib=100: must be from 512 to 10240"),
            ({"reserved_concurrency": 0}, "reserved_concurrency=0: must be from 1 to 100000"),
            (
                {"environment": {"ORDERS-STAGE": "x"}},
                "environment='ORDERS-STAGE': must be a letter, then letters, di",
            ),
            ({"environment": {"DB_PASSWORD": "x"}}, "environment='DB_PASSWORD': looks like a secret; store it in Sec"),
            (
                {"asynchronous": AsynchronousCalls(retry_attempts=3)},
                "asynchronous.retry_attempts=3: must be from 0 to 2",
            ),
            (
                {"asynchronous": AsynchronousCalls(max_event_age=cdk.Duration.days(1))},
                "asynchronous.max_event_age in seconds=86400: must be from 60 to 21600",
            ),
            (
                {"provisioned_concurrency": ProvisionedConcurrency(min_capacity=5, max_capacity=2)},
                "provisioned_concurrency.max_capacity=2: must be from 5 to 100000",
            ),
            (
                {"provisioned_concurrency": ProvisionedConcurrency(min_capacity=0)},
                "provisioned_concurrency.min_capacity=0: must be from 1 to 100000",
            ),
            (
                {"provisioned_concurrency": ProvisionedConcurrency(utilization_percent=95)},
                "provisioned_concurrency.utilization_percent=95: must be from 10 to 90",
            ),
            (
                {"provisioned_concurrency": ProvisionedConcurrency(max_capacity=20), "reserved_concurrency": 10},
                "provisioned_concurrency.max_capacity=20: must be from 1 to 10",
            ),
        ],
    )
    def test_are_refused(self, make_service: Make, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError) as caught:
            make_service(**arguments)
        assert f"LambdaService 'Stack/Orders': {message}" in str(caught.value)

    def test_that_do_not_go_with_an_image_are_told_at_once(self, stack: cdk.Stack, make_service: Make) -> None:
        profile = signer.SigningProfile.from_signing_profile_attributes(
            stack, "Profile", signing_profile_name="orders", signing_profile_version="1"
        )
        layer = lambda_.LayerVersion.from_layer_version_arn(
            stack, "Layer", "arn:aws:lambda:eu-west-1:111111111111:layer:tools:1"
        )
        with pytest.raises(InvalidArgumentsError) as caught:
            make_service(code=image(stack), layers=[layer], signing_profiles=[profile])
        assert str(caught.value) == (
            "LambdaService 'Stack/Orders': runtime='python3.14': the container image has its own; leave it out; "
            "handler='index.handler': the container image has its own; leave it out; layers=1: cannot be added to a "
            "container image; build them into it; signing_profiles=1: are for code in a bucket; Lambda does not check "
            "those of images"
        )


class TestCannotBeUndone:
    @pytest.mark.parametrize(
        ("attribute", "value", "message"),
        [
            ("runtime", "python3.8", "LambdaService runs on a supported runtime; its Runtime was set to one that"),
            ("kms_key_arn", None, "LambdaService encrypts its environment with its key; its KmsKeyArn was removed"),
            ("logging_config", None, "LambdaService logs into its encrypted log group; its LoggingConfig was removed"),
            (
                "logging_config",
                lambda_.CfnFunction.LoggingConfigProperty(log_format="JSON"),
                "LambdaService logs into its encrypted log group; its LoggingConfig was removed or names no log group",
            ),
            ("dead_letter_config", None, "LambdaService keeps calls that fail; its DeadLetterConfig was removed"),
            (
                "environment",
                lambda_.CfnFunction.EnvironmentProperty(variables={"API_KEY": "x"}),
                "LambdaService has no clear-text secrets; a variable of its environment looks like one",
            ),
        ],
    )
    def test_on_the_function(
        self, stack: cdk.Stack, make_service: Make, attribute: str, value: object, message: str
    ) -> None:
        resource = make_service().function.node.default_child
        setattr(resource, attribute, value)
        with pytest.raises(RuntimeError, match=message):
            Template.from_stack(stack)

    def test_a_secret_that_is_added_later(self, stack: cdk.Stack, make_service: Make) -> None:
        service = make_service()
        service.function.add_environment("STAGE", "production")
        with pytest.raises(InvalidArgumentsError, match="environment='ORDERS_TOKEN': looks like a secret"):
            service.function.add_environment("ORDERS_TOKEN", "x")
        assert function(Template.from_stack(stack))["Environment"] == {"Variables": {"STAGE": "production"}}

    def test_a_secret_that_cloudformation_would_resolve(self, make_service: Make) -> None:
        value = cdk.SecretValue.secrets_manager("orders").unsafe_unwrap()
        with pytest.raises(InvalidArgumentsError, match="environment='DATABASE': looks like a secret"):
            make_service(environment={"DATABASE": value})

    def test_a_permission_for_everybody(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service().alias.add_permission("Everybody", principal=iam.AnyPrincipal())
        with pytest.raises(RuntimeError, match="LambdaService is not public; a permission admits everybody"):
            Template.from_stack(stack)

    def test_an_organization_may_be_let_in(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service().grant_invoke(iam.OrganizationPrincipal("o-1234567890"))
        Template.from_stack(stack).has_resource_properties(
            "AWS::Lambda::Permission", {"Principal": "*", "PrincipalOrgID": "o-1234567890"}
        )

    def test_a_function_url_without_authentication(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service().alias.add_function_url(auth_type=lambda_.FunctionUrlAuthType.NONE)
        with pytest.raises(RuntimeError, match=r"LambdaService is not public; .* a function URL asks for no authent"):
            Template.from_stack(stack)


def test_works_in_a_product_with_parameters_and_without_assets(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def number(name: str) -> float:
        return cdk.CfnParameter(product, name, type="Number").value_as_number

    def text(name: str, kind: str = "String") -> cdk.CfnParameter:
        return cdk.CfnParameter(product, name, type=kind)

    subnets = text("Subnets", "List<AWS::EC2::Subnet::Id>").value_as_list
    vpc = ec2.Vpc.from_vpc_attributes(
        product,
        "Vpc",
        vpc_id=text("VpcId").value_as_string,
        availability_zones=[cdk.Fn.select(zone, cdk.Fn.get_azs()) for zone in (0, 1)],
        private_subnet_ids=[cdk.Fn.select(zone, subnets) for zone in (0, 1)],
    )
    service = LambdaService(
        product,
        "Orders",
        code=lambda_.Code.from_bucket_v2(
            s3.Bucket.from_bucket_name(product, "Code", text("CodeBucket").value_as_string),
            text("CodeKey").value_as_string,
        ),
        handler=text("Handler").value_as_string,
        runtime=lambda_.Runtime.PYTHON_3_14,
        memory_mib=number("Memory"),
        timeout=cdk.Duration.seconds(number("Timeout")),
        environment={"STAGE": text("Stage").value_as_string},
        network=FunctionNetwork(vpc=vpc),
        reserved_concurrency=number("Reserved"),
        provisioned_concurrency=ProvisionedConcurrency(min_capacity=number("Min"), max_capacity=number("Max")),
        encryption_key=kms.Key.from_key_arn(product, "Key", text("KeyArn").value_as_string),
    )
    service.add_alarms(sns.Topic.from_topic_arn(product, "Topic", text("TopicArn").value_as_string))
    resources = product_template()["Resources"]
    properties = resources[FUNCTION]["Properties"]
    assert properties["MemorySize"] == {"Ref": "Memory"}
    assert properties["Timeout"] == {"Ref": "Timeout"}
    assert properties["ReservedConcurrentExecutions"] == {"Ref": "Reserved"}
    assert properties["VpcConfig"]["SubnetIds"] == [{"Fn::Select": [zone, {"Ref": "Subnets"}]} for zone in (0, 1)]
    expressions = [
        metric["Expression"]
        for resource in resources.values()
        for metric in resource["Properties"].get("Metrics", [])
        if "Expression" in metric
    ]
    assert {"Fn::Join": ["", ["duration / (10 * ", {"Ref": "Timeout"}, ")"]]} in expressions
    assert {"Fn::Join": ["", ["100 * calls / ", {"Ref": "Reserved"}]]} in expressions
    assert [name for name, resource in resources.items() if resource["Type"].startswith("Custom::")] == []
    assert [name for name, resource in resources.items() if resource["Type"] == "AWS::Lambda::Function"] == [FUNCTION]


def test_packs_accept_a_concurrency_that_is_a_parameter(
    stack: cdk.Stack, make_service: Make, pack_findings: Findings
) -> None:
    make_service(reserved_concurrency=cdk.CfnParameter(stack, "Reserved", type="Number").value_as_number)
    assert pack_findings(stack) == []


def test_logical_ids_are_a_contract(stack: cdk.Stack, make_service: Make) -> None:
    make_service()
    resources = Template.from_stack(stack).to_json()["Resources"]
    stateful = {
        "AWS::KMS::Key",
        "AWS::Logs::LogGroup",
        "AWS::SQS::Queue",
        "AWS::Lambda::Function",
        "AWS::Lambda::Alias",
    }
    assert {name for name, resource in resources.items() if resource["Type"] in stateful} == {
        "OrdersKey6C690DD2",
        "OrdersLogs63C9E25A",
        "OrdersDeadLetters6314E60F",
        FUNCTION,
        "OrdersAliasFA69D35F",
    }


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
