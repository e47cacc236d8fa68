"""The organization across accounts: who belongs to it, where each account stands, and which ids new accounts get.

MiniStack keeps an organization in its management account alone; here members know that they belong to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import get_account_id, request_scope
from ministack.services import organizations

from pavedroad_platform.sandbox.emulator.in_process_client import call


@dataclass(frozen=True, kw_only=True)
class ExpectedAccount:
    """An account whose id is known before the organization makes it.

    Attributes:
        id: Its twelve digits.
        name: Its name.
        email: Its root user's address, by which it is recognised when it is made.
    """

    id: str
    name: str
    email: str


_expected: dict[str, ExpectedAccount] = {}


def expect(account: ExpectedAccount) -> None:
    """Give ``account.id`` to the account that is made with this address."""
    _expected[account.email.lower()] = account


def create_account(name: str, email: str, tags: list[dict[str, str]]) -> str:
    """Make a member account of the current account's organization; return its id."""
    status = call("organizations", "CreateAccount", AccountName=name, Email=email, Tags=tags)["CreateAccountStatus"]
    made = str(status["AccountId"])
    expected = _expected.get(email.lower())
    account = expected.id if expected else made
    if account != made:
        _rename(made, account)
    _let_know(account)
    return account


def _rename(made: str, account: str) -> None:
    record = organizations._accounts.pop(made)  # noqa: SLF001
    record |= {"Id": account, "Arn": record["Arn"].replace(made, account)}
    organizations._accounts[account] = record  # noqa: SLF001
    tags = organizations._tags.pop(made, None)  # noqa: SLF001
    if tags:
        organizations._tags[account] = tags  # noqa: SLF001
    policies = organizations._attachments  # noqa: SLF001
    for policy, targets in policies.items():
        policies[policy] = [account if target == made else target for target in targets]


def _let_know(account: str) -> None:
    """Let the member see its organization: ``aws:PrincipalOrgID`` and DescribeOrganization read it from there."""
    organizations._orgs._data[account, "self"] = organizations._orgs["self"]  # noqa: SLF001


def leave(account: str) -> None:
    """Close the account and take it out of the organization."""
    call("organizations", "CloseAccount", AccountId=account)
    organizations._accounts.pop(account, None)  # noqa: SLF001
    organizations._orgs._data.pop((account, "self"), None)  # noqa: SLF001


def move_account(account: str, parent: str) -> None:
    """Put an account under the root or an organizational unit."""
    source = call("organizations", "ListParents", ChildId=account)["Parents"][0]["Id"]
    if source != parent:
        call("organizations", "MoveAccount", AccountId=account, SourceParentId=source, DestinationParentId=parent)


def management_account(account: str) -> str | None:
    """The management account of the organization that ``account`` belongs to, or ``None``."""
    organization: dict[str, Any] | None = organizations._orgs.get_scoped(account, None, "self")  # noqa: SLF001
    return str(organization["MasterAccountId"]) if organization else None


def accounts_under(unit: str) -> list[str]:
    """The accounts in a root or organizational unit of the current account's organization, nested units included.

    ``unit`` may be an id or an ARN; an organization's ARN or id means all of its accounts.
    """
    management = management_account(get_account_id())
    if management is None:
        return []
    wanted = unit.rsplit("/", 1)[-1]
    with request_scope(management, "us-east-1"):
        everybody = wanted.startswith("o-")
        return [
            account
            for account in organizations._accounts  # noqa: SLF001
            if everybody or wanted in {*_ancestors(account)}
        ]


def _ancestors(account: str) -> Iterator[str]:
    parent = (organizations._accounts.get(account) or {}).get("_ParentId")  # noqa: SLF001
    while parent:
        yield parent
        parent = (organizations._ous.get(parent) or {}).get("_ParentId")  # noqa: SLF001


def has_node(node: str) -> bool:
    """Whether the current account's organization has this root, unit or account, or is this organization."""
    management = management_account(get_account_id())
    if management is None:
        return False
    wanted = node.rsplit("/", 1)[-1]
    with request_scope(management, "us-east-1"):
        known = [*organizations._roots, *organizations._ous, *organizations._accounts]  # noqa: SLF001
        return wanted in {*known, organizations._orgs["self"]["Id"]}  # noqa: SLF001
