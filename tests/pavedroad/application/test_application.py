import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Annotations, Match, Template
from constructs import Construct

from pavedroad import (
    Application,
    AuroraCluster,
    Database,
    FargateService,
    LambdaService,
    SecureBucket,
)
from pavedroad.application.operation_settings import BackupSettings, BudgetSettings, ObjectiveSettings
from pavedroad.application.parts import ApplicationParts
from pavedroad.application.settings import BucketSettings, DatabaseSettings, ServiceSettings
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.ecs.application_container import ApplicationContainer
from pavedroad.compute.functions.network import FunctionNetwork
from pavedroad.governance.mandatory_tags import MandatoryTags
from pavedroad.observability.cloudwatch.indicators import RequestIndicator
from pavedroad_platform.library.surroundings import provide

KEY = "OrdersKeyFB6E0812"


@pytest.fixture
def settings(stack: cdk.Stack) -> ServiceSettings:
    from aws_cdk import aws_ecs as ecs

    return ServiceSettings(
        image=ecs.ContainerImage.from_registry("orders:1"), certificate=provide("certificate", stack)
    )


def text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def of_type(stack: cdk.Stack, resource_type: str) -> list[dict[str, Any]]:
    found = Template.from_stack(stack).find_resources(resource_type).values()
    return [resource.get("Properties", {}) for resource in found]


def own_database(scope: Construct, parts: ApplicationParts) -> Database:
    return Database(
        scope,
        "Database",
        engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17_6),
        vpc=parts.vpc,
        database_name=parts.database_name,
        encryption_key=parts.encryption_key,
    )


def own_function(scope: Construct, parts: ApplicationParts) -> LambdaService:
    return LambdaService(
        scope,
        "Service",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_14,
        network=FunctionNetwork(vpc=parts.vpc),
        environment=parts.environment,
        encryption_key=parts.encryption_key,
    )


class TestKey:
    def test_one_key_encrypts_everything(self, made: Any) -> None:
        assert list(made.of_type("AWS::KMS::Key")) == [KEY]
        encrypted = {
            "AWS::Backup::BackupVault": "EncryptionKeyArn",
            "AWS::CodeBuild::Project": "EncryptionKey",
            "AWS::Logs::LogGroup": "KmsKeyId",
            "AWS::RDS::DBCluster": "KmsKeyId",
            "AWS::SNS::Topic": "KmsMasterKeyId",
            "AWS::SQS::Queue": "KmsMasterKeyId",
        }
        for resource_type, attribute in encrypted.items():
            found = made.of_type(resource_type)
            assert found, resource_type
            assert {text(properties[attribute]) for properties in found.values()} <= {
                text({"Fn::GetAtt": [KEY, "Arn"]}),
                text({"Ref": KEY}),
            }
        assert KEY in text(made.of_type("AWS::S3::Bucket")["OrdersBucket33268A83"]["BucketEncryption"])

    def test_its_policy_stays_far_below_what_kms_takes(self, made: Any) -> None:
        policy = made.of_type("AWS::KMS::Key")[KEY]["KeyPolicy"]
        assert len(json.dumps(policy)) < 32 * 1024 / 3

    def test_a_given_key_is_used_and_none_is_made(self, stack: cdk.Stack, bare: Callable[..., Application]) -> None:
        key = kms.Key(stack, "Given")
        application = bare(encryption_key=key, bucket=BucketSettings())
        assert (application.key, application.encryption_key) == (None, key)
        assert len(of_type(stack, "AWS::KMS::Key")) == 1


