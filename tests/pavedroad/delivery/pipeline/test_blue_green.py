"""CodeDeploy's blue/green deployment of an ECS service: its action, what its role may do, what is refused."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from pavedroad import DeliveryPipeline
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.delivery.pipeline.blue_green import CodeDeployEcsDeployment
from pavedroad.delivery.pipeline.deployments import DeploymentStage
from pavedroad.delivery.pipeline.sources import CodeCommitSource

TASK_ROLE = "arn:aws:iam::111111111111:role/task"
NAMES = {"application_name": "storefront", "deployment_group_name": "blue-green"}


def pipeline(stack: cdk.Stack, **arguments: Any) -> DeliveryPipeline:
    deployment = CodeDeployEcsDeployment(**{**NAMES, "task_role_arns": [TASK_ROLE], **arguments})
    return DeliveryPipeline(
        stack,
        "Delivery",
        source=CodeCommitSource(repository="storefront"),
        stages=[DeploymentStage(name="Production", production=True, deployments=[deployment])],
    )


def action(stack: cdk.Stack) -> dict[str, Any]:
    found = Template.from_stack(stack).find_resources("AWS::CodePipeline::Pipeline")
    (last,) = next(iter(found.values()))["Properties"]["Stages"][-1]["Actions"]
    return last


def test_codedeploy_gets_the_task_definition_the_specification_and_the_image(stack: cdk.Stack) -> None:
    pipeline(stack)
    assert action(stack)["ActionTypeId"] == {
        "Category": "Deploy",
        "Owner": "AWS",
        "Provider": "CodeDeployToECS",
        "Version": "1",
    }
    assert action(stack)["InputArtifacts"] == [{"Name": "Build"}]
    assert action(stack)["Configuration"] == {
        "ApplicationName": "storefront",
        "DeploymentGroupName": "blue-green",
        "TaskDefinitionTemplateArtifact": "Build",
        "TaskDefinitionTemplatePath": "taskdef.json",
        "AppSpecTemplateArtifact": "Build",
        "AppSpecTemplatePath": "appspec.yaml",
        "Image1ArtifactName": "Build",
        "Image1ContainerName": "IMAGE1_NAME",
    }


def test_a_task_definition_may_name_its_image_itself(stack: cdk.Stack) -> None:
    pipeline(stack, image_placeholder=None)
    assert [key for key in action(stack)["Configuration"] if key.startswith("Image")] == []


def test_the_role_deploys_by_one_group_and_passes_the_tasks_roles_only(
    stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    delivery = pipeline(stack)
    assert pack_findings(stack) == []
    role = stack.resolve(delivery.roles["ProductionDeploy"].role_name)
    statements = next(
        policy["Properties"]["PolicyDocument"]["Statement"]
        for policy in Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
        if policy["Properties"].get("Roles") == [role]
    )
    deploy = next(each for each in statements if "codedeploy:CreateDeployment" in each["Action"])
    assert json.dumps(deploy["Resource"]).endswith(':deploymentgroup:storefront/blue-green"]]}')
    passing = next(each for each in statements if each["Action"] == "iam:PassRole")
    assert passing["Resource"] == TASK_ROLE
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


def test_names_may_be_parameters(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Application").value_as_string
    pipeline(stack, application_name=name)
    assert action(stack)["Configuration"]["ApplicationName"] == {"Ref": "Application"}


def test_what_codedeploy_would_refuse_is_refused_at_once(stack: cdk.Stack) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        pipeline(stack, application_name="a b", image_placeholder="<IMAGE>", task_role_arns=[])
    assert str(error.value) == (
        "DeliveryPipeline 'Stack/Delivery': stages.Production.Deploy.application_name='a b': must be 1 to 100 letters, "
        "digits and _+=,.@-; stages.Production.Deploy.image_placeholder='<IMAGE>': must be letters, digits and _; "
        "stages.Production.Deploy.task_role_arns=[]: must name the service's task and execution roles"
    )


def test_a_region_of_its_own_needs_a_replica(stack: cdk.Stack) -> None:
    with pytest.raises(InvalidArgumentsError, match="region='eu-central-1': needs a bucket of that region"):
        pipeline(stack, region="eu-central-1")
