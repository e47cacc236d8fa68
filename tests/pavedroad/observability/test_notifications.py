import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from pavedroad.observability.notifications import notifying_role, notifying_rule


def test_a_rule_publishes_to_the_one_topic_with_a_role_for_rules_of_this_account(stack: cdk.Stack) -> None:
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:on-call")
    role = notifying_role(stack, "Role", topic=topic, description="EventBridge: publishes what happened")
    notifying_rule(
        stack,
        "Rule",
        role=role,
        topic=topic,
        source="aws.kms",
        detail_type="AWS API Call via CloudTrail",
        detail={"eventName": ["DisableKey"]},
        message="A key was disabled.",
    )
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::Events::Rule",
        {
            "EventPattern": {
                "source": ["aws.kms"],
                "detail-type": ["AWS API Call via CloudTrail"],
                "detail": {"eventName": ["DisableKey"]},
            },
            "Targets": [
                {
                    "Arn": topic.topic_arn,
                    "Id": "Target0",
                    "Input": '"A key was disabled."',
                    "RoleArn": stack.resolve(role.role_arn),
                }
            ],
        },
    )
    (trusted,) = template.find_resources("AWS::IAM::Role").values()
    (statement,) = trusted["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    (policy,) = template.find_resources("AWS::IAM::ManagedPolicy").values()
    (granted,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (granted["Action"], granted["Resource"]) == ("sns:Publish", topic.topic_arn)
