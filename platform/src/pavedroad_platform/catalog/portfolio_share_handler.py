"""The function behind the custom resource ``Custom::PortfolioShare``: shares a portfolio with an organizational unit.

It is deployed as it stands here, as inline code: nothing but the standard library and boto3 is imported.
"""

import json
import time
import urllib.request

import boto3

POLL_SECONDS = 5
RESERVE_SECONDS = 30  # What is left of the function's time to answer CloudFormation.


def handler(event, context):
    """Do what CloudFormation asks and answer it, whatever happens: without an answer the stack waits for an hour."""
    physical_id = event.get("PhysicalResourceId", "not-shared")
    try:
        deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
        physical_id = share(event, boto3.client("servicecatalog"), boto3.client("organizations"), deadline)
        _answer(event, "SUCCESS", physical_id, "")
    except Exception as error:  # noqa: BLE001 - the stack must be told of every failure
        _answer(event, "FAILED", physical_id, f"{type(error).__name__}: {error}")


def share(event, catalog, organizations, deadline):
    """Create, update or delete the share.

    Args:
        event: The request of CloudFormation. Its properties are ``PortfolioId``, ``OrganizationId``, ``RootId`` and
            ``Path``: the names of the organizational units from the root down, empty for the whole organisation.
        catalog: A client of Service Catalog.
        organizations: A client of Organizations.
        deadline: When to give up, on the monotonic clock.

    Returns:
        The physical id: portfolio, kind of node and node. Another portfolio or node has another id, so
        CloudFormation deletes the share that it replaces.
    """
    if event["RequestType"] == "Delete":
        _delete(event["PhysicalResourceId"], catalog, deadline)
        return event["PhysicalResourceId"]
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
    answer = catalog.update_portfolio_share(**request) if shared_before else catalog.create_portfolio_share(**request)
    _wait(answer.get("PortfolioShareToken"), catalog, deadline)
    return physical_id


def _delete(physical_id, catalog, deadline):
    portfolio, _, rest = physical_id.partition("/")
    kind, _, node = rest.partition("/")
    if not node:
        return  # It was never shared: creating failed.
    try:
        answer = catalog.delete_portfolio_share(PortfolioId=portfolio, OrganizationNode={"Type": kind, "Value": node})
    except catalog.exceptions.ResourceNotFoundException:
        return
    _wait(answer.get("PortfolioShareToken"), catalog, deadline)


def _node(properties, organizations):
    """The kind and id of the organizational unit at a path of names."""
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


def _wait(token, catalog, deadline):
    """Wait until every account of the organizational unit has the share."""
    while token:
        answer = catalog.describe_portfolio_share_status(PortfolioShareToken=token)
        if answer["Status"] == "COMPLETED":
            return
        if answer["Status"] in ("COMPLETED_WITH_ERRORS", "ERROR"):
            errors = answer.get("ShareDetails", {}).get("ShareErrors", [])
            raise RuntimeError(
                "; ".join(f"{e['Error']}: {e['Message']} {e['Accounts']}" for e in errors) or "no reason"
            )
        if time.monotonic() > deadline:
            raise TimeoutError(f"sharing is still {answer['Status']}; deploy again to go on waiting")
        time.sleep(POLL_SECONDS)


def _answer(event, status, physical_id, reason):
    body = {
        "Status": status,
        "Reason": reason,
        "PhysicalResourceId": physical_id,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
    }
    # The address is CloudFormation's own, signed for this one answer.
    request = urllib.request.Request(event["ResponseURL"], json.dumps(body).encode(), method="PUT")  # noqa: S310
    urllib.request.urlopen(request, timeout=20).close()  # noqa: S310
