from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from pavedroad import AlarmTopics, ServiceLevelObjective
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.observability.cloudwatch.indicators import LatencyIndicator, RequestIndicator

TOPIC = "arn:aws:sns:eu-west-1:111111111111:alarms"


def count(name: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(namespace="Orders", metric_name=name, statistic="Sum")


REQUESTS = RequestIndicator(total=count("All"), bad=count("Failed"))


def make(scope: cdk.Stack, **arguments: Any) -> ServiceLevelObjective:
    given = {"name": "Orders are accepted", "target_percent": 99.9, "indicator": REQUESTS, **arguments}
    return ServiceLevelObjective(scope, "Accepted", **given)


@pytest.fixture
def topic(stack: cdk.Stack) -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Topic", TOPIC)


def windows(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    """The alarms on single windows by the start of their logical id."""
    found = Template.from_stack(stack).find_resources("AWS::CloudWatch::Alarm")
    return {
        name.removeprefix("Accepted").rstrip("0123456789ABCDEF"): each["Properties"] for name, each in found.items()
    }


def expression(alarm: dict[str, Any]) -> Any:
    return next(each["Expression"] for each in alarm["Metrics"] if "Expression" in each)


def measured(alarm: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["Id"]: each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each}


class TestAlarms:
    def test_thirty_days_burn_as_the_workbook_has_it(self, stack: cdk.Stack, topic: sns.ITopic) -> None:
        make(stack, window_days=30).add_alarms(topic)
        found = {
            name: (alarm["Threshold"], measured(alarm)["bad"]["Period"], alarm["EvaluationPeriods"])
            for name, alarm in windows(stack).items()
        }
        assert found == {
            "HourFastBurnLong": (14.4, 3600, 1),
            "HourFastBurnShort": (14.4, 300, 1),
            "SixHoursFastBurnLong": (6, 6 * 3600, 1),
            "SixHoursFastBurnShort": (6, 1800, 1),
            "DaySlowBurnLong": (3, 86400, 1),
            "DaySlowBurnShort": (3, 7200, 1),
            "ThreeDaysSlowBurnLong": (1, 86400, 3),
            "ThreeDaysSlowBurnShort": (1, 6 * 3600, 1),
        }

    def test_twenty_eight_days_spend_the_same_share_of_the_budget(self, stack: cdk.Stack, topic: sns.ITopic) -> None:
        make(stack).add_alarms(topic)
        found = {name: alarm["Threshold"] for name, alarm in windows(stack).items() if name.endswith("Long")}
        assert found == {
            "HourFastBurnLong": 13.44,
            "SixHoursFastBurnLong": 5.6,
            "DaySlowBurnLong": 2.8,
            "ThreeDaysSlowBurnLong": 0.9333,
        }

    def test_both_windows_must_breach_before_somebody_is_told(self, stack: cdk.Stack, topic: sns.ITopic) -> None:
        objective = make(stack)
        composites = objective.add_alarms(topic)
        template = Template.from_stack(stack)
        assert [alarm.node.id for alarm in composites] == [
            "HourFastBurnAlarm",
            "SixHoursFastBurnAlarm",
            "DaySlowBurnAlarm",
            "ThreeDaysSlowBurnAlarm",
        ]
        assert objective.alarms == composites
        found = template.find_resources("AWS::CloudWatch::CompositeAlarm").values()
        assert len(found) == 4
        for alarm in found:
            rule = str(alarm["Properties"]["AlarmRule"])
            assert rule.count("ALARM(") == 2
            assert " AND " in rule
            assert " OR " not in rule
            assert alarm["Properties"]["AlarmActions"] == alarm["Properties"]["OKActions"] == [TOPIC]
        assert all("AlarmActions" not in alarm for alarm in windows(stack).values())

    def test_fast_burn_is_critical_and_slow_burn_a_warning(self, stack: cdk.Stack) -> None:
        topics = AlarmTopics(stack, "Alarms")
        make(stack).add_alarms(topics.by_severity())
        told = {
            name.removeprefix("Accepted")[:4]: each["Properties"]["AlarmActions"]
            for name, each in Template.from_stack(stack).find_resources("AWS::CloudWatch::CompositeAlarm").items()
        }
        critical, warning = stack.resolve([topics.critical.topic_arn]), stack.resolve([topics.warning.topic_arn])
        assert told == {"Hour": critical, "SixH": critical, "DayS": warning, "Thre": warning}

    def test_without_requests_nothing_burns(self, stack: cdk.Stack, topic: sns.ITopic) -> None:
        make(stack).add_alarms(topic)
        assert {alarm["TreatMissingData"] for alarm in windows(stack).values()} == {"notBreaching"}

    def test_packs_find_nothing(
        self, stack: cdk.Stack, topic: sns.ITopic, pack_findings: Callable[[cdk.Stack], list[str]]
    ) -> None:
        make(stack).add_alarms(topic)
        assert pack_findings(stack) == []


class TestIndicators:
    def test_bad_requests_are_divided_by_all_and_by_the_budget(self, stack: cdk.Stack, topic: sns.ITopic) -> None:
        make(stack).add_alarms(topic)
        alarm = windows(stack)["HourFastBurnShort"]
        assert expression(alarm) == "(FILL(bad, 0) / total) / 0.001"
        names = {name: stat["Metric"]["MetricName"] for name, stat in measured(alarm).items()}
        assert names == {"bad": "Failed", "total": "All"}

    def test_good_requests_serve_as_well(self, stack: cdk.Stack, topic: sns.ITopic) -> None:
        make(stack, indicator=RequestIndicator(total=count("All"), good=count("Good"))).add_alarms(topic)
        assert expression(windows(stack)["HourFastBurnShort"]) == "((total - FILL(good, 0)) / total) / 0.001"

    def test_latency_is_the_share_of_requests_up_to_the_threshold(self, stack: cdk.Stack, topic: sns.ITopic) -> None:
        slow = cloudwatch.Metric(namespace="AWS/ApplicationELB", metric_name="TargetResponseTime", statistic="p99")
        make(stack, target_percent=99, indicator=LatencyIndicator(metric=slow, threshold=0.5)).add_alarms(topic)
        alarm = windows(stack)["HourFastBurnShort"]
        assert expression(alarm) == "(1 - fast / 100) / 0.01"
        assert measured(alarm)["fast"]["Stat"] == "PR(:0.5)"

    def test_the_target_may_be_a_parameter(self, stack: cdk.Stack, topic: sns.ITopic) -> None:
        target = cdk.CfnParameter(stack, "Target", type="Number").value_as_number
        make(stack, target_percent=target).add_alarms(topic)
        assert expression(windows(stack)["HourFastBurnShort"]) == {
            "Fn::Join": ["", ["(FILL(bad, 0) / total) / ((100 - ", {"Ref": "Target"}, ") / 100)"]]
        }


def test_the_budget_is_shown_over_the_whole_window(stack: cdk.Stack) -> None:
    (widget,) = stack.resolve(make(stack).error_budget_widget().to_json())
    properties = widget["properties"]
    assert (properties["start"], properties["end"], properties["setPeriodToTimeRange"]) == ("-P28D", "P0D", True)
    assert properties["metrics"][0][0]["expression"] == "100 * (1 - (FILL(bad, 0) / total) / 0.001)"


class TestBadArguments:
    @pytest.mark.parametrize(
        ("arguments", "problem"),
        [
            ({"target_percent": 100}, "target_percent=100: must be from 95 to 99.999"),
            ({"target_percent": 90}, "target_percent=90: must be from 95 to 99.999"),
            ({"window_days": 7}, "window_days=7: must be 28 or 30"),
            ({"indicator": RequestIndicator(total=count("All"))}, "give either good or bad, beside total"),
            (
                {"indicator": RequestIndicator(total=count("A"), good=count("G"), bad=count("B"))},
                "indicator='good, bad': give either good or bad, beside total",
            ),
            (
                {"indicator": LatencyIndicator(metric=count("Time"), threshold=0)},
                "indicator.threshold=0: must be above 0",
            ),
        ],
    )
    def test_is_refused(self, stack: cdk.Stack, arguments: dict[str, Any], problem: str) -> None:
        with pytest.raises(InvalidArgumentsError) as refused:
            make(stack, **arguments)
        assert problem in str(refused.value)

    def test_a_latency_threshold_cannot_be_a_parameter(self, stack: cdk.Stack) -> None:
        threshold = cdk.CfnParameter(stack, "Threshold", type="Number").value_as_number
        with pytest.raises(InvalidArgumentsError, match="must be known at synthesis: it names a statistic"):
            make(stack, indicator=LatencyIndicator(metric=count("Time"), threshold=threshold))


def test_works_inside_a_product_and_names_no_alarm_twice(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    make(product).add_alarms(sns.Topic.from_topic_arn(product, "Topic", TOPIC))
    resources = product_template()["Resources"].values()
    names = [each["Properties"].get("AlarmName") for each in resources]
    assert len([name for name in names if name]) == 4
    assert all(name is None or {"Ref": "AWS::StackName"} in name["Fn::Join"][1] for name in names)
