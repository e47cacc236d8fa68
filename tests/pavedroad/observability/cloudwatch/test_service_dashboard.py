import json
from collections.abc import Callable, Sequence
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sqs as sqs
from aws_cdk.assertions import Template

from pavedroad import SecureBucket, ServiceDashboard, ServiceLevelObjective
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.observability.cloudwatch.graphs import DashboardGraphs, Deployment
from pavedroad.observability.cloudwatch.indicators import RequestIndicator
from pavedroad.observability.cloudwatch.service_dashboard import DashboardRow

METRIC = cloudwatch.Metric(namespace="Orders", metric_name="Failures", statistic="Sum")


class Own:
    """Anything that knows what to show of itself."""

    def dashboard_widgets(self, graphs: DashboardGraphs) -> Sequence[cloudwatch.IWidget]:
        return [graphs.graph("Failures", [METRIC])]


class ServiceLike:
    """What FargateService offers."""

    def __getattr__(self, name: str) -> Callable[..., cloudwatch.Metric]:
        known = ("request_count", "response_time", "server_errors", "cpu_utilization", "memory_utilization")
        if name.removeprefix("metric_") not in known:
            raise AttributeError(name)
        return lambda *, statistic="Sum", period: METRIC.with_(statistic=statistic, period=period)


class DatabaseLike:
    """What Database offers."""

    def metric(self, name: str, *, statistic: str, period: cdk.Duration) -> cloudwatch.Metric:
        return cloudwatch.Metric(namespace="AWS/RDS", metric_name=name, statistic=statistic, period=period)

    def __getattr__(self, name: str) -> Callable[..., cloudwatch.Metric]:
        known = ("database_connections", "cpu_utilization", "free_storage_space", "freeable_memory")
        if name.removeprefix("metric_") not in known:
            raise AttributeError(name)
        return lambda *, period: METRIC.with_(period=period)


class Holder:
    """A construct of the library around an L2."""

    def __init__(self, function: lambda_.IFunction) -> None:
        self.function = function


def function(stack: cdk.Stack) -> lambda_.IFunction:
    return lambda_.Function.from_function_name(stack, "Function", "orders")


def row(component: object) -> DashboardRow:
    return DashboardRow(title="Orders", component=component)


def widgets(stack: cdk.Stack) -> list[dict[str, Any]]:
    (found,) = Template.from_stack(stack).find_resources("AWS::CloudWatch::Dashboard").values()
    body = found["Properties"]["DashboardBody"]
    if isinstance(body, dict):
        body = "".join(part if isinstance(part, str) else "TOKEN" for part in body["Fn::Join"][1])
    parsed: list[dict[str, Any]] = json.loads(body)["widgets"]
    return parsed


def titles(stack: cdk.Stack) -> list[str]:
    return [each["properties"].get("title") or each["properties"]["markdown"] for each in widgets(stack)]


GOLDEN = [
    "Latency: response time (s)",
    "Traffic: requests",
    "Errors: 5xx",
    "Saturation: CPU and memory (%)",
]


class TestRows:
    def test_a_service_has_its_golden_signals(self, stack: cdk.Stack) -> None:
        ServiceDashboard(stack, "Dashboard", rows=[row(ServiceLike())])
        assert titles(stack) == ["## Orders", *GOLDEN]

    @pytest.mark.parametrize(
        ("component", "shown"),
        [
            (function, ["Latency: duration (ms)", "Traffic: invocations", "Errors", "Saturation: throttles"]),
            (
                lambda stack: Holder(function(stack)),
                ["Latency: duration (ms)", "Traffic: invocations", "Errors", "Saturation: throttles"],
            ),
            (
                lambda stack: DatabaseLike(),
                [
                    "Latency: read and write (s)",
                    "Traffic: connections",
                    "Saturation: CPU (%)",
                    "Saturation: free storage and memory (bytes)",
                ],
            ),
            (
                lambda stack: sqs.Queue(stack, "Queue"),
                ["Latency: age of the oldest message (s)", "Traffic: sent and deleted", "Saturation: waiting messages"],
            ),
            (
                lambda stack: dynamodb.Table.from_table_name(stack, "Table", "orders"),
                ["Traffic: read capacity", "Traffic: write capacity", "Saturation: throttled reads and writes"],
            ),
            (
                lambda stack: s3.Bucket.from_bucket_name(stack, "Bucket", "orders"),
                [
                    "Latency: first byte (ms)",
                    "Traffic: requests",
                    "Errors: 4xx and 5xx",
                    "Saturation: size (bytes)",
                ],
            ),
            (
                lambda stack: SecureBucket(stack, "Bucket"),
                [
                    "Latency: first byte (ms)",
                    "Traffic: requests",
                    "Errors: 4xx and 5xx",
                    "Saturation: size (bytes)",
                ],
            ),
            (lambda stack: Own(), ["Failures"]),
        ],
    )
    def test_what_is_shown_follows_from_the_metrics(
        self, stack: cdk.Stack, component: Callable[[cdk.Stack], object], shown: list[str]
    ) -> None:
        ServiceDashboard(stack, "Dashboard", rows=[row(component(stack))])
        assert titles(stack) == ["## Orders", *shown]

    def test_rows_are_24_wide(self, stack: cdk.Stack) -> None:
        components = [ServiceLike(), DatabaseLike(), sqs.Queue(stack, "Queue"), function(stack)]
        dashboard = ServiceDashboard(stack, "Dashboard", rows=[row(each) for each in components])
        dashboard.add_row(row(dynamodb.Table.from_table_name(stack, "Table", "orders")))
        assert {
            sum(other["width"] for other in widgets(stack) if other["y"] == each["y"]) for each in widgets(stack)
        } == {24}

    def test_an_objective_shows_its_budget_and_burn_rate(self, stack: cdk.Stack) -> None:
        objective = ServiceLevelObjective(
            stack,
            "Accepted",
            name="Accepted",
            target_percent=99.9,
            indicator=RequestIndicator(total=METRIC, bad=METRIC),
        )
        ServiceDashboard(stack, "Dashboard", rows=[row(objective)])
        assert titles(stack) == ["## Orders", "Accepted: error budget", "Accepted: burn rate"]
        thresholds = widgets(stack)[2]["properties"]["annotations"]["horizontal"]
        assert [each["value"] for each in thresholds] == [13.44, 5.6, 2.8, 0.9333]


