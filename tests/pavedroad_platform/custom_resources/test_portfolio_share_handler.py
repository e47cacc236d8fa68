import io
import json
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from pavedroad_platform.custom_resources import portfolio_share_handler
from pavedroad_platform.custom_resources.portfolio_share_handler import handler, share

PORTFOLIO = "port-abcdefghijklm"
UNIT = {"Type": "ORGANIZATIONAL_UNIT", "Value": "ou-exam-workloads"}
SHARED = f"{PORTFOLIO}/ORGANIZATIONAL_UNIT/ou-exam-workloads"
OPTIONS = {"SharePrincipals": True, "ShareTagOptions": True}
TOKEN = {"PortfolioShareToken": "share-abcdefghijklm"}


def client(service: str) -> Any:
    return boto3.client(service, region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")


@pytest.fixture
def catalog(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    monkeypatch.setattr(portfolio_share_handler, "POLL_SECONDS", 0)
    with Stubber(client("servicecatalog")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def organizations() -> Iterator[Stubber]:
    with Stubber(client("organizations")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def event(request: str, physical_id: str | None = None, path: tuple[str, ...] = ("Workloads",)) -> dict[str, Any]:
    made = {
        "RequestType": request,
        "ResponseURL": "https://answers.example.com/answer",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Share",
        "ResourceProperties": {
            "PortfolioId": PORTFOLIO,
            "OrganizationId": "o-exampleorgid",
            "RootId": "r-exam",
            "Path": list(path),
        },
    }
    return made | ({"PhysicalResourceId": physical_id} if physical_id else {})


def units(stubber: Stubber, parent: str, **ids: str) -> None:
    found = [{"Name": name, "Id": unit} for name, unit in ids.items()]
    stubber.add_response("list_organizational_units_for_parent", {"OrganizationalUnits": found}, {"ParentId": parent})


def status(stubber: Stubber, *states: str, errors: list[dict[str, Any]] | None = None) -> None:
    for state in states:
        response = {**TOKEN, "PortfolioId": PORTFOLIO, "Status": state}
        details = {"ShareDetails": {"ShareErrors": errors}} if errors else {}
        stubber.add_response("describe_portfolio_share_status", {**response, **details}, TOKEN)


def run(event: dict[str, Any], catalog: Stubber, organizations: Stubber, seconds: float = 60) -> str:
    return share(event, catalog.client, organizations.client, time.monotonic() + seconds)


def test_a_portfolio_is_shared_and_every_account_awaited(catalog, organizations) -> None:
    units(organizations, "r-exam", Security="ou-exam-security", Workloads="ou-exam-workloads")
    catalog.add_response(
        "create_portfolio_share", TOKEN, {"PortfolioId": PORTFOLIO, "OrganizationNode": UNIT, **OPTIONS}
    )
    status(catalog, "NOT_STARTED", "IN_PROGRESS", "COMPLETED")
    assert run(event("Create"), catalog, organizations) == SHARED


def test_a_portfolio_is_shared_with_an_account_of_the_organisation(catalog, organizations) -> None:
    node = {"Type": "ACCOUNT", "Value": "666666666666"}
    catalog.add_response(
        "create_portfolio_share", TOKEN, {"PortfolioId": PORTFOLIO, "OrganizationNode": node, **OPTIONS}
    )
    status(catalog, "COMPLETED")
    request = event("Create")
    request["ResourceProperties"] = {"PortfolioId": PORTFOLIO, "AccountId": "666666666666"}
    assert run(request, catalog, organizations) == f"{PORTFOLIO}/ACCOUNT/666666666666"


def test_a_unit_is_found_by_its_path(catalog, organizations) -> None:
    units(organizations, "r-exam", Workloads="ou-exam-workloads")
    units(organizations, "ou-exam-workloads", Production="ou-exam-production")
    node = {"Type": "ORGANIZATIONAL_UNIT", "Value": "ou-exam-production"}
    catalog.add_response(
        "create_portfolio_share", TOKEN, {"PortfolioId": PORTFOLIO, "OrganizationNode": node, **OPTIONS}
    )
    status(catalog, "COMPLETED")
    made = run(event("Create", path=("Workloads", "Production")), catalog, organizations)
    assert made == f"{PORTFOLIO}/ORGANIZATIONAL_UNIT/ou-exam-production"


def test_without_a_path_the_whole_organisation_has_it(catalog, organizations) -> None:
    node = {"Type": "ORGANIZATION", "Value": "o-exampleorgid"}
    catalog.add_response(
        "create_portfolio_share", TOKEN, {"PortfolioId": PORTFOLIO, "OrganizationNode": node, **OPTIONS}
    )
    status(catalog, "COMPLETED")
    assert run(event("Create", path=()), catalog, organizations) == f"{PORTFOLIO}/ORGANIZATION/o-exampleorgid"


def test_a_share_that_stands_is_brought_up_to_date(catalog, organizations) -> None:
    units(organizations, "r-exam", Workloads="ou-exam-workloads")
    catalog.add_response(
        "update_portfolio_share",
        {**TOKEN, "Status": "NOT_STARTED"},
        {"PortfolioId": PORTFOLIO, "OrganizationNode": UNIT, **OPTIONS},
    )
    status(catalog, "COMPLETED")
    assert run(event("Update", SHARED), catalog, organizations) == SHARED


def test_another_unit_is_another_share(catalog, organizations) -> None:
    units(organizations, "r-exam", Workloads="ou-exam-workloads")
    catalog.add_response(
        "create_portfolio_share", TOKEN, {"PortfolioId": PORTFOLIO, "OrganizationNode": UNIT, **OPTIONS}
    )
    status(catalog, "COMPLETED")
    before = f"{PORTFOLIO}/ORGANIZATIONAL_UNIT/ou-exam-security"
    assert run(event("Update", before), catalog, organizations) == SHARED


def test_a_share_is_taken_back_without_looking_for_the_unit(catalog, organizations) -> None:
    catalog.add_response("delete_portfolio_share", TOKEN, {"PortfolioId": PORTFOLIO, "OrganizationNode": UNIT})
    status(catalog, "IN_PROGRESS", "COMPLETED")
    assert run(event("Delete", SHARED), catalog, organizations) == SHARED


def test_a_share_that_is_gone_is_gone(catalog, organizations) -> None:
    catalog.add_client_error("delete_portfolio_share", "ResourceNotFoundException")
    assert run(event("Delete", SHARED), catalog, organizations) == SHARED


def test_what_was_never_shared_is_not_taken_back(catalog, organizations) -> None:
    assert run(event("Delete", "not-made"), catalog, organizations) == "not-made"


def test_a_unit_that_there_is_not_is_named(catalog, organizations) -> None:
    units(organizations, "r-exam", Security="ou-exam-security")
    with pytest.raises(LookupError, match="there is no organizational unit Workloads: r-exam has no Workloads"):
        run(event("Create"), catalog, organizations)


@pytest.mark.parametrize("state", ["ERROR", "COMPLETED_WITH_ERRORS"])
def test_accounts_that_did_not_get_it_are_named(catalog, organizations, state) -> None:
    units(organizations, "r-exam", Workloads="ou-exam-workloads")
    catalog.add_response("create_portfolio_share", TOKEN)
    status(catalog, state, errors=[{"Error": "DENIED", "Message": "no access", "Accounts": ["666666666666"]}])
    with pytest.raises(RuntimeError, match=r"DENIED: no access \['666666666666'\]"):
        run(event("Create"), catalog, organizations)


def test_it_gives_up_before_its_time_is_over(catalog, organizations) -> None:
    units(organizations, "r-exam", Workloads="ou-exam-workloads")
    catalog.add_response("create_portfolio_share", TOKEN)
    status(catalog, "IN_PROGRESS")
    with pytest.raises(TimeoutError, match="still IN_PROGRESS; deploy again"):
        run(event("Create"), catalog, organizations, seconds=-1)


class Context:
    """What Lambda tells the function about its own call."""

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def test_cloudformation_is_answered(catalog, organizations, monkeypatch: pytest.MonkeyPatch) -> None:
    units(organizations, "r-exam", Workloads="ou-exam-workloads")
    catalog.add_response("create_portfolio_share", TOKEN)
    status(catalog, "COMPLETED")
    clients = {"servicecatalog": catalog.client, "organizations": organizations.client}
    monkeypatch.setattr(portfolio_share_handler.boto3, "client", clients.__getitem__)
    answers = []

    def urlopen(request: urllib.request.Request, timeout: float) -> io.BytesIO:
        assert isinstance(request.data, bytes)
        answers.append((request.full_url, request.method, json.loads(request.data)))
        return io.BytesIO()

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    handler(event("Create"), Context())
    ((url, method, body),) = answers
    assert (url, method) == ("https://answers.example.com/answer", "PUT")
    assert (body["Status"], body["PhysicalResourceId"]) == ("SUCCESS", SHARED)
