"""The budget of one application, with forecasts and the detection of anomalies."""

from collections.abc import Sequence

from aws_cdk import Annotations, Names, Token
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_ce as ce
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.cost.breach_action import BreachAction, attach_on_breach
from pavedroad.governance.mandatory_tags import TAG_KEYS
from pavedroad.invariants import hold
from pavedroad.version_stamp import stamp

_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_MOST_EMAILS = 10
_MOST_PERCENTAGES = 9  # a budget has ten notifications at most, and one is of the forecast


class CostGuard(Construct):
    """A monthly budget for one application: people hear before it is spent, and when its cost jumps.

    The budget counts what carries the tag ``application`` with the application's name. Billing sees a tag only after
    it was activated as a cost allocation tag, once for the whole organisation, in its management account;
    CloudFormation has no resource for that.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        application: The value of the tag ``application``, as ``MandatoryTags`` sets it.
        monthly_limit: The budget of a month, in US dollars.
        email_addresses: Who is told by mail, 10 at most. Left out: ``topic`` alone; one of the two is needed.
        topic: Told as well; it must admit ``budgets.amazonaws.com``, and ``costalerts.amazonaws.com`` for anomalies.
            Left out: mails only.
        alert_percentages: Percentages of the budget whose actual cost is told, 9 at most. Left out: 50, 80 and 100.
        forecast_percentage: The percentage of the budget that the month's forecast must pass to be told. Left out: 100.
        anomaly_detection: Tell cost that machine learning finds unusual, for each AWS service of the account. Left out:
            told. ``False`` leaves the warning ``pavedroad:cost-no-anomaly-detection``.
        anomaly_monitor_arn: An existing monitor: AWS has one for the services of an account, and makes it by itself in
            accounts that use Cost Explorer. Left out: a new one is made.
        anomaly_impact: The cost above what was expected from which an anomaly is told, in US dollars. Left out: 10 % of
            the monthly limit.
        breach_action: What is done when the budget is spent, beyond telling. Left out: nothing.

    Attributes:
        budget: The L1 budget, with the id ``Resource``.
        anomaly_monitor_arn: The ARN of the monitor in use; ``None`` without detection.
        anomaly_subscriptions: The L1 subscriptions: mails come daily, the topic is told at once.
        action: The L1 action on breach; ``None`` where there is none.
        action_role: The role of the action; ``None`` where there is none.

    Raises:
        InvalidArgumentsError: Nobody would be told, or an amount, a percentage or an address cannot work.

    Source: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
    Controls: AWS Well-Architected COST02-BP05 (cost controls), COST03-BP05 (monitoring), NIST PM-3, SA-2.

    Example:
        >>> guard = CostGuard(
        ...     stack,
        ...     "Cost",
        ...     application="orders",
        ...     monthly_limit=800,
        ...     email_addresses=["orders@example.com"],
        ...     topic=topic,
        ... )
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        application: str,
        monthly_limit: float,
        email_addresses: Sequence[str] = (),
        topic: sns.ITopic | None = None,
        alert_percentages: Sequence[float] = (50, 80, 100),
        forecast_percentage: float = 100,
        anomaly_detection: bool = True,
        anomaly_monitor_arn: str | None = None,
        anomaly_impact: float | None = None,
        breach_action: BreachAction | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        arguments.between("monthly_limit", monthly_limit, 1, 1_000_000_000)
        arguments.between("anomaly_impact", anomaly_impact, 1, 1_000_000_000)
        _check_recipients(arguments, email_addresses, topic)
        _check_percentages(arguments, alert_percentages, forecast_percentage)
        if not anomaly_detection and anomaly_monitor_arn is not None:
            arguments.refuse("anomaly_monitor_arn", anomaly_monitor_arn, "needs anomaly_detection")
        if breach_action:
            breach_action.check(arguments)
        arguments.check()

        self._emails, self._topic = email_addresses, topic
        self.budget = self._budget(application, monthly_limit, alert_percentages, forecast_percentage)
        self.anomaly_monitor_arn = self._monitor(anomaly_monitor_arn) if anomaly_detection else None
        self.anomaly_subscriptions = self._subscriptions(_impact(anomaly_impact, monthly_limit))
        self.action: budgets.CfnBudgetsAction | None = None
        self.action_role: iam.Role | None = None
        if breach_action:
            self.action, self.action_role = attach_on_breach(
                self, breach_action, budget_name=self.budget.ref, subscribers=self._subscribers()
            )
        if not anomaly_detection:
            Annotations.of(self).add_warning_v2(
                "pavedroad:cost-no-anomaly-detection", "Cost that jumps is seen only when the budget is spent."
            )
        stamp(self)

    def _budget(
        self, application: str, limit: float, percentages: Sequence[float], forecast: float
    ) -> budgets.CfnBudget:
        budget = budgets.CfnBudget(
            self,
            "Resource",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=limit, unit="USD"),
                cost_filters={"TagKeyValue": [f"user:{TAG_KEYS['application']}${application}"]},
                # A credit must not hide what the application costs when the credit ends.
                cost_types=budgets.CfnBudget.CostTypesProperty(include_credit=False, include_refund=False),
            ),
            notifications_with_subscribers=[
                *(self._notification("ACTUAL", percentage) for percentage in percentages),
                self._notification("FORECASTED", forecast),
            ],
        )
        hold(
            self,
            "CostGuard tells before a budget is spent; the NotificationsWithSubscribers of its budget were removed",
            lambda: bool(budget.notifications_with_subscribers),
        )
        return budget

    def _notification(self, kind: str, percentage: float) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
        return budgets.CfnBudget.NotificationWithSubscribersProperty(
            notification=budgets.CfnBudget.NotificationProperty(
                notification_type=kind,
                comparison_operator="GREATER_THAN",
                threshold=percentage,
                threshold_type="PERCENTAGE",
            ),
            subscribers=[
                budgets.CfnBudget.SubscriberProperty(subscription_type=kind, address=address)
                for kind, address in self._subscribers()
            ],
        )

    def _subscribers(self) -> list[tuple[str, str]]:
        topic = [("SNS", self._topic.topic_arn)] if self._topic else []
        return [*(("EMAIL", address) for address in self._emails), *topic]

    def _monitor(self, given: str | None) -> str:
        if given is not None:
            return given
        # Only the management account may monitor a tag; every account may monitor its services.
        return ce.CfnAnomalyMonitor(
            self,
            "AnomalyMonitor",
            monitor_name=self._name("services"),
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
        ).attr_monitor_arn

    def _subscriptions(self, impact: str) -> list[ce.CfnAnomalySubscription]:
        if self.anomaly_monitor_arn is None:
            return []
        # Cost Anomaly Detection sends mails once a day or a week, and tells a topic at once; no subscription does both.
        ways = {"DAILY": [(kind, it) for kind, it in self._subscribers() if kind == "EMAIL"]}
        ways["IMMEDIATE"] = [(kind, it) for kind, it in self._subscribers() if kind == "SNS"]
        return [
            self._subscription(self.anomaly_monitor_arn, frequency, subscribers, impact)
            for frequency, subscribers in ways.items()
            if subscribers
        ]

    def _subscription(
        self, monitor: str, frequency: str, subscribers: Sequence[tuple[str, str]], impact: str
    ) -> ce.CfnAnomalySubscription:
        return ce.CfnAnomalySubscription(
            self,
            f"{frequency.capitalize()}Anomalies",
            subscription_name=self._name(frequency.lower()),
            frequency=frequency,
            monitor_arn_list=[monitor],
            subscribers=[
                ce.CfnAnomalySubscription.SubscriberProperty(type=kind, address=address)
                for kind, address in subscribers
            ],
            threshold_expression=(
                '{"Dimensions":{"Key":"ANOMALY_TOTAL_IMPACT_ABSOLUTE",'
                f'"MatchOptions":["GREATER_THAN_OR_EQUAL"],"Values":["{impact}"]}}}}'
            ),
        )

    def _name(self, what: str) -> str:
        return f"{Names.unique_resource_name(self, max_length=40, separator='-')}-{what}"


def _impact(given: float | None, limit: float) -> str:
    if given is not None:
        return Token.as_string(given) if Token.is_unresolved(given) else f"{given:g}"
    # Nothing can be computed of a parameter; AWS's own default stands in.
    return "100" if Token.is_unresolved(limit) else f"{max(1, limit / 10):g}"


def _check_recipients(arguments: Arguments, emails: Sequence[str], topic: sns.ITopic | None) -> None:
    if not emails and topic is None:
        arguments.refuse("email_addresses", list(emails), "needs an address, or give a topic: nobody would be told")
    if len(emails) > _MOST_EMAILS:
        arguments.refuse("email_addresses", len(emails), f"must be at most {_MOST_EMAILS}")
    for address in emails:
        arguments.matches("email_addresses", address, _EMAIL, "addresses such as orders@example.com")


def _check_percentages(arguments: Arguments, percentages: Sequence[float], forecast: float) -> None:
    if not 1 <= len(percentages) <= _MOST_PERCENTAGES:
        arguments.refuse("alert_percentages", list(percentages), f"must be 1 to {_MOST_PERCENTAGES} percentages")
    for percentage in percentages:
        arguments.between("alert_percentages", percentage, 1, 1000)
    arguments.between("forecast_percentage", forecast, 1, 1000)
