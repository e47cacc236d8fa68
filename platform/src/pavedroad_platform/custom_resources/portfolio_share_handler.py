"""The function behind the custom resource ``Custom::PortfolioShare``: shares a portfolio within the organisation."""

import time
from collections.abc import Mapping
from typing import Any, Final

import boto3

from pavedroad_platform.custom_resources.answer import answer

POLL_SECONDS: Final = 5
RESERVE_SECONDS: Final = 30
"""What is left of the function's time to answer CloudFormation."""


def handler(event: Mapping[str, Any], context: Any) -> None:
    """Do what CloudFormation asks."""
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    answer(event, lambda: share(event, boto3.client("servicecatalog"), boto3.client("organizations"), deadline))


def share(event: Mapping[str, Any], catalog: Any, organizations: Any, deadline: float) -> str:
    """Create, update or delete the share.

    Args:
        event: The request of CloudFormation. Its properties are ``PortfolioId`` and either ``AccountId``, an account
            of the organisation, or ``OrganizationId``, ``RootId`` and ``Path``: the names of the organizational units
            from the root down, empty for the whole organisation.
        catalog: A client of Service Catalog.
        organizations: A client of Organizations.
        deadline: When to give up, on the monotonic clock.

    Returns:
        The physical id: portfolio, kind of node and node. Another portfolio or node has another id, so
        CloudFormation deletes the share that it replaces.
    """
    if event["RequestType"] == "Delete":
        _delete(event["PhysicalResourceId"], catalog, deadline)
        return str(event["PhysicalResourceId"])
    properties = event["ResourceProperties"]
    kind, node = _node(properties, organizations)
    physical_id = f"{properties['PortfolioId']}/{kind}/{node}"
    request = {
        "PortfolioId": properties["PortfolioId"],
        "OrganizationNode": {"Type": kind, "Value": node},
        "SharePrincipals": True,
        "ShareTagOptions": True,
    }
    shared_before = event.get("PhysicalResourceId") == physical_id
    started = catalog.update_portfolio_share(**request) if shared_before else catalog.create_portfolio_share(**request)
    _wait(started.get("PortfolioShareToken"), catalog, deadline)
    return physical_id


def _delete(physical_id: str, catalog: Any, deadline: float) -> None:
    portfolio, _, rest = physical_id.partition("/")
    kind, _, node = rest.partition("/")
    if not node:
        return  # It was never shared: creating failed.
    try:
        started = catalog.delete_portfolio_share(PortfolioId=portfolio, OrganizationNode={"Type": kind, "Value": node})
    except catalog.exceptions.ResourceNotFoundException:
        return
    _wait(started.get("PortfolioShareToken"), catalog, deadline)


def _node(properties: Mapping[str, Any], organizations: Any) -> tuple[str, str]:
    """The kind and id of the account, or of the organizational unit at a path of names."""
    if "AccountId" in properties:
        return "ACCOUNT", properties["AccountId"]
    if not properties["Path"]:
        return "ORGANIZATION", properties["OrganizationId"]
    parent = properties["RootId"]
    for name in properties["Path"]:
        pages = organizations.get_paginator("list_organizational_units_for_parent").paginate(ParentId=parent)
        ids = [unit["Id"] for page in pages for unit in page["OrganizationalUnits"] if unit["Name"] == name]
        if not ids:
            raise LookupError(f"there is no organizational unit {'/'.join(properties['Path'])}: {parent} has no {name}")
        parent = ids[0]
    return "ORGANIZATIONAL_UNIT", parent


def _wait(token: str | None, catalog: Any, deadline: float) -> None:
    """Wait until every account of the organizational unit has the share."""
    while token:
        progress = catalog.describe_portfolio_share_status(PortfolioShareToken=token)
        if progress["Status"] == "COMPLETED":
            return
        if progress["Status"] in ("COMPLETED_WITH_ERRORS", "ERROR"):
            errors = progress.get("ShareDetails", {}).get("ShareErrors", [])
            raise RuntimeError(
                "; ".join(f"{e['Error']}: {e['Message']} {e['Accounts']}" for e in errors) or "no reason"
            )
        if time.monotonic() > deadline:
            raise TimeoutError(f"sharing is still {progress['Status']}; deploy again to go on waiting")
        time.sleep(POLL_SECONDS)
