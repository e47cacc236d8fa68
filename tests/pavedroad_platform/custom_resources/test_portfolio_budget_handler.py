from collections.abc import Iterator, Sequence
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from pavedroad_platform.custom_resources.portfolio_budget_handler import associate

PORTFOLIO, BUDGET = "port-abcdefghijklm", "building-blocks"
ASSOCIATED = f"{PORTFOLIO}/{BUDGET}"


@pytest.fixture
def catalog() -> Iterator[Stubber]:
    client = boto3.client(
        "servicecatalog", region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def run(catalog: Stubber, request: str, physical_id: str | None = None) -> str:
    event = {"RequestType": request, "ResourceProperties": {"PortfolioId": PORTFOLIO, "BudgetName": BUDGET}}
    return associate(event | ({"PhysicalResourceId": physical_id} if physical_id else {}), catalog.client)


def standing(catalog: Stubber, *pages: Sequence[str]) -> None:
    request: dict[str, Any] = {"ResourceId": PORTFOLIO}
    for number, names in enumerate(pages, start=1):
        more = {"NextPageToken": str(number)} if number < len(pages) else {}
        found = [{"BudgetName": name} for name in names]
        catalog.add_response("list_budgets_for_resource", {"Budgets": found, **more}, request)
        request = {"ResourceId": PORTFOLIO, "PageToken": str(number)}


def test_a_budget_is_associated(catalog) -> None:
    standing(catalog, [])
    catalog.add_response("associate_budget_with_resource", {}, {"BudgetName": BUDGET, "ResourceId": PORTFOLIO})
    assert run(catalog, "Create") == ASSOCIATED


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_one_that_stands_already_stays(catalog, request_type) -> None:
    standing(catalog, [BUDGET])
    assert run(catalog, request_type, ASSOCIATED) == ASSOCIATED


def test_the_budget_that_is_replaced_goes_first_for_a_portfolio_has_one(catalog) -> None:
    standing(catalog, ["former"], ["another"])
    for name in ("former", "another"):
        catalog.add_response("disassociate_budget_from_resource", {}, {"BudgetName": name, "ResourceId": PORTFOLIO})
    catalog.add_response("associate_budget_with_resource", {}, {"BudgetName": BUDGET, "ResourceId": PORTFOLIO})
    assert run(catalog, "Update", f"{PORTFOLIO}/former") == ASSOCIATED


def test_it_is_taken_away(catalog) -> None:
    catalog.add_response("disassociate_budget_from_resource", {}, {"BudgetName": BUDGET, "ResourceId": PORTFOLIO})
    assert run(catalog, "Delete", ASSOCIATED) == ASSOCIATED


def test_one_that_is_gone_need_not_be_taken_away(catalog) -> None:
    catalog.add_client_error("disassociate_budget_from_resource", "ResourceNotFoundException")
    assert run(catalog, "Delete", ASSOCIATED) == ASSOCIATED


def test_one_that_was_never_associated_need_not_either(catalog) -> None:
    assert run(catalog, "Delete", "not-made") == "not-made"


def test_a_refusal_is_not_hidden(catalog) -> None:
    catalog.add_client_error("disassociate_budget_from_resource", "AccessDeniedException")
    with pytest.raises(catalog.client.exceptions.ClientError, match="AccessDeniedException"):
        run(catalog, "Delete", ASSOCIATED)
