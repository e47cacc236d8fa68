import json
import re
from collections.abc import Callable
from typing import Any

import pytest

BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/orders/0123456789abcdef"
ALARMS = [f"arn:aws:cloudwatch:eu-west-1:111111111111:alarm:{name}" for name in ("slow", "failing")]


def resolved(value: Any, values: dict[str, str], conditions: dict[str, Any]) -> Any:
    """What CloudFormation makes of a value where a form is filled in with ``values``."""
    if isinstance(value, list):
        return [resolved(each, values, conditions) for each in value]
    if not isinstance(value, dict):
        return value
    ((function, argument),) = value.items()
    if function == "Fn::If":
        condition, yes, no = argument
        ((left, right),) = (each["Fn::Equals"] for each in conditions[condition]["Fn::Not"])
        return resolved(yes if values[left["Ref"]] != right else no, values, conditions)
    argument = resolved(argument, values, conditions)
    functions: dict[str, Callable[[], Any]] = {
        "Ref": lambda: values.get(argument, argument),
        "Fn::Join": lambda: argument[0].join(argument[1]),
        "Fn::Split": lambda: argument[1].split(argument[0]),
        "Fn::Select": lambda: argument[1][int(argument[0])],
    }
    return functions[function]()


@pytest.fixture
def widgets(templates: dict[str, Any]) -> Callable[..., list[dict[str, Any]]]:
    template = templates["dashboard"]
    pseudo = {"AWS::Partition": "aws", "AWS::Region": "eu-west-1", "AWS::AccountId": "111111111111"}
    defaults = pseudo | {name: str(parameter.get("Default", "")) for name, parameter in template["Parameters"].items()}

    def shown(**form: str) -> list[dict[str, Any]]:
        (dashboard,) = template["Resources"].values()
        body = dashboard["Properties"]["DashboardBody"]
        found: list[dict[str, Any]] = json.loads(resolved(body, defaults | form, template["Conditions"]))["widgets"]
        return found

    return shown


def titles(shown: list[dict[str, Any]]) -> list[str]:
    return [each["properties"]["markdown"] for each in shown if each["type"] == "text"]


def test_a_form_without_components_shows_the_title_alone(widgets) -> None:
    assert titles(widgets(Title="Orders")) == ["## Orders"]


def test_each_component_that_is_named_has_its_row(widgets) -> None:
    shown = widgets(
        Title="Orders",
        LoadBalancerArn=BALANCER,
        EcsClusterName="orders",
        EcsServiceName="api",
        FunctionName="orders-import",
        QueueName="orders-inbox",
        TableName="orders",
        DatabaseIdentifier="orders-db",
        AlarmArns=",".join(ALARMS),
        LogGroupName="/orders/api",
    )
    assert titles(shown) == [
        f"## {title}" for title in ("Orders", "Alarms", "Containers", "Function", "Queue", "Table", "Database", "Log")
    ]
    dimensions = {
        tuple(part for part in metric[:6] if isinstance(part, str))
        for each in shown
        for metric in each["properties"].get("metrics", [])
    }
    for expected in (
        ("AWS/ApplicationELB", "RequestCount", "LoadBalancer", "app/orders/0123456789abcdef"),
        ("AWS/ECS", "CPUUtilization", "ClusterName", "orders", "ServiceName", "api"),
        ("AWS/Lambda", "Errors", "FunctionName", "orders-import"),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", "orders-inbox"),
        ("AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", "orders"),
        ("AWS/RDS", "FreeStorageSpace", "DBInstanceIdentifier", "orders-db"),
    ):
        assert expected in dimensions


def test_alarms_are_shown_as_they_are_listed(widgets) -> None:
    (states,) = (each for each in widgets(AlarmArns=",".join(ALARMS)) if each["type"] == "alarm")
    assert states["properties"]["alarms"] == ALARMS


def test_the_log_is_searched_for_errors(widgets) -> None:
    (log,) = (each for each in widgets(LogGroupName="/orders/api") if each["type"] == "log")
    assert log["properties"]["query"].startswith("SOURCE '/orders/api' | ")


def test_widgets_have_no_place_so_that_a_row_that_is_not_shown_leaves_no_gap(widgets) -> None:
    assert [each for each in widgets(FunctionName="orders", TableName="orders") if {"x", "y"} & set(each)] == []


def test_containers_are_named_whole_or_not_at_all(templates) -> None:
    (assertion,) = templates["dashboard"]["Rules"]["ContainersAreNamedWhole"]["Assertions"]
    assert assertion["AssertDescription"] == (
        "Fill in all of LoadBalancerArn, EcsClusterName, EcsServiceName, or none of them."
    )


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("AlarmArns", ",".join(ALARMS), True),
        ("AlarmArns", "slow", False),
        ("AlarmArns", f'{ALARMS[0]}","x', False),
        ("LoadBalancerArn", BALANCER, True),
        ("LoadBalancerArn", BALANCER.replace("/app/", "/net/"), False),
        ("LogGroupName", "/aws/lambda/orders", True),
        ("LogGroupName", "orders' | delete", False),
        ("QueueName", "", True),
    ],
)
def test_the_form_takes_only_what_the_page_can_show(templates, name: str, value: str, *, taken: bool) -> None:
    pattern = templates["dashboard"]["Parameters"][name]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, value)) is taken
