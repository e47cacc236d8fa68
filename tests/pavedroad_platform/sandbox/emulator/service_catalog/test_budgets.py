"""Budgets beside portfolios."""

from typing import Any

import pytest

HUB = "200000000012"


@pytest.fixture
def budget(emulator: Any) -> Any:
    """Makes a budget of the hub and returns its name."""

    def made(name: str) -> str:
        budget = {"Type": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": "100", "Unit": "USD"}}
        resource = {"Type": "AWS::Budgets::Budget", "Properties": {"Budget": {"BudgetName": name, **budget}}}
        resource["Properties"]["Budget"]["BudgetType"] = resource["Properties"]["Budget"].pop("Type")
        return str(emulator.deploy({"Budget": resource}, outputs={"Name": {"Ref": "Budget"}}, account=HUB)["Name"])

    return made


def test_a_portfolio_has_one_budget_of_its_account(catalogue: Any, budget: Any) -> None:
    admin, portfolio = catalogue.admin, {"ResourceId": catalogue.portfolio}
    first, second = budget("first"), budget("second")
    with pytest.raises(admin.exceptions.ResourceNotFoundException, match="Budget none"):
        admin.associate_budget_with_resource(**portfolio, BudgetName="none")
    admin.associate_budget_with_resource(**portfolio, BudgetName=first)
    assert admin.list_budgets_for_resource(**portfolio)["Budgets"] == [{"BudgetName": "first"}]
    with pytest.raises(admin.exceptions.DuplicateResourceException):
        admin.associate_budget_with_resource(**portfolio, BudgetName=first)
    with pytest.raises(admin.exceptions.LimitExceededException, match="has the budget first"):
        admin.associate_budget_with_resource(**portfolio, BudgetName=second)
    admin.disassociate_budget_from_resource(**portfolio, BudgetName=first)
    assert admin.list_budgets_for_resource(**portfolio)["Budgets"] == []
    with pytest.raises(admin.exceptions.ResourceNotFoundException):
        admin.disassociate_budget_from_resource(**portfolio, BudgetName=first)


def test_a_budget_of_another_accounts_portfolio_is_refused(emulator: Any, catalogue: Any) -> None:
    spoke = emulator.client("servicecatalog", "200000000013")
    with pytest.raises(spoke.exceptions.ResourceNotFoundException):
        spoke.list_budgets_for_resource(ResourceId=catalogue.portfolio)
