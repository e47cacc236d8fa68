from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template
from constructs import IConstruct

from pavedroad import CostGuard
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.cost.breach_action import BreachAction

EMAILS = ["orders@example.com"]


def guard(scope: cdk.Stack, **arguments: Any) -> CostGuard:
    given = {"application": "orders", "monthly_limit": 800, "email_addresses": EMAILS}
    return CostGuard(scope, "Cost", **{**given, **arguments})


@pytest.fixture
def topic(stack: cdk.Stack) -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Alarms", "arn:aws:sns:eu-west-1:111111111111:alarms")


@pytest.fixture
def breach(stack: cdk.Stack) -> BreachAction:
    policy = iam.ManagedPolicy.from_managed_policy_arn(stack, "Stop", "arn:aws:iam::111111111111:policy/stop")
    role = iam.Role.from_role_arn(stack, "Developer", "arn:aws:iam::111111111111:role/developer")
    return BreachAction(policy=policy, roles=[role])


def only(stack: cdk.Stack, kind: str) -> dict[str, Any]:
    [resource] = Template.from_stack(stack).find_resources(kind).values()
    properties: dict[str, Any] = resource["Properties"]
    return properties


def refusal(stack: cdk.Stack, **arguments: Any) -> str:
    with pytest.raises(InvalidArgumentsError) as caught:
        guard(stack, **arguments)
    return str(caught.value)


class TestBudget:
    def test_counts_the_application_by_its_tag_and_not_what_was_paid_back(self, stack: cdk.Stack) -> None:
        guard(stack)
        assert only(stack, "AWS::Budgets::Budget")["Budget"] == {
            "BudgetLimit": {"Amount": 800, "Unit": "USD"},
            "BudgetType": "COST",
            "CostFilters": {"TagKeyValue": ["user:application$orders"]},
            "CostTypes": {"IncludeCredit": False, "IncludeRefund": False},
            "TimeUnit": "MONTHLY",
        }

    def test_tells_of_half_of_most_of_all_and_of_the_forecast(self, stack: cdk.Stack) -> None:
        guard(stack)
        told = only(stack, "AWS::Budgets::Budget")["NotificationsWithSubscribers"]
        assert [(it["Notification"]["NotificationType"], it["Notification"]["Threshold"]) for it in told] == [
            ("ACTUAL", 50),
            ("ACTUAL", 80),
            ("ACTUAL", 100),
            ("FORECASTED", 100),
        ]
        assert all(it["Notification"]["ThresholdType"] == "PERCENTAGE" for it in told)
        assert {str(it["Subscribers"]) for it in told} == {
            "[{'Address': 'orders@example.com', 'SubscriptionType': 'EMAIL'}]"
        }

    def test_percentages_can_be_chosen(self, stack: cdk.Stack) -> None:
        guard(stack, alert_percentages=[90], forecast_percentage=120)
        told = only(stack, "AWS::Budgets::Budget")["NotificationsWithSubscribers"]
        assert [it["Notification"]["Threshold"] for it in told] == [90, 120]

    def test_a_topic_is_told_beside_or_instead_of_people(self, stack: cdk.Stack, topic: sns.ITopic) -> None:
        guard(stack, email_addresses=(), topic=topic)
        told = only(stack, "AWS::Budgets::Budget")["NotificationsWithSubscribers"]
        assert told[0]["Subscribers"] == [{"Address": topic.topic_arn, "SubscriptionType": "SNS"}]

    def test_its_notifications_cannot_be_taken_away(self, app: cdk.App, stack: cdk.Stack) -> None:
        @jsii.implements(cdk.IAspect)
        class Silences:
            def visit(self, node: IConstruct) -> None:
                if isinstance(node, budgets.CfnBudget):
                    node.notifications_with_subscribers = None

        guard(stack)
        cdk.Aspects.of(app).add(Silences())
        with pytest.raises(RuntimeError, match="CostGuard tells before a budget is spent"):
            app.synth()


class TestAnomalies:
    def test_the_services_of_the_account_are_watched_and_mails_come_daily(self, stack: cdk.Stack) -> None:
        made = guard(stack)
        monitor = only(stack, "AWS::CE::AnomalyMonitor")
        assert (monitor["MonitorType"], monitor["MonitorDimension"]) == ("DIMENSIONAL", "SERVICE")
        subscription = only(stack, "AWS::CE::AnomalySubscription")
        assert subscription["Frequency"] == "DAILY"
        assert subscription["Subscribers"] == [{"Address": "orders@example.com", "Type": "EMAIL"}]
        assert subscription["ThresholdExpression"] == (
            '{"Dimensions":{"Key":"ANOMALY_TOTAL_IMPACT_ABSOLUTE",'
            '"MatchOptions":["GREATER_THAN_OR_EQUAL"],"Values":["80"]}}'
        )
        assert len(made.anomaly_subscriptions) == 1

    def test_a_topic_is_told_at_once(self, stack: cdk.Stack, topic: sns.ITopic) -> None:
        guard(stack, topic=topic, anomaly_impact=25)
        subscriptions = Template.from_stack(stack).find_resources("AWS::CE::AnomalySubscription").values()
        by_frequency = {it["Properties"]["Frequency"]: it["Properties"] for it in subscriptions}
        assert set(by_frequency) == {"DAILY", "IMMEDIATE"}
        assert by_frequency["IMMEDIATE"]["Subscribers"] == [{"Address": topic.topic_arn, "Type": "SNS"}]
        assert '"Values":["25"]' in by_frequency["DAILY"]["ThresholdExpression"]

    def test_an_existing_monitor_is_used_and_none_is_made(self, stack: cdk.Stack) -> None:
        arn = "arn:aws:ce::111111111111:anomalymonitor/abc"
        assert guard(stack, anomaly_monitor_arn=arn).anomaly_monitor_arn == arn
        assert only(stack, "AWS::CE::AnomalySubscription")["MonitorArnList"] == [arn]
        Template.from_stack(stack).resource_count_is("AWS::CE::AnomalyMonitor", 0)

    def test_without_detection_there_is_a_warning(self, stack: cdk.Stack) -> None:
        made = guard(stack, anomaly_detection=False)
        assert (made.anomaly_monitor_arn, made.anomaly_subscriptions) == (None, [])
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::CE::AnomalySubscription", 0)
        [warning] = Annotations.from_stack(stack).find_warning("*", Match.any_value())
        assert "pavedroad:cost-no-anomaly-detection" in str(warning.entry.data)


