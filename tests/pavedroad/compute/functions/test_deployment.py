from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.functions.deployment import GradualDeployment
from pavedroad.compute.functions.lambda_service import LambdaService

Make = Callable[..., LambdaService]


def hook(stack: cdk.Stack, name: str) -> lambda_.IFunction:
    arn = f"arn:aws:lambda:eu-west-1:111111111111:function:{name}"
    return lambda_.Function.from_function_attributes(stack, name, function_arn=arn, same_environment=True)


def test_a_tenth_of_the_calls_goes_to_a_new_version_first(
    stack: cdk.Stack, topic: sns.ITopic, make_service: Make, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    service = make_service(deployment=GradualDeployment(topic=topic))
    template = Template.from_stack(stack)
    (group,) = template.find_resources("AWS::CodeDeploy::DeploymentGroup")
    (application,) = template.find_resources("AWS::CodeDeploy::Application")
    template.has_resource_properties(
        "AWS::CodeDeploy::DeploymentGroup",
        {"DeploymentConfigName": "CodeDeployDefault.LambdaCanary10Percent5Minutes"},
    )
    template.has_resource(
        "AWS::Lambda::Alias",
        {
            "UpdatePolicy": {
                "CodeDeployLambdaAliasUpdate": {
                    "ApplicationName": {"Ref": application},
                    "DeploymentGroupName": {"Ref": group},
                }
            }
        },
    )
    assert service.deployment_group is not None
    assert pack_findings(stack) == []


def test_calls_that_fail_bring_the_former_version_back_and_are_told(
    stack: cdk.Stack, topic: sns.ITopic, make_service: Make
) -> None:
    make_service(deployment=GradualDeployment(topic=topic, errors=2))
    template = Template.from_stack(stack)
    (alarm,) = template.find_resources("AWS::CloudWatch::Alarm")
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "MetricName": "Errors",
            "Threshold": 2,
            "Period": 60,
            "AlarmActions": [topic.topic_arn],
            "Dimensions": Match.array_with([Match.object_like({"Name": "Resource"})]),
        },
    )
    template.has_resource_properties(
        "AWS::CodeDeploy::DeploymentGroup",
        {
            "AlarmConfiguration": {"Enabled": True, "Alarms": [{"Name": {"Ref": alarm}}]},
            "AutoRollbackConfiguration": {
                "Enabled": True,
                "Events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST", "DEPLOYMENT_STOP_ON_ALARM"],
            },
        },
    )


def test_the_role_moves_this_alias_and_no_other(stack: cdk.Stack, topic: sns.ITopic, make_service: Make) -> None:
    make_service(deployment=GradualDeployment(topic=topic))
    template = Template.from_stack(stack)
    (function,) = template.find_resources("AWS::Lambda::Function")
    (alias,) = template.find_resources("AWS::Lambda::Alias")
    (policy,) = [
        found["Properties"]["PolicyDocument"]["Statement"]
        for name, found in template.find_resources("AWS::IAM::ManagedPolicy").items()
        if "DeploymentRole" in name
    ]
    assert [(statement["Action"], statement["Resource"]) for statement in policy[1:]] == [
        (["lambda:GetAlias", "lambda:UpdateAlias"], {"Fn::GetAtt": [function, "Arn"]}),
        ("lambda:GetProvisionedConcurrencyConfig", {"Ref": alias}),
    ]
    assert policy[0]["Action"] == "cloudwatch:DescribeAlarms"
    template.has_resource_properties(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": {
                "Statement": [
                    Match.object_like(
                        {
                            "Principal": {"Service": "codedeploy.amazonaws.com"},
                            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                        }
                    )
                ]
            },
            "ManagedPolicyArns": Match.absent(),
        },
    )


def test_pace_further_alarms_and_tests_as_asked(stack: cdk.Stack, topic: sns.ITopic, make_service: Make) -> None:
    further = cloudwatch.Alarm.from_alarm_arn(
        stack, "Further", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:checkout"
    )
    make_service(
        deployment=GradualDeployment(
            topic=topic,
            traffic=codedeploy.LambdaDeploymentConfig.LINEAR_10_PERCENT_EVERY_1_MINUTE,
            alarms=[further],
            pre_traffic=hook(stack, "before"),
            post_traffic=hook(stack, "after"),
        )
    )
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::CodeDeploy::DeploymentGroup",
        {
            "DeploymentConfigName": "CodeDeployDefault.LambdaLinear10PercentEvery1Minute",
            "AlarmConfiguration": {"Alarms": Match.array_with([{"Name": "checkout"}])},
        },
    )
    template.has_resource(
        "AWS::Lambda::Alias",
        {
            "UpdatePolicy": {
                "CodeDeployLambdaAliasUpdate": {
                    "BeforeAllowTrafficHook": "before",
                    "AfterAllowTrafficHook": "after",
                }
            }
        },
    )
    invoking = [
        statement
        for policy in template.find_resources("AWS::IAM::ManagedPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Action"] == "lambda:InvokeFunction"
    ]
    assert [str(statement["Resource"]).count(":function:") for statement in invoking] == [2]


def test_all_at_once_is_refused(topic: sns.ITopic, make_service: Make) -> None:
    with pytest.raises(InvalidArgumentsError) as caught:
        make_service(deployment=GradualDeployment(topic=topic, traffic=codedeploy.LambdaDeploymentConfig.ALL_AT_ONCE))
    assert str(caught.value) == (
        "LambdaService 'Stack/Orders': deployment.traffic='CodeDeployDefault.LambdaAllAtOnce': is not gradual; leave "
        "deployment out to give a new version all calls at once"
    )
