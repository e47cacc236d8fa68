"""Each kind of deployment: its actions, what their roles may do, what is refused."""

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from pavedroad import DeliveryPipeline
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.delivery.pipeline.blue_green import CodeDeployEcsDeployment
from pavedroad.delivery.pipeline.builds import BuildStep
from pavedroad.delivery.pipeline.deployments import (
    Approval,
    CdkDeployment,
    CloudFormationDeployment,
    Deployment,
    DeploymentStage,
    EcsDeployment,
)
from pavedroad.delivery.pipeline.sources import CodeCommitSource

ROLE = "arn:aws:iam::777777777777:role/deploy"
TASK_ROLE = "arn:aws:iam::111111111111:role/task"
PERMISSION = iam.PolicyStatement(
    actions=["sqs:CreateQueue"], resources=["arn:aws:sqs:eu-west-1:111111111111:storefront"]
)


def pipeline(stack: cdk.Stack, *deployments: Deployment, **stage: Any) -> DeliveryPipeline:
    arguments = {"name": "Development", "production": False, "deployments": deployments, **stage}
    return DeliveryPipeline(
        stack, "Delivery", source=CodeCommitSource(repository="storefront"), stages=[DeploymentStage(**arguments)]
    )


def last_stage(stack: cdk.Stack) -> dict[str, Any]:
    found = Template.from_stack(stack).find_resources("AWS::CodePipeline::Pipeline")
    return next(iter(found.values()))["Properties"]["Stages"][-1]


def statements(stack: cdk.Stack, role: iam.IRole) -> list[dict[str, Any]]:
    policies = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy")
    return next(
        policy["Properties"]["PolicyDocument"]["Statement"]
        for policy in policies.values()
        if policy["Properties"].get("Roles") == [stack.resolve(role.role_name)]
    )


def refused(stack: cdk.Stack, *deployments: Deployment, **stage: Any) -> str:
    with pytest.raises(InvalidArgumentsError) as error:
        pipeline(stack, *deployments, **stage)
    return str(error.value)


def test_ecs_updates_one_service_and_passes_its_roles_only(stack: cdk.Stack) -> None:
    deployment = EcsDeployment(cluster_name="orders", service_name="storefront", task_role_arns=[TASK_ROLE])
    delivery = pipeline(stack, deployment)
    action = last_stage(stack)["Actions"][0]
    assert action["ActionTypeId"]["Provider"] == "ECS"
    assert action["Configuration"] == {
        "ClusterName": "orders",
        "DeploymentTimeout": "30",
        "FileName": "imagedefinitions.json",
        "ServiceName": "storefront",
    }
    assert action["InputArtifacts"] == [{"Name": "Build"}]
    allowed = statements(stack, delivery.roles["DevelopmentDeploy"])
    update = next(each for each in allowed if "ecs:UpdateService" in each["Action"])
    assert json.dumps(update["Resource"]).endswith(':service/orders/storefront"]]}')
    assert {
        "Action": "iam:PassRole",
        "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        "Effect": "Allow",
        "Resource": TASK_ROLE,
    } in allowed


def test_cloudformation_makes_a_change_set_and_executes_it_with_a_role_of_its_own(stack: cdk.Stack) -> None:
    deployment = CloudFormationDeployment(
        stack_name="storefront",
        permissions=[PERMISSION],
        configuration_file="development.json",
        parameters={"Size": "small"},
        capabilities=[cdk.CfnCapabilities.NAMED_IAM],
    )
    delivery = pipeline(stack, deployment)
    prepare, execute = last_stage(stack)["Actions"]
    assert (prepare["Name"], prepare["RunOrder"]) == ("DeployPrepare", 1)
    assert (execute["Name"], execute["RunOrder"]) == ("Deploy", 2)
    deployment_role = delivery.roles["DevelopmentDeployCloudFormation"]
    assert prepare["Configuration"] == {
        "ActionMode": "CHANGE_SET_REPLACE",
        "Capabilities": "CAPABILITY_NAMED_IAM",
        "ChangeSetName": "DevelopmentDeployChangeSet",
        "ParameterOverrides": '{"Size":"small"}',
        "RoleArn": stack.resolve(deployment_role.role_arn),
        "StackName": "storefront",
        "TemplateConfiguration": "Build::development.json",
        "TemplatePath": "Build::template.yaml",
    }
    assert execute["Configuration"]["ActionMode"] == "CHANGE_SET_EXECUTE"
    assert statements(stack, deployment_role) == [PERMISSION.to_statement_json()]
    passed = next(
        each for each in statements(stack, delivery.roles["DevelopmentDeploy"]) if each["Action"] == "iam:PassRole"
    )
    assert passed["Resource"] == stack.resolve(deployment_role.role_arn)
    assert passed["Condition"] == {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}


