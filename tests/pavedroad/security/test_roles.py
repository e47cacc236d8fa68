import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from pavedroad.security.roles import ManagedPolicyRole


@pytest.fixture
def role(stack: cdk.Stack) -> ManagedPolicyRole:
    return ManagedPolicyRole(
        stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"), description="Runs the application"
    )


def test_grants_stand_in_one_managed_policy(stack: cdk.Stack, role: ManagedPolicyRole, pack_findings) -> None:
    for name in ("First", "Second"):
        sns.Topic.from_topic_arn(stack, name, f"arn:aws:sns:eu-west-1:111111111111:{name}").grant_publish(role)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::IAM::Policy", 0)
    template.has_resource_properties(
        "AWS::IAM::ManagedPolicy",
        {
            "PolicyDocument": {
                "Statement": [
                    {
                        "Action": "sns:Publish",
                        "Effect": "Allow",
                        "Resource": [
                            "arn:aws:sns:eu-west-1:111111111111:First",
                            "arn:aws:sns:eu-west-1:111111111111:Second",
                        ],
                    }
                ],
                "Version": "2012-10-17",
            },
            "Roles": [stack.resolve(role.role_name)],
        },
    )
    assert pack_findings(stack) == []


def test_without_a_grant_there_is_no_policy(stack: cdk.Stack, role: ManagedPolicyRole) -> None:
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::IAM::Role", 1)
    template.resource_count_is("AWS::IAM::ManagedPolicy", 0)


def test_later_grants_can_stand_in_a_policy_of_their_own(stack: cdk.Stack, role: ManagedPolicyRole) -> None:
    role.add_to_policy(iam.PolicyStatement(actions=["ecr:GetAuthorizationToken"], resources=["*"]))
    role.begin_policy("GrantedPolicy")
    role.add_to_policy(
        iam.PolicyStatement(actions=["sns:Publish"], resources=["arn:aws:sns:eu-west-1:111111111111:First"])
    )
    policies = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    actions = [policy["Properties"]["PolicyDocument"]["Statement"][0]["Action"] for policy in policies]
    assert actions == ["ecr:GetAuthorizationToken", "sns:Publish"]
