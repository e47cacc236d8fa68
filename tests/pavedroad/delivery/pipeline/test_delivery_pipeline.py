"""What a pipeline promises, what it refuses, and what cannot be undone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import DeliveryPipeline
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.delivery.pipeline.alarms import DeliveryPipelineAlarmThresholds
from pavedroad.delivery.pipeline.builds import BuildStep
from pavedroad.delivery.pipeline.deployments import (
    Approval,
    CdkDeployment,
    CloudFormationDeployment,
    DeploymentStage,
    EcsDeployment,
)
from pavedroad.delivery.pipeline.sources import BucketSource, CodeCommitSource, ConnectionSource

SOURCE = ConnectionSource(
    connection_arn="arn:aws:codeconnections:eu-west-1:111111111111:connection/storefront",
    repository="orders/storefront",
)
CDK = CdkDeployment(account="777777777777", region="eu-west-1")
ECS = EcsDeployment(
    cluster_name="orders", service_name="storefront", task_role_arns=["arn:aws:iam::111111111111:role/task"]
)
PRODUCTION = DeploymentStage(name="Production", production=True, deployments=[CDK])


def pipeline(stack: cdk.Stack, **arguments: Any) -> DeliveryPipeline:
    return DeliveryPipeline(stack, "Delivery", **{"source": SOURCE, "stages": [PRODUCTION], **arguments})


def properties(stack: cdk.Stack) -> dict[str, Any]:
    found = Template.from_stack(stack).find_resources("AWS::CodePipeline::Pipeline")
    return next(iter(found.values()))["Properties"]


def action_of(stack: cdk.Stack, stage: str) -> dict[str, Any]:
    (action,) = next(each["Actions"] for each in properties(stack)["Stages"] if each["Name"] == stage)
    return action


def refused(stack: cdk.Stack, **arguments: Any) -> str:
    with pytest.raises(InvalidArgumentsError) as error:
        pipeline(stack, **arguments)
    return str(error.value)


def test_goes_from_the_source_through_test_and_check_and_approval_to_production(stack: cdk.Stack) -> None:
    development = DeploymentStage(name="Development", production=False, deployments=[ECS])
    pipeline(stack, stages=[development, PRODUCTION])
    stages = properties(stack)["Stages"]
    assert [stage["Name"] for stage in stages] == [
        "Source",
        "Build",
        "Test",
        "SecurityCheck",
        "Development",
        "ApproveProduction",
        "Production",
    ]
    assert [stage.get("OnFailure") for stage in stages[4:]] == [{"Result": "ROLLBACK"}, None, {"Result": "ROLLBACK"}]


@pytest.mark.parametrize("step", ["Test", "SecurityCheck"])
def test_tests_and_checks_run_in_the_source_with_what_was_built_beside_it(stack: cdk.Stack, step: str) -> None:
    pipeline(stack)
    action = action_of(stack, step)
    assert action["InputArtifacts"] == [{"Name": "Source"}, {"Name": "Build"}]
    assert action["Configuration"]["PrimarySource"] == "Source"


@pytest.mark.parametrize("step", ["Test", "SecurityCheck"])
def test_tests_and_checks_have_the_source_alone_where_nothing_is_built(stack: cdk.Stack, step: str) -> None:
    pipeline(stack, build=None)
    assert action_of(stack, step)["InputArtifacts"] == [{"Name": "Source"}]


def test_is_a_version_2_pipeline_whose_artefacts_are_encrypted_with_its_rotated_key(stack: cdk.Stack) -> None:
    pipeline(stack)
    found = properties(stack)
    key = {"Fn::GetAtt": ["DeliveryKey9B966447", "Arn"]}
    assert found["PipelineType"] == "V2"
    assert found["ExecutionMode"] == "SUPERSEDED"
    assert found["ArtifactStore"]["EncryptionKey"] == {"Id": key, "Type": "KMS"}
    template = Template.from_stack(stack)
    template.has_resource("AWS::KMS::Key", {"Properties": {"EnableKeyRotation": True}, "DeletionPolicy": "Retain"})
    template.has_resource_properties("AWS::Logs::LogGroup", {"KmsKeyId": key, "RetentionInDays": 365})
    template.has_resource_properties("AWS::SNS::Topic", {"KmsMasterKeyId": key})
    template.all_resources_properties(
        "AWS::CodeBuild::Project",
        {
            "EncryptionKey": key,
            "Environment": Match.object_like({"PrivilegedMode": False}),
            "LogsConfig": {"CloudWatchLogs": Match.object_like({"Status": "ENABLED"})},
        },
    )


def test_artefacts_expire_after_their_retention(stack: cdk.Stack) -> None:
    pipeline(stack, artifact_retention=cdk.Duration.days(30))
    Template.from_stack(stack).has_resource_properties(
        "AWS::S3::Bucket",
        {"LifecycleConfiguration": {"Rules": Match.array_with([Match.object_like({"ExpirationInDays": 30})])}},
    )


def test_the_pipeline_alone_assumes_its_actions_roles(stack: cdk.Stack) -> None:
    delivery = pipeline(stack)
    roles = Template.from_stack(stack).find_resources("AWS::IAM::Role")
    trusted = {
        name: stack.resolve(role.assume_role_policy)["Statement"][0]["Principal"]
        for name, role in delivery.roles.items()
        if name in {"Source", "BuildStart", "ApproveProduction"} and isinstance(role, iam.Role)
    }
    pipeline_role = {"AWS": {"Fn::GetAtt": ["DeliveryRolesPipeline66549A54", "Arn"]}}
    assert trusted == dict.fromkeys(("Source", "BuildStart", "ApproveProduction"), pipeline_role)
    assert "DeliveryRolesPipeline66549A54" in roles


@pytest.mark.parametrize(
    "stages",
    [
        pytest.param([PRODUCTION], id="cdk"),
        pytest.param([DeploymentStage(name="Production", production=True, deployments=[ECS])], id="ecs"),
        pytest.param(
            [
                DeploymentStage(
                    name="Production",
                    production=True,
                    deployments=[
                        CloudFormationDeployment(
                            stack_name="storefront",
                            permissions=[
                                iam.PolicyStatement(
                                    actions=["sqs:CreateQueue"],
                                    resources=["arn:aws:sqs:eu-west-1:111111111111:storefront"],
                                )
                            ],
                        )
                    ],
                )
            ],
            id="cloudformation",
        ),
    ],
)
def test_packs_find_nothing_for_each_kind_of_deployment(
    stack: cdk.Stack, stages: list[DeploymentStage], pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    pipeline(stack, stages=stages)
    assert pack_findings(stack) == []


@pytest.mark.parametrize(
    "source",
    [
        CodeCommitSource(repository="storefront"),
        BucketSource(bucket_name="storefront-builds", key="storefront.zip"),
    ],
)
def test_packs_find_nothing_for_each_source_with_builds_in_a_network(
    stack: cdk.Stack,
    source: CodeCommitSource | BucketSource,
    pack_findings: Callable[[cdk.Stack], list[str]],
) -> None:
    network = ec2.Vpc.from_vpc_attributes(
        stack,
        "Network",
        vpc_id="vpc-1",
        availability_zones=["eu-west-1a"],
        private_subnet_ids=["subnet-1"],
        private_subnet_route_table_ids=["rtb-1"],
    )
    pipeline(stack, source=source, vpc=network)
    assert pack_findings(stack) == []


def test_logical_ids_of_what_holds_state_are_a_contract(stack: cdk.Stack) -> None:
    pipeline(stack)
    template = Template.from_stack(stack)
    assert {
        kind: set(template.find_resources(kind))
        for kind in ("AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::SNS::Topic", "AWS::CodePipeline::Pipeline")
    } == {
        "AWS::KMS::Key": {"DeliveryKey9B966447"},
        "AWS::Logs::LogGroup": {"DeliveryLogsE7964E8F"},
        "AWS::SNS::Topic": {"DeliveryTopicD3D04F50"},
        "AWS::CodePipeline::Pipeline": {"Delivery202F2198"},
    }
    assert "DeliveryArtifactsBucketB34CB2C5" in template.find_resources("AWS::S3::Bucket")


class Product(servicecatalog.ProductStack):
    """A product with the values of a console form."""

    def __init__(self, scope: cdk.Stack) -> None:
        super().__init__(scope, "Product")
        names = ("ConnectionArn", "Repository", "Branch", "Cluster", "Service", "TaskRoleArn", "Account", "Region")
        value = {name: cdk.CfnParameter(self, name).value_as_string for name in names}
        DeliveryPipeline(
            self,
            "Delivery",
            source=ConnectionSource(
                connection_arn=value["ConnectionArn"], repository=value["Repository"], branch=value["Branch"]
            ),
            stages=[
                DeploymentStage(
                    name="Development",
                    production=False,
                    deployments=[
                        EcsDeployment(
                            cluster_name=value["Cluster"],
                            service_name=value["Service"],
                            task_role_arns=[value["TaskRoleArn"]],
                        )
                    ],
                ),
                DeploymentStage(
                    name="Production",
                    production=True,
                    deployments=[CdkDeployment(account=value["Account"], region=value["Region"])],
                ),
            ],
        )


def test_works_in_a_product_with_parameters_and_makes_no_stack_beside_it(
    app: cdk.App, stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    product = Product(stack)
    assert pack_findings(product) == []
    assembly = app.synth()
    assert [each.stack_name for each in assembly.stacks] == ["Stack"]
    template = json.loads((Path(assembly.directory) / product.template_file).read_text())
    found = next(each for each in template["Resources"].values() if each["Type"] == "AWS::CodePipeline::Pipeline")
    configuration = found["Properties"]["Stages"][0]["Actions"][0]["Configuration"]
    assert configuration["ConnectionArn"] == {"Ref": "ConnectionArn"}
    assert configuration["BranchName"] == {"Ref": "Branch"}
    assert "Ref" in json.dumps(configuration["FullRepositoryId"])
    assert found["Properties"]["Stages"][4]["Actions"][0]["Configuration"]["ClusterName"] == {"Ref": "Cluster"}


def test_tells_failures_and_decided_approvals_through_a_role(stack: cdk.Stack) -> None:
    pipeline(stack)
    template = Template.from_stack(stack)
    target = {"Arn": {"Ref": "DeliveryTopicD3D04F50"}, "RoleArn": Match.any_value()}
    for detail in (
        {"state": ["FAILED"]},
        {"type": {"category": ["Approval"]}, "state": ["SUCCEEDED", "FAILED", "ABANDONED"]},
    ):
        template.has_resource_properties(
            "AWS::Events::Rule",
            {
                "EventPattern": {
                    "source": ["aws.codepipeline"],
                    "detail": {"pipeline": [{"Ref": "Delivery202F2198"}], **detail},
                },
                "Targets": [Match.object_like(target)],
            },
        )


def test_a_given_topic_is_told_and_its_key_is_used(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")
    topic = sns.Topic(stack, "Topic", master_key=key)
    assert pipeline(stack, notification_topic=topic).topic is topic
    statement = {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": stack.resolve(key.key_arn)}
    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::ManagedPolicy",
        {"PolicyDocument": {"Statement": Match.array_with([Match.object_like(statement)])}},
    )


def test_the_approval_tells_what_to_look_at(stack: cdk.Stack) -> None:
    approval = Approval(
        comment="Is the change record closed?",
        review_link="https://change.example.com",
        timeout=cdk.Duration.days(1),
    )
    stage = DeploymentStage(name="Production", production=True, deployments=[CDK], approval=approval)
    pipeline(stack, stages=[stage])
    action = properties(stack)["Stages"][4]["Actions"][0]
    assert action["Configuration"] == {
        "CustomData": "Is the change record closed?",
        "ExternalEntityLink": "https://change.example.com",
        "NotificationArn": {"Ref": "DeliveryTopicD3D04F50"},
    }
    assert action["TimeoutInMinutes"] == 1440


def test_a_region_of_its_own_needs_a_replica_and_gets_its_store(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(account="555555555555", region="eu-west-1"))
    replica = s3.Bucket.from_bucket_attributes(
        stack,
        "Replica",
        bucket_name="artifacts-eu-central-1",
        region="eu-central-1",
        encryption_key=kms.Key.from_key_arn(
            stack, "ReplicaKey", "arn:aws:kms:eu-central-1:555555555555:key/11111111-1111-1111-1111-111111111111"
        ),
    )
    deployment = EcsDeployment(
        cluster_name="orders",
        service_name="storefront",
        task_role_arns=["arn:aws:iam::555555555555:role/task"],
        region="eu-central-1",
    )
    stage = DeploymentStage(name="Development", production=False, deployments=[deployment])
    pipeline(stack, stages=[stage], artifact_replicas={"eu-central-1": replica})
    assert {each["Region"] for each in properties(stack)["ArtifactStores"]} == {"eu-west-1", "eu-central-1"}
    assert [each.stack_name for each in app.synth().stacks] == ["Stack"]


def test_a_privileged_build_leaves_a_warning(stack: cdk.Stack) -> None:
    pipeline(stack, build=BuildStep(privileged=True))
    Annotations.from_stack(stack).has_warning(
        "*", Match.string_like_regexp("Build run privileged.*pavedroad:pipeline-privileged-build")
    )


@pytest.mark.parametrize(
    ("weakened", "warning"),
    [
        ({"test": None}, "pavedroad:pipeline-no-test"),
        ({"security_check": None}, "pavedroad:pipeline-no-security-check"),
        (
            {"stages": [DeploymentStage(name="Production", production=True, deployments=[CDK], unattended=True)]},
            "pavedroad:pipeline-unattended-production",
        ),
    ],
)
def test_what_is_left_out_on_purpose_leaves_a_warning(stack: cdk.Stack, weakened: dict[str, Any], warning: str) -> None:
    pipeline(stack, **weakened)
    Annotations.from_stack(stack).has_warning("/Stack/Delivery", Match.string_like_regexp(warning))


def test_the_default_shape_leaves_no_warning(stack: cdk.Stack) -> None:
    pipeline(stack)
    assert Annotations.from_stack(stack).find_warning("*", Match.any_value()) == []


def remove_stage(delivery: DeliveryPipeline, name: str) -> None:
    resource = delivery.pipeline.node.default_child
    assert isinstance(resource, codepipeline.CfnPipeline)
    stages = [stage for stage in cdk.Stack.of(delivery).resolve(resource.stages) if stage["name"] != name]
    resource.stages = cdk.Token.as_any(stages)


@pytest.mark.parametrize("removed", ["ApproveProduction", "Test", "SecurityCheck"])
def test_no_stage_before_production_can_be_taken_away(stack: cdk.Stack, removed: str) -> None:
    remove_stage(pipeline(stack), removed)
    with pytest.raises(Exception, match="a stage was removed, moved or put between"):
        Template.from_stack(stack)


def test_one_approval_does_not_do_for_two_production_stages(stack: cdk.Stack) -> None:
    second = DeploymentStage(name="Second", production=True, deployments=[CDK])
    remove_stage(pipeline(stack, stages=[PRODUCTION, second]), "ApproveSecond")
    with pytest.raises(Exception, match="Before each of the production stages Production, Second stand"):
        Template.from_stack(stack)


def test_encryption_logs_and_privileges_of_builds_are_held(app: cdk.App) -> None:
    weakenings: list[Callable[[Any], None]] = [
        lambda project: setattr(project, "encryption_key", None),
        lambda project: setattr(project, "logs_config", None),
        lambda project: setattr(
            project,
            "environment",
            {
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/standard:7.0",
                "computeType": "BUILD_GENERAL1_SMALL",
                "privilegedMode": True,
            },
        ),
    ]
    for number, weaken in enumerate(weakenings):
        stack = cdk.Stack(app, f"Stack{number}")
        delivery = pipeline(stack)
        weaken(delivery.projects["Build"].node.default_child)
        errors = [error for child in delivery.node.find_all() for error in child.node.validate()]
        assert [error for error in errors if error.startswith("The builds of Build")], weaken


def granted(stack: cdk.Stack, role: iam.Role) -> list[dict[str, Any]]:
    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    logical_id = stack.resolve(role.role_arn)["Fn::GetAtt"][0]
    return [
        statement
        for policy in policies.values()
        if {"Ref": logical_id} in policy["Properties"]["Roles"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def test_grants_name_this_pipeline_and_nothing_else(stack: cdk.Stack) -> None:
    delivery = pipeline(stack)
    role = iam.Role(stack, "Person", assumed_by=iam.AccountRootPrincipal())
    delivery.grant_start(role)
    delivery.grant_read(role)
    arn = stack.resolve(delivery.pipeline.pipeline_arn)
    statements = granted(stack, role)
    assert {json.dumps(statement["Resource"]) for statement in statements} == {json.dumps(arn)}
    allowed = {action for statement in statements for action in statement["Action"]}
    assert allowed == {
        "codepipeline:GetPipeline",
        "codepipeline:GetPipelineExecution",
        "codepipeline:GetPipelineState",
        "codepipeline:ListPipelineExecutions",
        "codepipeline:StartPipelineExecution",
    }


def test_who_may_approve_may_do_so_for_one_stage(stack: cdk.Stack) -> None:
    delivery = pipeline(stack)
    role = iam.Role(stack, "Person", assumed_by=iam.AccountRootPrincipal())
    delivery.grant_approve(role, "Production")
    approve = next(each for each in granted(stack, role) if each["Action"] == "codepipeline:PutApprovalResult")
    assert json.dumps(approve["Resource"]).endswith('"/ApproveProduction/Approve"]]}')
    with pytest.raises(ValueError, match="stage='Test': has no approval before it; the stages that have: Production"):
        delivery.grant_approve(role, "Test")


def test_what_is_granted_to_a_builds_role_reaches_the_build(stack: cdk.Stack) -> None:
    delivery = pipeline(stack)
    topic = sns.Topic(stack, "Topic")
    topic.grant_publish(delivery.roles["Build"])
    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::ManagedPolicy",
        {
            "Roles": [stack.resolve(delivery.roles["Build"].role_name)],
            "PolicyDocument": {"Statement": Match.array_with([Match.object_like({"Action": "sns:Publish"})])},
        },
    )


def test_alarms_watch_every_project(stack: cdk.Stack) -> None:
    delivery = pipeline(stack)
    alarms = delivery.add_alarms(
        sns.Topic(stack, "Alarms"), DeliveryPipelineAlarmThresholds(failed_builds=5, build_minutes=10)
    )
    assert len(alarms) == 2 * len(delivery.projects) == 8
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::CloudWatch::Alarm", {"MetricName": "FailedBuilds", "Threshold": 5})
    template.has_resource_properties("AWS::CloudWatch::Alarm", {"MetricName": "Duration", "Threshold": 600})


def test_the_failed_builds_of_a_project_are_a_metric(stack: cdk.Stack) -> None:
    metric = pipeline(stack).metric_failed_builds("Test", statistic="Average", period=cdk.Duration.minutes(1))
    assert (metric.metric_name, metric.statistic, metric.period.to_minutes()) == ("FailedBuilds", "Average", 1)


def test_tells_all_that_is_wrong_at_once(stack: cdk.Stack) -> None:
    message = refused(
        stack,
        pipeline_name="my pipeline",
        execution_mode=codepipeline.ExecutionMode.PARALLEL,
        stages=[],
    )
    assert message == (
        "DeliveryPipeline 'Stack/Delivery': pipeline_name='my pipeline': must be 1 to 100 letters, digits and .@_-; "
        "execution_mode='PARALLEL': two executions would deploy to one environment at a time; "
        "stages=[]: must have at least one stage to deploy to"
    )


@pytest.mark.parametrize("name", ["Build", "ApproveProduction", "Production"])
def test_a_stages_name_must_be_free(stack: cdk.Stack, name: str) -> None:
    other = DeploymentStage(name=name, production=False, deployments=[CDK])
    assert "must differ from each other and from Source, Build, Test, SecurityCheck, ApproveProduction" in refused(
        stack, stages=[other, PRODUCTION]
    )


def test_a_region_without_a_replica_is_refused_with_the_way_out(stack: cdk.Stack) -> None:
    deployment = CloudFormationDeployment(
        stack_name="storefront",
        deployment_role_arn="arn:aws:iam::111111111111:role/cloudformation",
        region="eu-central-1",
    )
    stage = DeploymentStage(name="Development", production=False, deployments=[deployment])
    assert (
        "stages.Development.Deploy.region='eu-central-1': needs a bucket of that region in artifact_replicas, or a "
        "CdkDeployment"
    ) in refused(stack, stages=[stage])


def test_replicas_need_a_stack_with_a_region(stack: cdk.Stack) -> None:
    replica = s3.Bucket.from_bucket_name(stack, "Replica", "artifacts")
    assert "artifact_replicas=['eu-central-1']: needs a stack with an explicit region" in refused(
        stack, artifact_replicas={"eu-central-1": replica}
    )