def test_the_cdk_assumes_the_bootstrap_roles_of_one_account_and_region_only(stack: cdk.Stack) -> None:
    delivery = pipeline(stack, CdkDeployment(account="777777777777", region="eu-central-1", stacks=["Orders/*"]))
    assume = next(
        each for each in statements(stack, delivery.roles["DevelopmentDeploy"]) if each["Action"] == "sts:AssumeRole"
    )
    assert assume["Resource"] == [
        stack.resolve(
            f"arn:{cdk.Aws.PARTITION}:iam::777777777777:role/cdk-hnb659fds-{kind}-role-777777777777-eu-central-1"
        )
        for kind in ("deploy", "file-publishing", "image-publishing", "lookup")
    ]
    Template.from_stack(stack).has_resource_properties(
        "AWS::CodeBuild::Project",
        {
            "Environment": {
                "EnvironmentVariables": [{"Name": "STACKS", "Type": "PLAINTEXT", "Value": "Orders/*"}],
            },
            "Source": {"BuildSpec": Match.string_like_regexp(r"npx --yes aws-cdk@2\.\d+\.\d+ deploy .*\$STACKS")},
        },
    )


@pytest.mark.parametrize(
    "deployment",
    [
        EcsDeployment(cluster_name="orders", service_name="storefront", task_role_arns=[], role_arn=ROLE),
        CodeDeployEcsDeployment(
            application_name="storefront", deployment_group_name="blue-green", task_role_arns=[], role_arn=ROLE
        ),
        CloudFormationDeployment(
            stack_name="storefront",
            role_arn=ROLE,
            deployment_role_arn="arn:aws:iam::777777777777:role/cloudformation",
        ),
    ],
)
def test_a_role_of_another_account_is_assumed_and_may_read_the_artefacts(
    app: cdk.App, stack: cdk.Stack, deployment: Deployment
) -> None:
    delivery = pipeline(stack, deployment)
    assert all(action["RoleArn"] == ROLE for action in last_stage(stack)["Actions"])
    template = Template.from_stack(stack)
    reader = {
        "Principal": {"AWS": stack.resolve(f"arn:{cdk.Aws.PARTITION}:iam::777777777777:root")},
        "Condition": {"ArnEquals": {"aws:PrincipalArn": ROLE}},
        "Effect": "Allow",
    }
    for kind, document, actions in (
        ("AWS::S3::BucketPolicy", "PolicyDocument", ["s3:GetObject", "s3:GetObjectVersion"]),
        ("AWS::KMS::Key", "KeyPolicy", ["kms:Decrypt", "kms:DescribeKey"]),
    ):
        admitted = Match.object_like({**reader, "Action": actions})
        template.has_resource_properties(kind, {document: {"Statement": Match.array_with([admitted])}})
    assume = {"Action": "sts:AssumeRole", "Effect": "Allow", "Resource": Match.array_with([ROLE])}
    template.has_resource_properties("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": [assume]}})
    assert delivery.roles["DevelopmentDeploy"].role_arn == ROLE
    assert [each.stack_name for each in app.synth().stacks] == ["Stack"]


def test_the_role_of_another_account_may_be_a_parameter(stack: cdk.Stack) -> None:
    role = cdk.CfnParameter(stack, "Role").value_as_string
    pipeline(stack, EcsDeployment(cluster_name="c", service_name="s", task_role_arns=[], role_arn=role))
    account = {"Fn::Select": [4, {"Fn::Split": [":", {"Ref": "Role"}]}]}
    principal = {"AWS": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", account, ":root"]]}}
    admitted = {"Principal": principal, "Condition": {"ArnEquals": {"aws:PrincipalArn": {"Ref": "Role"}}}}
    Template.from_stack(stack).has_resource_properties(
        "AWS::KMS::Key", {"KeyPolicy": {"Statement": Match.array_with([Match.object_like(admitted)])}}
    )


def test_a_role_of_another_account_may_read_the_replica_of_its_region(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(account="555555555555", region="eu-west-1"))
    key = kms.Key(stack, "ReplicaKey")
    replica = s3.Bucket(stack, "Replica", bucket_name="artifacts-eu-central-1", encryption_key=key)
    deployment = EcsDeployment(
        cluster_name="c", service_name="s", task_role_arns=[], role_arn=ROLE, region="eu-central-1"
    )
    stage = DeploymentStage(name="Development", production=False, deployments=[deployment])
    DeliveryPipeline(
        stack,
        "Delivery",
        source=CodeCommitSource(repository="storefront"),
        stages=[stage],
        artifact_replicas={"eu-central-1": replica},
    )
    admitted = Match.array_with([Match.object_like({"Condition": {"ArnEquals": {"aws:PrincipalArn": ROLE}}})])
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::S3::BucketPolicy",
        {"Bucket": stack.resolve(replica.bucket_name), "PolicyDocument": {"Statement": admitted}},
    )
    found = template.find_resources("AWS::KMS::Key")[stack.resolve(key.key_id)["Ref"]]
    assert {"ArnEquals": {"aws:PrincipalArn": ROLE}} in [
        each.get("Condition") for each in found["Properties"]["KeyPolicy"]["Statement"]
    ]