class TestWiring:
    def test_the_service_finds_bucket_and_database(self, made: Any) -> None:
        (task,) = made.of_type("AWS::ECS::TaskDefinition").values()
        (container,) = task["ContainerDefinitions"]
        variables = {each["Name"]: each["Value"] for each in container["Environment"]}
        (cluster,) = made.of_type("AWS::RDS::DBCluster")
        assert variables == {
            "BUCKET_NAME": {"Ref": "OrdersBucket33268A83"},
            "DATABASE_HOST": {"Fn::GetAtt": [cluster, "Endpoint.Address"]},
            "DATABASE_PORT": {"Fn::GetAtt": [cluster, "Endpoint.Port"]},
            "DATABASE_NAME": "application",
            "DATABASE_USER": "application",
        }

    def test_variables_of_the_container_go_before(
        self, stack: cdk.Stack, bare: Callable[..., Application], settings: ServiceSettings
    ) -> None:
        container = ApplicationContainer(environment={"BUCKET_NAME": "other", "LOG_LEVEL": "info"})
        own = ServiceSettings(image=settings.image, certificate=settings.certificate, container=container)
        bare(service=own, bucket=BucketSettings())
        (task,) = of_type(stack, "AWS::ECS::TaskDefinition")
        assert task["ContainerDefinitions"][0]["Environment"] == [
            {"Name": "BUCKET_NAME", "Value": "other"},
            {"Name": "LOG_LEVEL", "Value": "info"},
        ]

    def test_the_service_uses_objects_without_wildcards_in_actions(self, made: Any) -> None:
        (policy,) = [
            properties
            for properties in made.of_type("AWS::IAM::ManagedPolicy").values()
            if "rds-db:connect" in text(properties)
        ]
        bucket = {"Fn::GetAtt": ["OrdersBucket33268A83", "Arn"]}
        by_resource = {text(each["Resource"]): each["Action"] for each in policy["PolicyDocument"]["Statement"]}
        assert by_resource[text({"Fn::Join": ["", [bucket, "/*"]]})] == [
            "s3:AbortMultipartUpload",
            "s3:DeleteObject",
            "s3:GetObject",
            "s3:ListMultipartUploadParts",
            "s3:PutObject",
        ]
        assert by_resource[text(bucket)] == ["s3:GetBucketLocation", "s3:ListBucket"]
        assert by_resource[text({"Fn::GetAtt": [KEY, "Arn"]})] == ["kms:Decrypt", "kms:GenerateDataKey"]

    def test_the_service_alone_reaches_the_database_and_logs_in_with_iam(self, made: Any) -> None:
        (cluster_id,) = made.of_type("AWS::RDS::DBCluster")
        port = {"Fn::GetAtt": [cluster_id, "Endpoint.Port"]}
        (rule,) = [
            rule
            for rule in made.of_type("AWS::EC2::SecurityGroupIngress").values()
            if "OrdersDatabase" in text(rule["GroupId"])
        ]
        assert "OrdersServiceSecurityGroup" in text(rule["SourceSecurityGroupId"])
        assert rule["FromPort"] in (15432, port)
        policies = text(made.of_type("AWS::IAM::ManagedPolicy"))
        assert policies.count("rds-db:connect") == 1
        assert "/application" in policies

    def test_the_pipeline_deploys_the_service_after_an_approval(self, made: Any) -> None:
        (pipeline,) = made.of_type("AWS::CodePipeline::Pipeline").values()
        names = [stage["Name"] for stage in pipeline["Stages"]]
        assert names == ["Source", "Build", "Test", "SecurityCheck", "ApproveProduction", "Production"]
        configuration = pipeline["Stages"][-1]["Actions"][0]["Configuration"]
        (service_id,) = made.of_type("AWS::ECS::Service")
        (cluster_id,) = made.of_type("AWS::ECS::Cluster")
        assert configuration["ServiceName"] == {"Fn::GetAtt": [service_id, "Name"]}
        assert configuration["ClusterName"] == {"Ref": cluster_id}

    def test_the_pipeline_and_the_budget_tell_the_topic_of_warnings(self, made: Any) -> None:
        (warning,) = [name for name in made.of_type("AWS::SNS::Topic") if "Warning" in name]
        assert len(made.of_type("AWS::SNS::Topic")) == 2
        (pipeline,) = made.of_type("AWS::CodePipeline::Pipeline").values()
        (approval,) = [stage for stage in pipeline["Stages"] if stage["Name"] == "ApproveProduction"]
        assert approval["Actions"][0]["Configuration"]["NotificationArn"] == {"Ref": warning}
        (budget,) = made.of_type("AWS::Budgets::Budget").values()
        assert text({"Ref": warning}) in text(budget["NotificationsWithSubscribers"])
        (vault,) = made.of_type("AWS::Backup::BackupVault").values()
        assert vault["Notifications"]["SNSTopicArn"] == {"Ref": warning}


