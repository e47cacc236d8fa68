import aws_cdk as cdk
import pytest
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Match, Template

from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog.portfolio_budgets import PortfolioBudgets


@pytest.fixture
def template(stack: cdk.Stack) -> Template:
    budgets = PortfolioBudgets(stack, "Budgets", encryption_key=rotated_key(stack, "Key", description="Logs"))
    portfolio = servicecatalog.Portfolio(stack, "Portfolio", display_name="Blocks", provider_name="Platform")
    budgets.associate(portfolio, "Budget", budget_name="blocks")
    return Template.from_stack(stack)


def test_a_budget_is_associated_with_a_portfolio(template) -> None:
    template.has_resource(
        "Custom::PortfolioBudget",
        {
            "Properties": {
                "ServiceToken": Match.any_value(),
                "ServiceTimeout": "900",
                "PortfolioId": {"Ref": Match.string_like_regexp("Portfolio")},
                "BudgetName": "blocks",
            },
            # The function's rights outlive the association.
            "DependsOn": Match.array_with([Match.string_like_regexp("BudgetsFunctionRolePolicy")]),
        },
    )


def test_the_function_associates_and_does_nothing_else(template) -> None:
    (policy,) = template.find_resources("AWS::IAM::ManagedPolicy").values()
    (statement,) = [it for it in policy["Properties"]["PolicyDocument"]["Statement"] if it["Resource"] == "*"]
    assert statement["Action"] == [
        "servicecatalog:AssociateBudgetWithResource",
        "servicecatalog:DisassociateBudgetFromResource",
        "servicecatalog:ListBudgetsForResource",
    ]


def test_packs_find_nothing(stack, template, pack_findings) -> None:
    assert pack_findings(stack) == []