@pytest.mark.parametrize(
    ("on_failure", "rendered"),
    [
        ("rollback", {"Result": "ROLLBACK"}),
        ("retry", {"Result": "RETRY", "RetryConfiguration": {"RetryMode": "FAILED_ACTIONS"}}),
        ("fail", None),
    ],
)
def test_what_happens_on_failure(stack: cdk.Stack, on_failure: str, rendered: dict[str, Any] | None) -> None:
    pipeline(stack, CdkDeployment(account="777777777777", region="eu-west-1"), on_failure=on_failure)
    assert last_stage(stack).get("OnFailure") == rendered


def test_approval_may_be_asked_before_any_stage(stack: cdk.Stack) -> None:
    deployment = CdkDeployment(account="777777777777", region="eu-west-1")
    assert DeploymentStage(name="Test", production=False, deployments=[deployment]).asked is None
    approval = Approval(comment="Is the stage free?")
    pipeline(stack, deployment, approval=approval)
    Template.from_stack(stack).has_resource_properties(
        "AWS::CodePipeline::Pipeline",
        {"Stages": Match.array_with([Match.object_like({"Name": "ApproveDevelopment"})])},
    )


CDK = CdkDeployment(account="777777777777", region="eu-west-1")


@pytest.mark.parametrize(
    ("deployments", "stage", "message"),
    [
        (
            [EcsDeployment(cluster_name="c", service_name="s", task_role_arns=[])],
            {},
            "stages.Development.Deploy.task_role_arns=[]: must name the service's task and execution roles",
        ),
        (
            [
                EcsDeployment(
                    cluster_name="c",
                    service_name="s",
                    task_role_arns=[TASK_ROLE],
                    timeout=cdk.Duration.hours(2),
                )
            ],
            {},
            "stages.Development.Deploy.timeout (minutes)=120: must be from 1 to 60",
        ),
        (
            [CloudFormationDeployment(stack_name="my_stack", permissions=[PERMISSION])],
            {},
            (
                "stages.Development.Deploy.stack_name='my_stack': must be a stack name: a letter, then letters, "
                "digits and hyphens, at most 128"
            ),
        ),
        (
            [CloudFormationDeployment(stack_name="storefront")],
            {},
            (
                "stages.Development.Deploy.permissions=0: give what CloudFormation may do either as permissions or as "
                "deployment_role_arn"
            ),
        ),
        (
            [
                CloudFormationDeployment(
                    stack_name="storefront",
                    permissions=[iam.PolicyStatement(actions=["*"], resources=["*"])],
                )
            ],
            {},
            "stages.Development.Deploy.permissions='*': must name actions; a deployment is no administrator",
        ),
        (
            [CloudFormationDeployment(stack_name="storefront", role_arn=ROLE, permissions=[PERMISSION])],
            {},
            "stages.Development.Deploy.deployment_role_arn=None: must name CloudFormation's role in the other account",
        ),
        (
            [
                CdkDeployment(
                    account="77", region="Ireland", stacks=["a; b"], build=BuildStep(environment={"TOKEN": "x"})
                )
            ],
            {},
            (
                "stages.Development.Deploy.account='77': must be an account id of 12 digits; "
                "stages.Development.Deploy.region='Ireland': must be a region, such as eu-west-1; "
                "stages.Development.Deploy.stacks='a; b': must be a stack id or pattern; "
                "stages.Development.Deploy.build.environment='TOKEN': looks like a credential in clear text"
            ),
        ),
        ([CDK, CDK], {}, "stages.Development.deployments=['Deploy', 'Deploy']: must have names that differ"),
        ([], {}, "stages.Development.deployments=[]: must have at least one deployment"),
        ([CDK], {"name": "To users"}, "stages.name='To users': must be 1 to 90 letters, digits, _ and -"),
        ([CDK], {"on_failure": "stop"}, "on_failure='stop': must be one of fail, retry, rollback"),
        ([CDK], {"unattended": True}, "unattended=True: is for production alone, and contradicts an approval"),
        (
            [CDK],
            {"approval": Approval(review_link="http://x", timeout=cdk.Duration.minutes(1))},
            (
                "stages.Development.approval.review_link='http://x': must be a link that begins with https://; "
                "stages.Development.approval.timeout (minutes)=1: must be from 5 to 86400"
            ),
        ),
    ],
)
def test_what_cannot_work_is_refused(
    stack: cdk.Stack, deployments: list[Deployment], stage: dict[str, Any], message: str
) -> None:
    assert message in refused(stack, *deployments, **stage)
