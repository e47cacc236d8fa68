import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from pavedroad import ServiceDashboard
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.observability.cloudwatch.named_components import NamedDatabase, NamedLog
from pavedroad.observability.cloudwatch.rows_at_launch import ListedAlarms
from pavedroad.observability.cloudwatch.service_dashboard import DashboardRow

DATABASE = DashboardRow(title="Database", component=NamedDatabase(identifier="orders"))
LOG = NamedLog(log_group_name="/orders")


@pytest.fixture
def asked(stack: cdk.Stack) -> cdk.CfnCondition:
    return cdk.CfnCondition(stack, "Asked", expression=cdk.Fn.condition_equals(cdk.Aws.REGION, "eu-west-1"))


def body(stack: cdk.Stack) -> Any:
    (found,) = Template.from_stack(stack).find_resources("AWS::CloudWatch::Dashboard").values()
    return found["Properties"]["DashboardBody"]


def launched(value: Any, *, asked: bool) -> str:
    """The body where the condition holds or does not."""
    match value:
        case {"Fn::Join": ["", parts]}:
            return "".join(launched(part, asked=asked) for part in parts)
        case {"Fn::If": ["Asked", shown, otherwise]}:
            return launched(shown if asked else otherwise, asked=asked)
        case {"Ref": name}:
            return str(name)
    return str(value)


def test_a_row_is_shown_on_its_condition(stack: cdk.Stack, asked: cdk.CfnCondition) -> None:
    rows = [DATABASE, DashboardRow(title="Log", component=LOG, condition=asked)]
    ServiceDashboard(stack, "Dashboard", rows=rows, default_interval=cdk.Duration.hours(1))
    finished = body(stack)
    assert launched(finished, asked=True).startswith('{"start":"-PT1H",')
    whole, without = (json.loads(launched(finished, asked=each))["widgets"] for each in (True, False))
    assert [each["type"] for each in whole[len(without) :]] == ["text", "log"]


def test_a_row_that_is_added_stands_beneath_the_others(stack: cdk.Stack, asked: cdk.CfnCondition) -> None:
    rows = [DATABASE, DashboardRow(title="Log", component=LOG, condition=asked)]
    ServiceDashboard(stack, "Dashboard", rows=rows).add_row(DashboardRow(title="Once more", component=LOG))
    *_, heading, log = json.loads(launched(body(stack), asked=False))["widgets"]
    assert heading["properties"]["markdown"] == "## Once more"
    assert log["type"] == "log"


def test_alarms_may_be_a_parameter(stack: cdk.Stack) -> None:
    arns = cdk.CfnParameter(stack, "Alarms", type="CommaDelimitedList").value_as_list
    ServiceDashboard(stack, "Dashboard", rows=[DashboardRow(title="Alarms", component=ListedAlarms(arns=arns))])
    start, listed, end = body(stack)["Fn::Join"][1]
    assert listed == {"Fn::Join": ['","', {"Ref": "Alarms"}]}
    _, states = json.loads(start + 'one","two' + end)["widgets"]
    assert states["properties"]["alarms"] == ["one", "two"]


def test_without_conditions_the_cdk_places_the_widgets(stack: cdk.Stack) -> None:
    ServiceDashboard(stack, "Dashboard", rows=[DATABASE])
    assert '"y":1' in json.dumps(body(stack)).replace("\\", "")


def test_what_no_body_can_be_made_of_is_refused(stack: cdk.Stack, asked: cdk.CfnCondition) -> None:
    alarm = cloudwatch.Alarm.from_alarm_name(stack, "Alarm", "orders")
    with pytest.raises(InvalidArgumentsError) as error:
        ServiceDashboard(
            stack,
            "Dashboard",
            rows=[DashboardRow(title="Log", component=LOG, condition=asked)],
            alarms=[alarm],
        )
    assert "rows='Log': is the first one and must have no condition" in str(error.value)
    assert "alarms=1: must be rows, as log_groups must" in str(error.value)


def test_a_condition_comes_with_the_first_rows(stack: cdk.Stack, asked: cdk.CfnCondition) -> None:
    dashboard = ServiceDashboard(stack, "Dashboard", rows=[DATABASE])
    function = lambda_.Function.from_function_name(stack, "Function", "orders")
    with pytest.raises(InvalidArgumentsError, match="is decided at launch: give it with the first rows"):
        dashboard.add_row(DashboardRow(title="Function", component=function, condition=asked))