class TestAlarms:
    def test_every_alarm_tells_the_topic_of_its_severity(self, made: Any) -> None:
        critical, warning = sorted(made.of_type("AWS::SNS::Topic"))
        told = {
            name: [action["Ref"] for action in alarm["AlarmActions"]]
            for name, alarm in (
                made.of_type("AWS::CloudWatch::Alarm") | made.of_type("AWS::CloudWatch::CompositeAlarm")
            ).items()
            if "AlarmActions" in alarm
        }
        assert {topic for topics in told.values() for topic in topics} == {critical, warning}
        assert len(told) == len(made.application.alarms)
        by_part = {part: [name for name in told if name.startswith(f"Orders{part}")] for part in PARTS}
        assert [part for part, names in by_part.items() if not names] == []
        assert [told[name] for name in told if "ServerErrorsAlarm" in name and "Service" in name] == [[critical]]
        assert [told[name] for name in told if name.startswith("OrdersServiceCpuAlarm")] == [[warning]]

    def test_only_the_windows_of_the_objective_tell_nobody(self, made: Any) -> None:
        silent = [name for name, alarm in made.of_type("AWS::CloudWatch::Alarm").items() if "AlarmActions" not in alarm]
        assert len(silent) == 8
        assert all(name.startswith("OrdersObjective") for name in silent)

    def test_the_objective_counts_what_no_task_answered(self, made: Any) -> None:
        alarm = next(it for name, it in made.of_type("AWS::CloudWatch::Alarm").items() if "HourFastBurnLong" in name)
        expressions = [metric.get("Expression") for metric in alarm["Metrics"]]
        assert "FILL(requests, 0) + FILL(entrance, 0)" in expressions
        assert "(FILL(bad, 0) / total) / 0.001" in expressions

    def test_what_endangers_the_key_is_told(self, made: Any) -> None:
        rules = made.of_type("AWS::Events::Rule")
        assert [name for name in rules if name.startswith("OrdersKeyDiminished")]

    def test_the_dashboard_shows_every_part_and_every_alarm(self, made: Any) -> None:
        (dashboard,) = made.of_type("AWS::CloudWatch::Dashboard").values()
        body = text(dashboard["DashboardBody"])
        for title in ("## Objective", "## Service", "## Database", "## Bucket"):
            assert title in body
        windows = 8
        alarms = len(made.of_type("AWS::CloudWatch::Alarm")) - windows
        composites = len(made.of_type("AWS::CloudWatch::CompositeAlarm"))
        assert len(made.application.alarms) == alarms + composites


PARTS = ("Service", "Database", "Bucket", "Pipeline", "Objective", "Backups")


class TestTagsAndBackups:
    def test_everything_carries_the_mandatory_tags(self, made: Any) -> None:
        for bucket in made.of_type("AWS::S3::Bucket").values():
            tags = {tag["Key"]: tag["Value"] for tag in bucket["Tags"]}
            assert tags["application"] == "orders"
            assert tags["data-classification"] == "confidential"

    def test_all_with_the_applications_tag_is_backed_up_but_logs_and_artefacts(self, made: Any) -> None:
        (selection,) = made.of_type("AWS::Backup::BackupSelection").values()
        chosen = selection["BackupSelection"]
        assert chosen["Conditions"]["StringLike"] == [
            {"ConditionKey": "aws:ResourceTag/application", "ConditionValue": "orders"}
        ]
        others = sorted(set(made.of_type("AWS::S3::Bucket")) - {"OrdersBucket33268A83"})
        assert len(others) == 4
        assert sorted(arn["Fn::GetAtt"][0] for arn in chosen["NotResources"]) == others

    def test_the_budget_counts_the_applications_tag(self, made: Any) -> None:
        (budget,) = made.of_type("AWS::Budgets::Budget").values()
        assert budget["Budget"]["CostFilters"] == {"TagKeyValue": ["user:application$orders"]}

    def test_logical_ids_of_what_holds_data_do_not_change(self, made: Any) -> None:
        stateful = ("AWS::Backup::BackupVault", "AWS::KMS::Key", "AWS::RDS::DBCluster")
        assert {name for each in stateful for name in made.of_type(each)} == {
            "OrdersBackupsVault6645C2AE",
            "OrdersDatabaseE8EACB51",
            KEY,
        }
        assert "OrdersBucket33268A83" in made.of_type("AWS::S3::Bucket")


