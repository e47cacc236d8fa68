"""Budgets of accounts and teams."""

from aws_cdk import aws_budgets as budgets
from constructs import Construct

from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Account, Budget
from pavedroad_platform.organization.names import pascal_case


class Budgets(Construct):
    """The budgets of ``budgets.yaml`` that stand in an account.

    Mails are sent when the cost of the month passes a percentage, and when its forecast passes the last of them.

    Args:
        scope: The account's stack.
        construct_id: The id, unique among the parent's children.
        organization: The configuration.
        account: The account that the budgets stand in; the management account has those of the teams.

    Source: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization, account: Account) -> None:
        super().__init__(scope, construct_id)
        self._organization = organization
        for budget in organization.budgets_in(account):
            self._budget(budget)

    def _budget(self, budget: Budget) -> None:
        budgets.CfnBudget(
            self,
            pascal_case(budget.key),
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=budget.monthly_limit_usd, unit="USD"),
                cost_filters=self._filters(budget),
            ),
            notifications_with_subscribers=[
                *(self._notification(budget, "ACTUAL", percentage) for percentage in budget.alert_percentages),
                self._notification(budget, "FORECASTED", budget.alert_percentages[-1]),
            ],
        )

    def _filters(self, budget: Budget) -> dict[str, list[str]] | None:
        if budget.team is None:
            return None
        return {"LinkedAccount": [account.id for account in self._organization.accounts_of(budget.team)]}

    def _notification(
        self, budget: Budget, what: str, percentage: int
    ) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
        return budgets.CfnBudget.NotificationWithSubscribersProperty(
            notification=budgets.CfnBudget.NotificationProperty(
                notification_type=what,
                comparison_operator="GREATER_THAN",
                threshold=percentage,
                threshold_type="PERCENTAGE",
            ),
            subscribers=[
                budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=email)
                for email in self._organization.budget_emails(budget)
            ],
        )
