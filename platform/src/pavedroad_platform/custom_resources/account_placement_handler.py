"""The function behind the custom resource ``Custom::AccountPlacement``: moves an account to its organizational unit."""

from collections.abc import Mapping
from typing import Any

import boto3

from pavedroad_platform.custom_resources.answer import answer


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Do what CloudFormation asks."""
    answer(event, lambda: place(event, boto3.client("organizations")))


def place(event: Mapping[str, Any], organizations: Any) -> str:
    """Move the account where it is not there yet; an account that leaves the configuration stays where it is.

    Args:
        event: The request of CloudFormation; its properties are ``AccountId`` and ``ParentId``.
        organizations: A client of Organizations.

    Returns:
        The physical id: the account's id.
    """
    if event["RequestType"] == "Delete":
        return str(event["PhysicalResourceId"])
    account, parent = (event["ResourceProperties"][name] for name in ("AccountId", "ParentId"))
    current = organizations.list_parents(ChildId=account)["Parents"][0]["Id"]
    if current != parent:
        organizations.move_account(AccountId=account, SourceParentId=current, DestinationParentId=parent)
    return str(account)
