"""Budgets beside portfolios and products."""

from collections.abc import Callable, Mapping

from ministack.core.responses import get_account_id

from pavedroad_platform.sandbox.emulator.in_process_client import ServiceError, call
from pavedroad_platform.sandbox.emulator.service_catalog import access
from pavedroad_platform.sandbox.emulator.service_catalog.request import Answer, Request
from pavedroad_platform.sandbox.emulator.service_catalog.state import RefusedError, catalog, not_found


def _own_resource(request: Request) -> str:
    """The portfolio or product of the current account that a call is about."""
    (resource,) = request.required("ResourceId")
    return (access.own_product if resource.startswith("prod-") else access.own_portfolio)(resource).id


def associate(request: Request) -> Answer:
    """AssociateBudgetWithResource: a budget of the same account, one for each resource."""
    resource = _own_resource(request)
    (name,) = request.required("BudgetName")
    try:
        call("budgets", "DescribeBudget", AccountId=get_account_id(), BudgetName=name)
    except ServiceError:
        raise not_found(f"Budget {name}") from None
    standing = catalog.budgets.get(resource)
    if standing == name:
        raise RefusedError("DuplicateResourceException", f"Budget {name} is associated with {resource} already.")
    if standing:
        raise RefusedError("LimitExceededException", f"{resource} has the budget {standing}.")
    catalog.budgets[resource] = name
    return {}


def disassociate(request: Request) -> Answer:
    """DisassociateBudgetFromResource."""
    resource, (name,) = _own_resource(request), request.required("BudgetName")
    if catalog.budgets.get(resource) != name:
        raise not_found(f"Budget {name} of {resource}")
    del catalog.budgets[resource]
    return {}


def list_budgets(request: Request) -> Answer:
    """ListBudgetsForResource."""
    name = catalog.budgets.get(_own_resource(request))
    return {"Budgets": [{"BudgetName": name}] if name else []}


OPERATIONS: Mapping[str, Callable[[Request], Answer]] = {
    "AssociateBudgetWithResource": associate,
    "DisassociateBudgetFromResource": disassociate,
    "ListBudgetsForResource": list_budgets,
}
"""The operations by name."""
