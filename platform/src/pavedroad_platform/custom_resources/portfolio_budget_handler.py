"""The function behind the custom resource ``Custom::PortfolioBudget``: shows a budget beside a portfolio."""

from collections.abc import Iterator, Mapping
from typing import Any

import boto3

from pavedroad_platform.custom_resources.answer import answer


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Do what CloudFormation asks."""
    answer(event, lambda: associate(event, boto3.client("servicecatalog")))


def associate(event: Mapping[str, Any], catalog: Any) -> str:
    """Associate the budget with the portfolio, or take it away; doing it again changes nothing.

    Args:
        event: The request of CloudFormation; its properties are ``PortfolioId`` and ``BudgetName``.
        catalog: A client of Service Catalog.

    Returns:
        The physical id: portfolio and budget. Another portfolio or budget has another id, so CloudFormation deletes
        the association that it replaces.
    """
    if event["RequestType"] == "Delete":
        portfolio, _, budget = str(event["PhysicalResourceId"]).partition("/")
        if budget:  # Else it was never associated: creating failed.
            _disassociate(portfolio, budget, catalog)
        return str(event["PhysicalResourceId"])
    portfolio, budget = (str(event["ResourceProperties"][name]) for name in ("PortfolioId", "BudgetName"))
    standing = list(_budgets(portfolio, catalog))
    # A portfolio has one budget: the one that is replaced goes first.
    for other in standing:
        if other != budget:
            _disassociate(portfolio, other, catalog)
    if budget not in standing:
        catalog.associate_budget_with_resource(BudgetName=budget, ResourceId=portfolio)
    return f"{portfolio}/{budget}"


def _budgets(portfolio: str, catalog: Any) -> Iterator[str]:
    """The names of the budgets of a portfolio; the SDK has no paginator for them."""
    token: dict[str, str] = {}
    while True:
        page = catalog.list_budgets_for_resource(ResourceId=portfolio, **token)
        yield from (budget["BudgetName"] for budget in page.get("Budgets", []))
        if not page.get("NextPageToken"):
            return
        token = {"PageToken": page["NextPageToken"]}


def _disassociate(portfolio: str, budget: str, catalog: Any) -> None:
    try:
        catalog.disassociate_budget_from_resource(BudgetName=budget, ResourceId=portfolio)
    except catalog.exceptions.ResourceNotFoundException:
        return  # It is gone already, or the portfolio is.
