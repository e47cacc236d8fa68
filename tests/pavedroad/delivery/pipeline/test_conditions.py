"""What has to hold before a stage and after it: rules, roles, results, and what is refused."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk.assertions import Template

from pavedroad import DeliveryPipeline
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.delivery.pipeline.conditions import AlarmSilent, DeploymentWindow
from pavedroad.delivery.pipeline.deployments import CdkDeployment, DeploymentStage
from pavedroad.delivery.pipeline.sources import CodeCommitSource

WINDOW = DeploymentWindow(name="OfficeHours", cron="* * 9-16 ? * MON-THU", time_zone="Europe/Berlin")


def alarm(stack: cdk.Stack) -> cloudwatch.IAlarm:
    return cloudwatch.Alarm.from_alarm_name(stack, "Errors", "storefront-errors")


def pipeline(stack: cdk.Stack, **arguments: Any) -> DeliveryPipeline:
    stage = {
        "name": "Production",
        "production": True,
        "deployments": [CdkDeployment(account="777777777777", region="eu-west-1")],
        **arguments,
    }
    return DeliveryPipeline(
        stack, "Delivery", source=CodeCommitSource(repository="storefront"), stages=[DeploymentStage(**stage)]
    )


def last_stage(stack: cdk.Stack) -> dict[str, Any]:
    found = Template.from_stack(stack).find_resources("AWS::CodePipeline::Pipeline")
    return next(iter(found.values()))["Properties"]["Stages"][-1]


def test_a_stage_has_no_conditions_unless_they_are_given(stack: cdk.Stack) -> None:
    pipeline(stack)
    assert {"BeforeEntry", "OnSuccess"} & set(last_stage(stack)) == set()


def test_outside_of_the_window_nothing_is_deployed(stack: cdk.Stack) -> None:
    delivery = pipeline(stack, entry=[WINDOW])
    assert last_stage(stack)["BeforeEntry"]["Conditions"] == [
        {
            "Result": "FAIL",
            "Rules": [
                {
                    "Name": "OfficeHours",
                    "RuleTypeId": {"Category": "Rule", "Owner": "AWS", "Provider": "DeploymentWindow", "Version": "1"},
                    "Configuration": {"Cron": "* * 9-16 ? * MON-THU", "TimeZone": "Europe/Berlin"},
                }
            ],
        }
    ]
    assert "ProductionEntry" not in delivery.roles


@pytest.mark.parametrize(("on_failure", "result"), [("rollback", "ROLLBACK"), ("fail", "FAIL"), ("retry", "FAIL")])
def test_an_alarm_after_the_deployment_takes_it_back(stack: cdk.Stack, on_failure: str, result: str) -> None:
    silent = AlarmSilent(name="NoErrors", alarm=alarm(stack), watch=cdk.Duration.minutes(30))
    delivery = pipeline(stack, success=[silent], on_failure=on_failure)
    (condition,) = last_stage(stack)["OnSuccess"]["Conditions"]
    assert condition["Result"] == result
    (rule,) = condition["Rules"]
    assert rule["RuleTypeId"]["Provider"] == "CloudWatchAlarm"
    assert rule["Configuration"] == {"AlarmName": "storefront-errors", "AlarmStates": "ALARM", "WaitTime": "30"}
    assert rule["RoleArn"] == stack.resolve(delivery.roles["ProductionSuccess"].role_arn)


def test_the_rule_sees_its_alarm_and_no_other_and_the_pipeline_may_run_it(
    stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    watched = alarm(stack)
    delivery = pipeline(stack, entry=[WINDOW, AlarmSilent(name="NoErrors", alarm=watched)])
    assert pack_findings(stack) == []
    policies = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    statements = [each for policy in policies for each in policy["Properties"]["PolicyDocument"]["Statement"]]
    arn = stack.resolve(watched.alarm_arn)
    assert {"Action": "cloudwatch:DescribeAlarms", "Effect": "Allow", "Resource": arn} in statements
    role = stack.resolve(delivery.roles["ProductionEntry"].role_arn)
    assume = next(each for each in statements if each["Action"] == "sts:AssumeRole")
    assert role in assume["Resource"]


def test_a_window_may_be_parameters(stack: cdk.Stack) -> None:
    cron, zone = (cdk.CfnParameter(stack, name).value_as_string for name in ("Cron", "Zone"))
    pipeline(stack, entry=[DeploymentWindow(name="Window", cron=cron, time_zone=zone)])
    (rule,) = last_stage(stack)["BeforeEntry"]["Conditions"][0]["Rules"]
    assert rule["Configuration"] == {"Cron": {"Ref": "Cron"}, "TimeZone": {"Ref": "Zone"}}


def test_what_codepipeline_would_refuse_is_refused_at_once(stack: cdk.Stack) -> None:
    windows = [DeploymentWindow(name="Office hours", cron="9-16 MON", time_zone="Central Europe")]
    silent = AlarmSilent(name="Silent", alarm=alarm(stack), watch=cdk.Duration.days(2))
    with pytest.raises(InvalidArgumentsError) as error:
        pipeline(stack, entry=windows, success=[silent] * 6)
    message = str(error.value)
    for problem in (
        "stages.Production.entry.name='Office hours': must be 1 to 100 letters, digits and .@_-",
        "stages.Production.entry.Office hours.cron='9-16 MON': must be six or seven fields with * as the seconds",
        "stages.Production.entry.Office hours.time_zone='Central Europe': must be a time zone, such as UTC",
        "must have at most 5 conditions",
        "must have names that differ",
        "stages.Production.success.Silent.watch (minutes)=2880: must be from 1 to 1440",
    ):
        assert problem in message
