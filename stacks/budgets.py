"""Budgets of accounts, teams and portfolios."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_budgets as budgets
from constructs import Construct

from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Account, Budget
from pavedroad_platform.organization.names import pascal_case

CostFilters = Mapping[str, list[str]]


def monthly_budget(
    scope: Construct,
    budget: Budget,
    *,
    organization: Organization,
    cost_filters: CostFilters | None,
    billing_view_arn: str | None = None,
) -> budgets.CfnBudget:
    """A budget of ``budgets.yaml``.

    Mails are sent when the cost of the month passes a percentage, and when its forecast passes the last of them.

    Args:
        scope: The parent construct.
        budget: The configured budget.
        organization: The configuration.
        cost_filters: Whose cost counts. ``None``: that of the whole account.
        billing_view_arn: The billing view whose costs it sees. Left out: those of the account that it stands in.

    Source: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
    """
    emails = organization.budget_emails(budget)
    return budgets.CfnBudget(
        scope,
        pascal_case(budget.key),
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(amount=budget.monthly_limit_usd, unit="USD"),
            cost_filters=cost_filters,
            billing_view_arn=billing_view_arn,
        ),
        notifications_with_subscribers=[
            *(_notification("ACTUAL", percentage, emails) for percentage in budget.alert_percentages),
            _notification("FORECASTED", budget.alert_percentages[-1], emails),
        ],
    )


class Budgets(Construct):
    """The budgets of ``budgets.yaml`` that stand in an account: its own, and those of teams in the management account.

    Args:
        scope: The account's stack.
        construct_id: The id, unique among the parent's children.
        organization: The configuration.
        account: The account that the budgets stand in.
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization, account: Account) -> None:
        super().__init__(scope, construct_id)
        for budget in organization.budgets_in(account):
            filters = _of_team(budget.team, organization) if budget.team else None
            monthly_budget(self, budget, organization=organization, cost_filters=filters)


def _of_team(team: str, organization: Organization) -> CostFilters:
    return {"LinkedAccount": [account.id for account in organization.accounts_of(team)]}


def _notification(
    what: str, percentage: int, emails: Sequence[str]
) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
    return budgets.CfnBudget.NotificationWithSubscribersProperty(
        notification=budgets.CfnBudget.NotificationProperty(
            notification_type=what,
            comparison_operator="GREATER_THAN",
            threshold=percentage,
            threshold_type="PERCENTAGE",
        ),
        subscribers=[
            budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=email) for email in emails
        ],
    )