class TestParts:
    def test_each_part_is_an_attribute(self, made: Any) -> None:
        application = made.application
        assert isinstance(application.service, FargateService)
        assert isinstance(application.database, AuroraCluster)
        assert isinstance(application.bucket, SecureBucket)
        for part in ("pipeline", "topics", "topic", "objective", "dashboard", "budget", "backups", "key"):
            assert getattr(application, part) is not None

    def test_what_is_left_out_is_not_made_and_what_matters_is_warned_of(
        self, stack: cdk.Stack, bare: Callable[..., Application]
    ) -> None:
        application = bare()
        resources = Template.from_stack(stack).to_json()["Resources"]
        assert [resource["Type"] for resource in resources.values()] == ["AWS::KMS::Key"]
        assert application.alarms == []
        for part in ("service", "database", "bucket", "pipeline", "topics", "topic", "objective", "dashboard"):
            assert getattr(application, part) is None
        for missing in ("alarms", "backups", "budget"):
            Annotations.from_stack(stack).has_warning(
                "/Stack/Orders", Match.string_like_regexp(f"pavedroad:application-no-{missing}")
            )

    def test_the_whole_application_has_no_warning(self, made: Any) -> None:
        found = Annotations.from_stack(cdk.Stack.of(made.application)).find_warning(
            "/Stack/Orders", Match.string_like_regexp("pavedroad:")
        )
        assert found == []

    def test_without_a_service_there_is_no_objective_by_itself(self, bare: Callable[..., Application]) -> None:
        assert bare(objective=ObjectiveSettings()).objective is None

    def test_a_database_of_a_team_is_wired_the_same(
        self, stack: cdk.Stack, bare: Callable[..., Application], settings: ServiceSettings
    ) -> None:
        application = bare(service=settings, database=own_database, database_user="orders")
        assert isinstance(application.database, Database)
        template = Template.from_stack(stack)
        (task,) = template.find_resources("AWS::ECS::TaskDefinition").values()
        assert {"Name": "DATABASE_USER", "Value": "orders"} in task["Properties"]["ContainerDefinitions"][0][
            "Environment"
        ]
        assert "rds-db:connect" in text(template.find_resources("AWS::IAM::ManagedPolicy"))
        assert len(template.find_resources("AWS::KMS::Key")) == 1

    def test_a_function_can_be_the_service(self, stack: cdk.Stack, bare: Callable[..., Application]) -> None:
        metric = cloudwatch.Metric(namespace="Orders", metric_name="Accepted", statistic="Sum")
        application = bare(
            service=own_function,
            database=DatabaseSettings(readers=0),
            bucket=BucketSettings(),
            objective=ObjectiveSettings(target_percent=99, indicator=RequestIndicator(total=metric, good=metric)),
        )
        assert application.objective is not None
        (function,) = of_type(stack, "AWS::Lambda::Function")
        assert set(function["Environment"]["Variables"]) >= {"BUCKET_NAME", "DATABASE_HOST", "DATABASE_USER"}

    def test_settings_reach_their_part(self, stack: cdk.Stack, bare: Callable[..., Application]) -> None:
        application = bare(
            bucket=BucketSettings(event_bridge=True),
            backups=BackupSettings(rpo=cdk.Duration.hours(7)),
            budget=BudgetSettings(monthly_limit=50, email_addresses=["orders@example.com"]),
        )
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::S3::Bucket", {"NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}}
        )
        template.has_resource_properties("AWS::Budgets::Budget", {"Budget": {"BudgetLimit": {"Amount": 50}}})
        assert application.backups is not None


