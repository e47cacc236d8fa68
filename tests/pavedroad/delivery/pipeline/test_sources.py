"""Each source: its action, what its role may do, what starts the pipeline, what is refused."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Match, Template

from pavedroad import DeliveryPipeline
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.delivery.pipeline.deployments import CdkDeployment, DeploymentStage
from pavedroad.delivery.pipeline.sources import BucketSource, CodeCommitSource, ConnectionSource, Source

ARN = "arn:aws:codeconnections:eu-west-1:111111111111:connection/storefront"


def pipeline(stack: cdk.Stack, source: Source) -> DeliveryPipeline:
    deployment = CdkDeployment(account="777777777777", region="eu-west-1")
    stage = DeploymentStage(name="Production", production=True, deployments=[deployment])
    return DeliveryPipeline(stack, "Delivery", source=source, stages=[stage])


def properties(stack: cdk.Stack) -> dict[str, Any]:
    found = Template.from_stack(stack).find_resources("AWS::CodePipeline::Pipeline")
    return next(iter(found.values()))["Properties"]


def action(stack: cdk.Stack) -> dict[str, Any]:
    return properties(stack)["Stages"][0]["Actions"][0]


def statements(stack: cdk.Stack) -> list[dict[str, Any]]:
    policies = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy")
    return next(
        policy["Properties"]["PolicyDocument"]["Statement"]
        for logical_id, policy in policies.items()
        if logical_id.startswith("DeliveryRolesSourcePolicy")
    )


def test_a_connection_is_used_for_one_repository_and_branch(stack: cdk.Stack) -> None:
    pipeline(stack, ConnectionSource(connection_arn=ARN, repository="orders/web/storefront", branch="release"))
    assert action(stack)["Configuration"] == {
        "BranchName": "release",
        "ConnectionArn": ARN,
        "DetectChanges": True,
        "FullRepositoryId": "orders/web/storefront",
    }
    assert "Triggers" not in properties(stack)
    assert statements(stack) == [
        {
            "Action": "codeconnections:UseConnection",
            "Effect": "Allow",
            "Resource": ARN,
        }
    ]


def test_a_connection_of_the_former_name_needs_the_action_of_that_name(stack: cdk.Stack) -> None:
    former = ARN.replace("codeconnections", "codestar-connections")
    pipeline(stack, ConnectionSource(connection_arn=former, repository="orders/storefront"))
    assert statements(stack)[0]["Action"] == "codestar-connections:UseConnection"


def test_a_connection_that_is_a_parameter_may_have_either_name(stack: cdk.Stack) -> None:
    arn = cdk.CfnParameter(stack, "Connection").value_as_string
    pipeline(stack, ConnectionSource(connection_arn=arn, repository="orders/storefront"))
    assert statements(stack)[0]["Action"] == ["codeconnections:UseConnection", "codestar-connections:UseConnection"]


def test_paths_filter_the_pushes_of_the_branch(stack: cdk.Stack) -> None:
    source = ConnectionSource(
        connection_arn=ARN, repository="orders/storefront", included_paths=["src/**"], excluded_paths=["docs/**"]
    )
    pipeline(stack, source)
    assert action(stack)["Configuration"]["DetectChanges"] is False
    push = properties(stack)["Triggers"][0]["GitConfiguration"]["Push"]
    assert push == [
        {"Branches": {"Includes": ["main"]}, "FilePaths": {"Includes": ["src/**"], "Excludes": ["docs/**"]}}
    ]


def test_tags_start_the_pipeline_instead_of_pushes(stack: cdk.Stack) -> None:
    pipeline(stack, ConnectionSource(connection_arn=ARN, repository="orders/storefront", tags=["v*"]))
    push = properties(stack)["Triggers"][0]["GitConfiguration"]["Push"]
    assert push == [{"Tags": {"Includes": ["v*"]}}]


def test_a_commit_starts_the_pipeline_by_an_event_without_polling(stack: cdk.Stack) -> None:
    pipeline(stack, CodeCommitSource(repository="storefront", branch="release"))
    assert action(stack)["Configuration"] == {
        "BranchName": "release",
        "PollForSourceChanges": False,
        "RepositoryName": "storefront",
    }
    Template.from_stack(stack).has_resource_properties(
        "AWS::Events::Rule",
        {
            "EventPattern": {
                "source": ["aws.codecommit"],
                "resources": [Match.any_value()],
                "detail": {"referenceName": ["release"], "referenceType": ["branch"]},
            },
            "Targets": [Match.object_like({"RoleArn": {"Fn::GetAtt": ["DeliveryChangeRole64B61B0D", "Arn"]}})],
        },
    )
    assert [statement["Resource"] for statement in statements(stack)] == [
        stack.resolve(stack.format_arn(service="codecommit", resource="storefront"))
    ]


def test_an_object_starts_the_pipeline_by_an_event_without_polling(stack: cdk.Stack) -> None:
    key_arn = "arn:aws:kms:eu-west-1:111111111111:key/11111111-1111-1111-1111-111111111111"
    pipeline(stack, BucketSource(bucket_name="builds", key="storefront.zip", encryption_key_arn=key_arn))
    assert action(stack)["Configuration"] == {
        "PollForSourceChanges": False,
        "S3Bucket": "builds",
        "S3ObjectKey": "storefront.zip",
    }
    Template.from_stack(stack).has_resource_properties(
        "AWS::Events::Rule",
        {
            "EventPattern": {
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "detail": {"bucket": {"name": ["builds"]}, "object": {"key": ["storefront.zip"]}},
            }
        },
    )
    resources = [statement["Resource"] for statement in statements(stack)]
    bucket = stack.resolve(f"arn:{cdk.Aws.PARTITION}:s3:::builds")
    assert resources == [stack.resolve(f"arn:{cdk.Aws.PARTITION}:s3:::builds/storefront.zip"), bucket, key_arn]


def test_events_may_start_this_pipeline_for_this_account_only(stack: cdk.Stack) -> None:
    delivery = pipeline(stack, CodeCommitSource(repository="storefront"))
    template = Template.from_stack(stack)
    own_account = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    template.has_resource_properties(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": {
                "Statement": [
                    Match.object_like({"Condition": own_account, "Principal": {"Service": "events.amazonaws.com"}})
                ]
            }
        },
    )
    start = {
        "Action": "codepipeline:StartPipelineExecution",
        "Effect": "Allow",
        "Resource": stack.resolve(delivery.pipeline.pipeline_arn),
    }
    template.has_resource_properties("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": [start]}})


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            ConnectionSource(connection_arn="storefront", repository="orders/storefront"),
            (
                "source.connection_arn='storefront': must be the ARN of a CodeConnections connection, such as "
                "arn:aws:codeconnections:eu-west-1:111111111111:connection/<id>"
            ),
        ),
        (
            ConnectionSource(connection_arn=ARN, repository="storefront"),
            "source.repository='storefront': must be written as owner/name",
        ),
        (
            ConnectionSource(connection_arn=ARN, repository="o/s", included_paths=["a"] * 9),
            "must have at most 8 patterns",
        ),
        (
            ConnectionSource(connection_arn=ARN, repository="o/s", tags=["v*"], excluded_paths=["docs/**"]),
            "source.tags=['v*']: cannot be combined with paths; a tag has no changed files",
        ),
        (
            CodeCommitSource(repository="orders/storefront"),
            "source.repository='orders/storefront': must be the name of a CodeCommit repository",
        ),
        (BucketSource(bucket_name="Builds", key="a.zip"), "source.bucket_name='Builds': must be a bucket name"),
        (
            BucketSource(bucket_name="builds", key="*.zip"),
            "source.key='*.zip': must be the key of one object, without a wildcard",
        ),
    ],
)
def test_what_cannot_work_is_refused(stack: cdk.Stack, source: Source, message: str) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        pipeline(stack, source)
    assert message in str(error.value)