class TestBreach:
    def test_a_policy_is_attached_after_approval_by_a_role_that_can_do_no_more(
        self, stack: cdk.Stack, breach: BreachAction, pack_findings: Callable[[cdk.Stack], list[str]]
    ) -> None:
        made = guard(stack, breach_action=breach)
        action = only(stack, "AWS::Budgets::BudgetsAction")
        assert action["ApprovalModel"] == "MANUAL"
        assert action["ActionThreshold"] == {"Type": "PERCENTAGE", "Value": 100}
        assert action["Definition"] == {
            "IamActionDefinition": {"PolicyArn": "arn:aws:iam::111111111111:policy/stop", "Roles": ["developer"]}
        }
        assert action["Subscribers"] == [{"Address": "orders@example.com", "Type": "EMAIL"}]
        assert only(stack, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"] == [
            {
                "Action": ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
                "Condition": {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::111111111111:policy/stop"}},
                "Effect": "Allow",
                "Resource": "arn:aws:iam::111111111111:role/developer",
            }
        ]
        [trust] = only(stack, "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert made.action is not None
        assert made.action_role is not None
        assert pack_findings(stack) == []

    def test_it_can_do_so_by_itself(self, stack: cdk.Stack, breach: BreachAction) -> None:
        automatic = BreachAction(policy=breach.policy, roles=breach.roles, automatic=True, threshold_percent=120)
        guard(stack, breach_action=automatic)
        action = only(stack, "AWS::Budgets::BudgetsAction")
        assert action["ApprovalModel"] == "AUTOMATIC"
        assert action["ActionThreshold"]["Value"] == 120


class TestArguments:
    def test_everything_that_is_wrong_is_told_at_once(self, stack: cdk.Stack, breach: BreachAction) -> None:
        nobody = BreachAction(policy=breach.policy, roles=[], threshold_percent=0)
        assert refusal(
            stack,
            monthly_limit=0,
            email_addresses=(),
            alert_percentages=[0],
            forecast_percentage=1001,
            anomaly_detection=False,
            anomaly_monitor_arn="arn",
            breach_action=nobody,
        ) == (
            "CostGuard 'Stack/Cost': monthly_limit=0: must be from 1 to 1000000000; "
            "email_addresses=[]: needs an address, or give a topic: nobody would be told; "
            "alert_percentages=0: must be from 1 to 1000; forecast_percentage=1001: must be from 1 to 1000; "
            "anomaly_monitor_arn='arn': needs anomaly_detection; "
            "breach_action.roles=0: must be 1 to 100 roles; breach_action.threshold_percent=0: must be from 1 to 1000"
        )

    def test_addresses_and_their_number_are_checked(self, stack: cdk.Stack) -> None:
        told = refusal(stack, email_addresses=["orders"] * 11, alert_percentages=range(10, 20))
        assert "email_addresses=11: must be at most 10" in told
        assert "email_addresses='orders': must be addresses such as orders@example.com" in told
        assert "must be 1 to 9 percentages" in told

    def test_works_in_a_product_with_parameters(
        self, product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
    ) -> None:
        limit = cdk.CfnParameter(product, "Limit", type="Number")
        email, name = cdk.CfnParameter(product, "Email"), cdk.CfnParameter(product, "Application")
        guard(
            product,
            application=name.value_as_string,
            monthly_limit=limit.value_as_number,
            email_addresses=[email.value_as_string],
        )
        resources = product_template()["Resources"].values()
        [budget] = [it["Properties"]["Budget"] for it in resources if it["Type"] == "AWS::Budgets::Budget"]
        assert budget["BudgetLimit"]["Amount"] == {"Ref": "Limit"}
        assert budget["CostFilters"]["TagKeyValue"] == [
            {"Fn::Join": ["", ["user:application$", {"Ref": "Application"}]]}
        ]

    def test_packs_find_nothing(
        self, stack: cdk.Stack, topic: sns.ITopic, pack_findings: Callable[[cdk.Stack], list[str]]
    ) -> None:
        guard(stack, topic=topic)
        assert pack_findings(stack) == []