class TestArguments:
    def test_a_pipeline_needs_a_service(self, bare: Callable[..., Application]) -> None:
        with pytest.raises(InvalidArgumentsError, match=r"pipeline='function': needs a service that it deploys to"):
            bare(pipeline=own_database)

    def test_the_default_pipeline_deploys_containers_only(self, bare: Callable[..., Application]) -> None:
        from pavedroad.application.settings import PipelineSettings
        from pavedroad.delivery.pipeline.sources import BucketSource

        source = BucketSource(bucket_name="sources", key="source.zip")
        with pytest.raises(InvalidArgumentsError, match="deploys to a FargateService; give a function"):
            bare(service=own_function, pipeline=PipelineSettings(source=source))

    def test_what_another_service_promises_must_be_said(self, bare: Callable[..., Application]) -> None:
        with pytest.raises(InvalidArgumentsError, match=r"objective.indicator=None: is known for a FargateService"):
            bare(service=own_function, objective=ObjectiveSettings())

    @pytest.mark.parametrize("user", ["", "1st", "orders-service", "a" * 64])
    def test_a_database_user_that_needs_quotes_is_refused(self, bare: Callable[..., Application], user: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=r"database_user='.*': must be a letter, then at most 62"):
            bare(database_user=user)


class TestEverywhere:
    def test_it_works_in_a_product_with_parameters(
        self, product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
    ) -> None:
        def parameter(name: str, kind: str = "String") -> cdk.CfnParameter:
            return cdk.CfnParameter(product, name, type=kind)

        from aws_cdk import aws_ecs as ecs

        Application(
            product,
            "Orders",
            tags=MandatoryTags(
                application=parameter("Application").value_as_string,
                team="shop",
                environment=parameter("Environment").value_as_string,
                cost_centre="2000",
                data_classification="confidential",
            ),
            vpc=provide("vpc", product),
            service=ServiceSettings(
                image=ecs.ContainerImage.from_registry(parameter("Image").value_as_string),
                certificate=provide("certificate", product),
                container=ApplicationContainer(port=8080),
            ),
            budget=BudgetSettings(monthly_limit=parameter("Limit", "Number").value_as_number),
            objective=ObjectiveSettings(target_percent=parameter("Target", "Number").value_as_number),
            database_user=parameter("User").value_as_string,
        )
        resources = product_template()["Resources"]
        (budget,) = [it["Properties"] for it in resources.values() if it["Type"] == "AWS::Budgets::Budget"]
        assert budget["Budget"]["BudgetLimit"]["Amount"] == {"Ref": "Limit"}
        assert not [it for it in resources.values() if it["Type"].startswith("Custom::")]

    def test_both_packs_are_clean(self, made: Any, pack_findings: Callable[[cdk.Stack], list[str]]) -> None:
        assert pack_findings(cdk.Stack.of(made.application)) == []

    def test_parts_that_are_left_out_load_nothing(self) -> None:
        program = """
import json, sys
import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from pavedroad import Application
from pavedroad.governance.mandatory_tags import MandatoryTags
stack = cdk.Stack(cdk.App(), "Stack")
tags = MandatoryTags(application="a", team="b", environment="c", cost_centre="d", data_classification="e")
vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-1", availability_zones=["a"])
nothing = dict.fromkeys(("database", "alarms", "objective", "dashboard", "backups"))
assert Application(stack, "Orders", tags=tags, vpc=vpc, **nothing).bucket
print(json.dumps(sorted(sys.modules)))
"""
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        loaded = set(json.loads(done.stdout.splitlines()[-1]))
        assert "aws_cdk.aws_s3" in loaded
        heavy = ("rds", "ecs", "codepipeline", "codebuild", "backup", "budgets", "elasticloadbalancingv2")
        assert loaded.isdisjoint({f"aws_cdk.aws_{name}" for name in heavy})