class TestDefaults:
    def test_looks_back_three_hours_at_five_minutes_and_is_named_by_cloudformation(self, stack: cdk.Stack) -> None:
        ServiceDashboard(stack, "Dashboard", rows=[row(ServiceLike())])
        (found,) = Template.from_stack(stack).find_resources("AWS::CloudWatch::Dashboard").values()
        assert "DashboardName" not in found["Properties"]
        assert '"start":"-PT3H"' in str(found["Properties"]["DashboardBody"])
        assert "period" not in str(widgets(stack)[1]["properties"]["metrics"])  # five minutes is CloudWatch's own

    def test_packs_find_nothing(self, stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]) -> None:
        ServiceDashboard(stack, "Dashboard", rows=[row(ServiceLike())])
        assert pack_findings(stack) == []


class TestOptions:
    def test_states_of_alarms_come_first_and_the_log_last(self, stack: cdk.Stack) -> None:
        ServiceDashboard(
            stack,
            "Dashboard",
            rows=[row(Own())],
            alarms=[cloudwatch.Alarm.from_alarm_name(stack, "Alarm", "orders")],
            log_groups=[logs.LogGroup.from_log_group_name(stack, "Log", "/orders")],
        )
        assert titles(stack) == ["Alarms", "## Orders", "Failures", "Log"]
        first, *_, last = widgets(stack)
        assert first["type"] == "alarm"
        assert last["properties"]["query"].startswith("SOURCE '/orders' | fields @timestamp")
        assert "filter @message like" in last["properties"]["query"]

    def test_the_query_can_be_given(self, stack: cdk.Stack) -> None:
        ServiceDashboard(
            stack,
            "Dashboard",
            rows=[],
            log_groups=[logs.LogGroup.from_log_group_name(stack, "Log", "/orders")],
            log_query=["stats count(*) by bin(5m)"],
        )
        assert widgets(stack)[0]["properties"]["query"] == "SOURCE '/orders' | stats count(*) by bin(5m)"

    def test_deployments_are_marked_in_every_graph(self, stack: cdk.Stack) -> None:
        deployments = [Deployment(at="2026-11-25T09:30:00Z", label="orders 1.4.0")]
        ServiceDashboard(stack, "Dashboard", rows=[row(ServiceLike())], deployments=deployments)
        marks = [each["properties"]["annotations"]["vertical"] for each in widgets(stack)[1:]]
        assert marks == [[{"value": "2026-11-25T09:30:00Z", "label": "orders 1.4.0"}]] * 4

    def test_period_and_interval_can_be_chosen(self, stack: cdk.Stack) -> None:
        ServiceDashboard(
            stack,
            "Dashboard",
            rows=[row(ServiceLike())],
            period=cdk.Duration.minutes(1),
            default_interval=cdk.Duration.days(1),
            dashboard_name="orders",
        )
        Template.from_stack(stack).has_resource_properties("AWS::CloudWatch::Dashboard", {"DashboardName": "orders"})
        assert widgets(stack)[1]["properties"]["metrics"][0][-1]["period"] == 60

    def test_metrics_and_logs_can_be_of_another_account(self, stack: cdk.Stack) -> None:
        ServiceDashboard(
            stack,
            "Dashboard",
            rows=[row(Own())],
            log_groups=[logs.LogGroup.from_log_group_name(stack, "Log", "/orders")],
            account_id="222222222222",
            region="eu-central-1",
        )
        for widget in widgets(stack)[1:]:
            assert widget["properties"]["accountId"] == "222222222222"
            assert widget["properties"]["region"] == "eu-central-1"


class TestBadArguments:
    def test_all_are_named(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError) as refused:
            ServiceDashboard(
                stack,
                "Dashboard",
                rows=[row("orders")],
                account_id="orders",
                dashboard_name="my orders",
                deployments=[Deployment(at="yesterday", label="orders")],
            )
        text = str(refused.value)
        assert "rows='Orders': nothing is known of a str; give it a method dashboard_widgets(graphs)" in text
        assert "account_id='orders': must be an account id of 12 digits" in text
        assert "dashboard_name='my orders': must be 1 to 255 letters" in text
        assert "deployments.at='yesterday': must be ISO 8601 with a time zone" in text

    def test_a_further_row_is_checked_too(self, stack: cdk.Stack) -> None:
        dashboard = ServiceDashboard(stack, "Dashboard", rows=[])
        with pytest.raises(InvalidArgumentsError, match="nothing is known of a int"):
            dashboard.add_row(row(3))


def test_arguments_may_be_parameters(stack: cdk.Stack) -> None:
    account = cdk.CfnParameter(stack, "Account").value_as_string
    ServiceDashboard(stack, "Dashboard", rows=[row(Own())], account_id=account)
    assert widgets(stack)[1]["properties"]["accountId"] == "TOKEN"


def test_works_inside_a_product(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    ServiceDashboard(product, "Dashboard", rows=[row(Own())])
    assert [each["Type"] for each in product_template()["Resources"].values()] == ["AWS::CloudWatch::Dashboard"]
