"""The role of an account that is deployed to: whom it trusts, what it may do, what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Template

from pavedroad import DeploymentTargetRole
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.delivery.pipeline.blue_green import CodeDeployEcsDeployment
from pavedroad.delivery.pipeline.deployments import (
    CdkDeployment,
    CloudFormationDeployment,
    Deployment,
    EcsDeployment,
)

PIPELINE_ROLE = "arn:aws:iam::777777777777:role/storefront-pipeline"
TASK_ROLE = "arn:aws:iam::111111111111:role/task"
BUCKET = "arn:aws:s3:::storefront-artifacts"
KEY = "arn:aws:kms:eu-west-1:777777777777:key/11111111-1111-1111-1111-111111111111"
ECS = EcsDeployment(cluster_name="orders", service_name="storefront", task_role_arns=[TASK_ROLE])
PERMISSION = iam.PolicyStatement(
    actions=["sqs:CreateQueue"], resources=["arn:aws:sqs:eu-west-1:111111111111:storefront"]
)
STACK = CloudFormationDeployment(stack_name="storefront", permissions=[PERMISSION])
CODE_DEPLOY = CodeDeployEcsDeployment(
    application_name="storefront", deployment_group_name="blue-green", task_role_arns=[TASK_ROLE]
)


def target(stack: cdk.Stack, deployment: Deployment = ECS, **arguments: Any) -> DeploymentTargetRole:
    return DeploymentTargetRole(
        stack,
        "Target",
        **{
            "role_name": "storefront-delivery",
            "pipeline_role_arn": PIPELINE_ROLE,
            "stage": "Production",
            "deployment": deployment,
            "artifact_bucket_arn": BUCKET,
            "artifact_key_arn": KEY,
            **arguments,
        },
    )


def trust(stack: cdk.Stack, made: DeploymentTargetRole) -> dict[str, Any]:
    roles = Template.from_stack(stack).find_resources("AWS::IAM::Role")
    (statement,) = roles[stack.resolve(made.role.role_name)["Ref"]]["Properties"]["AssumeRolePolicyDocument"][
        "Statement"
    ]
    return statement


def statements(stack: cdk.Stack, role: iam.IRole) -> list[dict[str, Any]]:
    return [
        statement
        for policy in Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
        if policy["Properties"]["Roles"] == [stack.resolve(role.role_name)]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def test_trusts_the_pipelines_role_and_nobody_else_of_its_account(stack: cdk.Stack) -> None:
    assert trust(stack, target(stack)) == {
        "Action": "sts:AssumeRole",
        "Condition": {"ArnEquals": {"aws:PrincipalArn": PIPELINE_ROLE}},
        "Effect": "Allow",
        "Principal": {"AWS": stack.resolve(f"arn:{cdk.Aws.PARTITION}:iam::777777777777:root")},
    }


def test_may_ask_for_the_organisation_as_well(stack: cdk.Stack) -> None:
    assert trust(stack, target(stack, organization_id="o-abcdefghij"))["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": PIPELINE_ROLE},
        "StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"},
    }


def test_has_the_name_by_which_the_pipeline_knows_it(stack: cdk.Stack) -> None:
    target(stack)
    Template.from_stack(stack).has_resource_properties("AWS::IAM::Role", {"RoleName": "storefront-delivery"})


def test_reads_the_artefacts_and_decrypts_them_with_their_key(stack: cdk.Stack) -> None:
    allowed = statements(stack, target(stack).role)
    assert {
        "Action": ["s3:GetObject", "s3:GetObjectVersion"],
        "Effect": "Allow",
        "Resource": f"{BUCKET}/*",
    } in allowed
    assert {"Action": ["kms:Decrypt", "kms:DescribeKey"], "Effect": "Allow", "Resource": KEY} in allowed


def test_updates_the_one_service_with_the_tasks_roles(stack: cdk.Stack) -> None:
    made = target(stack)
    assert made.deployment_role is None
    allowed = statements(stack, made.role)
    update = next(each for each in allowed if "ecs:UpdateService" in each["Action"])
    assert json.dumps(update["Resource"]).endswith(':service/orders/storefront"]]}')
    (passing,) = [each for each in allowed if each["Action"] == "iam:PassRole"]
    assert passing["Resource"] == TASK_ROLE


def test_executes_the_pipelines_change_set_as_a_role_with_the_permissions_given(stack: cdk.Stack) -> None:
    made = target(stack, STACK)
    assert made.deployment_role
    change = next(each for each in statements(stack, made.role) if "cloudformation:ExecuteChangeSet" in each["Action"])
    assert change["Condition"] == {
        "StringEqualsIfExists": {"cloudformation:ChangeSetName": "ProductionDeployChangeSet"}
    }
    (passing,) = [each for each in statements(stack, made.role) if each["Action"] == "iam:PassRole"]
    assert passing["Resource"] == stack.resolve(made.deployment_role.role_arn)
    assert statements(stack, made.deployment_role) == [PERMISSION.to_statement_json()]
    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Role", {"RoleName": "storefront-delivery-cloudformation"}
    )


def test_an_existing_role_of_cloudformation_is_passed(stack: cdk.Stack) -> None:
    existing = "arn:aws:iam::111111111111:role/cloudformation"
    made = target(stack, CloudFormationDeployment(stack_name="storefront", deployment_role_arn=existing))
    assert made.deployment_role is None
    (passing,) = [each for each in statements(stack, made.role) if each["Action"] == "iam:PassRole"]
    assert passing["Resource"] == existing


@pytest.mark.parametrize("deployment", [ECS, STACK, CODE_DEPLOY], ids=["ecs", "cloudformation", "codedeploy"])
def test_packs_find_nothing(
    stack: cdk.Stack, deployment: Deployment, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    target(stack, deployment)
    assert pack_findings(stack) == []


class Product(servicecatalog.ProductStack):
    """A product with the values of a console form."""

    def __init__(self, scope: cdk.Stack) -> None:
        super().__init__(scope, "Product")
        names = ("RoleName", "PipelineRole", "Bucket", "Key", "Organization")
        value = {name: cdk.CfnParameter(self, name).value_as_string for name in names}
        target(
            self,
            role_name=value["RoleName"],
            pipeline_role_arn=value["PipelineRole"],
            artifact_bucket_arn=value["Bucket"],
            artifact_key_arn=value["Key"],
            organization_id=value["Organization"],
        )


def test_works_in_a_product_with_parameters(
    app: cdk.App, stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    product = Product(stack)
    assert pack_findings(product) == []
    assembly = app.synth()
    assert [each.stack_name for each in assembly.stacks] == ["Stack"]
    resources = json.loads((Path(assembly.directory) / product.template_file).read_text())["Resources"].values()
    (role,) = [each["Properties"] for each in resources if each["Type"] == "AWS::IAM::Role"]
    assert role["RoleName"] == {"Ref": "RoleName"}
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"]["ArnEquals"] == {"aws:PrincipalArn": {"Ref": "PipelineRole"}}


def test_nobody_else_can_be_let_in(stack: cdk.Stack) -> None:
    made = target(stack)
    assert made.role.assume_role_policy
    made.role.assume_role_policy.add_statements(
        iam.PolicyStatement(actions=["sts:AssumeRole"], principals=[iam.AccountPrincipal("999999999999")])
    )
    with pytest.raises(Exception, match="assumed by one pipeline's role and nobody else; its trust policy was changed"):
        Template.from_stack(stack)


def test_the_condition_of_the_trust_cannot_be_taken_away(stack: cdk.Stack) -> None:
    made = target(stack)
    resource = made.role.node.default_child
    assert isinstance(resource, iam.CfnRole)
    document = stack.resolve(resource.assume_role_policy_document)
    del document["Statement"][0]["Condition"]
    resource.assume_role_policy_document = document
    with pytest.raises(Exception, match="its trust policy was changed"):
        Template.from_stack(stack)


def test_tells_all_that_is_wrong_at_once(stack: cdk.Stack) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        target(
            stack,
            EcsDeployment(cluster_name="c", service_name="s", task_role_arns=[], role_arn=PIPELINE_ROLE),
            role_name="a b",
            pipeline_role_arn="storefront-pipeline",
            artifact_bucket_arn="storefront-artifacts",
            artifact_key_arn="alias/storefront",
            organization_id="mine",
        )
    assert str(error.value) == (
        "DeploymentTargetRole 'Stack/Target': role_name='a b': must be 1 to 49 letters, digits and _+=,.@-; "
        "pipeline_role_arn='storefront-pipeline': must be the ARN of a role, such as arn:aws:iam::111111111111:role/x; "
        "artifact_bucket_arn='storefront-artifacts': must be the ARN of a bucket, such as arn:aws:s3:::artifacts; "
        "artifact_key_arn='alias/storefront': must be the ARN of a key, such as "
        "arn:aws:kms:eu-west-1:111111111111:key/<id>; "
        "organization_id='mine': must be an organisation's id, such as o-abcdefghij; "
        f"deployment.role_arn='{PIPELINE_ROLE}': must be left out here: this makes that role"
    )


def test_a_deployment_by_the_cdk_needs_none(stack: cdk.Stack) -> None:
    deployment = CdkDeployment(account="111111111111", region="eu-west-1")
    with pytest.raises(InvalidArgumentsError, match="deployment='CdkDeployment': needs no role: the bootstrap stack"):
        target(stack, deployment)
    with pytest.raises(TypeError, match="CdkDeployment of Production in Stack needs no role of that account"):
        deployment.rights(stack, "Production")


def test_what_the_deployment_refuses_is_told(stack: cdk.Stack) -> None:
    with pytest.raises(InvalidArgumentsError, match=r"task_role_arns=.*must name the service's task and execution"):
        target(stack, EcsDeployment(cluster_name="c", service_name="s", task_role_arns=[]))
