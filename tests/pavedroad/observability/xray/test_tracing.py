from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import Tracing
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.observability.xray.tracing import SamplingRule
from pavedroad.security.roles import ManagedPolicyRole


def make(scope: cdk.Stack, **arguments: Any) -> Tracing:
    return Tracing(scope, "Tracing", **{"filter_expression": 'service("orders")', **arguments})


def only(stack: cdk.Stack, kind: str) -> dict[str, Any]:
    (found,) = Template.from_stack(stack).find_resources(kind).values()
    return dict(found)


def test_looks_for_anomalies_in_the_traces_of_a_group(
    stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    tracing = make(stack)
    properties = only(stack, "AWS::XRay::Group")["Properties"]
    assert properties["FilterExpression"] == 'service("orders")'
    assert properties["InsightsConfiguration"] == {"InsightsEnabled": True, "NotificationsEnabled": False}
    assert properties["GroupName"]["Fn::Join"][1][0] == "tracing-"
    assert tracing.sampling_rules == []
    assert tracing.transaction_search is None
    assert len(Template.from_stack(stack).to_json()["Resources"]) == 1
    assert pack_findings(stack) == []
    Annotations.from_stack(stack).has_no_warning("*", Match.any_value())


def test_group_can_be_named_and_insights_sent(stack: cdk.Stack) -> None:
    make(stack, group_name="orders", notify_insights=True)
    properties = only(stack, "AWS::XRay::Group")["Properties"]
    assert properties["GroupName"] == "orders"
    assert properties["InsightsConfiguration"] == {"InsightsEnabled": True, "NotificationsEnabled": True}


def test_no_insights_are_warned_of(stack: cdk.Stack) -> None:
    make(stack, insights=False)
    Annotations.from_stack(stack).has_warning(
        "/Stack/Tracing", Match.string_like_regexp("Nobody looks for anomalies.*pavedroad:tracing-no-insights")
    )


def test_sampling_rules_say_what_is_traced(stack: cdk.Stack) -> None:
    make(stack, sampling_rules=[SamplingRule(priority=100, fixed_rate_percent=10, url_path="/orders/*")])
    rule = only(stack, "AWS::XRay::SamplingRule")["Properties"]["SamplingRule"]
    assert rule.pop("RuleName")["Fn::Join"][1][-1] == "-1"
    assert rule == {
        "Priority": 100,
        "FixedRate": 0.1,
        "ReservoirSize": 1,
        "URLPath": "/orders/*",
        "ServiceName": "*",
        "ServiceType": "*",
        "Host": "*",
        "HTTPMethod": "*",
        "ResourceARN": "*",
        "Version": 1,
    }


def test_every_span_can_be_kept_and_x_ray_may_write_it_for_this_account(stack: cdk.Stack) -> None:
    make(stack, transaction_search_percent=1)
    search = only(stack, "AWS::XRay::TransactionSearchConfig")
    assert search["Properties"] == {"IndexingPercentage": 1}
    assert search["DependsOn"] == list(Template.from_stack(stack).find_resources("AWS::Logs::ResourcePolicy"))
    document = str(only(stack, "AWS::Logs::ResourcePolicy")["Properties"]["PolicyDocument"])
    for part in (
        '"Service":"xray.amazonaws.com"',
        '"Action":"logs:PutLogEvents"',
        ":log-group:aws/spans:*",
        ":log-group:/aws/application-signals/data:*",
        "aws:SourceAccount",
        "aws:SourceArn",
    ):
        assert part in document


def test_a_share_may_be_a_parameter(stack: cdk.Stack) -> None:
    make(stack, transaction_search_percent=cdk.CfnParameter(stack, "Share", type="Number").value_as_number)
    assert only(stack, "AWS::XRay::TransactionSearchConfig")["Properties"] == {"IndexingPercentage": {"Ref": "Share"}}


def test_a_role_may_send_traces(stack: cdk.Stack) -> None:
    role = ManagedPolicyRole(
        stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"), description="Orders"
    )
    make(stack).grant_write(role)
    (statement,) = only(stack, "AWS::IAM::ManagedPolicy")["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == [
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ]


def test_all_bad_arguments_are_named(stack: cdk.Stack) -> None:
    share = cdk.CfnParameter(stack, "Share", type="Number").value_as_number
    with pytest.raises(InvalidArgumentsError) as refused:
        make(
            stack,
            group_name="my orders",
            insights=False,
            notify_insights=True,
            transaction_search_percent=101,
            sampling_rules=[
                SamplingRule(priority=0, fixed_rate_percent=200, reservoir=-1),
                SamplingRule(priority=1, fixed_rate_percent=share),
            ],
        )
    text = str(refused.value)
    assert "group_name='my orders': must be 1 to 32 letters, digits and hyphens" in text
    assert "notify_insights=True: needs insights=True" in text
    assert "transaction_search_percent=101: must be from 0 to 100" in text
    assert "sampling_rules.priority=0: must be from 1 to 9999" in text
    assert "sampling_rules.fixed_rate_percent=200: must be from 0 to 100" in text
    assert "sampling_rules.reservoir=-1: must be from 0 to 1000" in text
    assert "sampling_rules.fixed_rate_percent='a parameter': must be known at synthesis" in text


def test_works_inside_a_product(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    make(product, transaction_search_percent=1)
    assert "AWS::XRay::Group" in [each["Type"] for each in product_template()["Resources"].values()]
