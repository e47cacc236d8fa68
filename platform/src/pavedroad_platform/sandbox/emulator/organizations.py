"""The organization across accounts: who belongs to it, where each account stands, and which ids new accounts get.

MiniStack keeps an organization in its management account alone; here members know that they belong to it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
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


@dataclass(frozen=True, kw_only=True)
class ExistingOrganization:
    """An organization that is there before anything is deployed.

    Attributes:
        id: Its id, such as ``o-exampleorgid``.
        root_id: The id of its root, such as ``r-exam``.
        management_account: The account that owns it.
        accounts: Its members; all of them stand under the root.
    """

    id: str
    root_id: str
    management_account: str
    accounts: Sequence[ExpectedAccount]


_expected: dict[str, ExpectedAccount] = {}

_POLICY_TYPES = (
    "BACKUP_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "RESOURCE_CONTROL_POLICY",
    "S3_POLICY",
    "TAG_POLICY",
)


def existing_organization(document: Mapping[str, Any]) -> ExistingOrganization:
    """Read an organization as it is sent to the emulator."""
    accounts = [ExpectedAccount(**account) for account in document["accounts"]]
    return ExistingOrganization(**{**document, "accounts": accounts})


def establish(existing: ExistingOrganization) -> None:
    """Let ``existing`` be there, with all policy types enabled; once it is, this changes nothing."""
    with request_scope(existing.management_account, "us-east-1"):
        if "self" in organizations._orgs:
            return
        made = call("organizations", "DescribeOrganization")["Organization"]
        [root] = call("organizations", "ListRoots")["Roots"]
        _rename_everywhere({made["Id"]: existing.id, root["Id"]: existing.root_id})
        for policy_type in _POLICY_TYPES:
            if policy_type in organizations._POLICY_TYPES:
                call("organizations", "EnablePolicyType", RootId=existing.root_id, PolicyType=policy_type)
        for account in existing.accounts:
            expect(account)
            create_account(account.name, account.email, [])


def _rename_everywhere(names: Mapping[str, str]) -> None:
    """Give the ids that MiniStack made up the values that they shall have, wherever they are mentioned."""
    for store in (organizations._orgs, organizations._roots, organizations._accounts, organizations._attachments):
        text = json.dumps(dict(store.items()))
        for made, wanted in names.items():
            text = text.replace(made, wanted)
        for key in list(store):
            del store[key]
        store.update(json.loads(text))


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
    record = organizations._accounts.pop(made)
    record |= {"Id": account, "Arn": record["Arn"].replace(made, account)}
    organizations._accounts[account] = record
    tags = organizations._tags.pop(made, None)
    if tags:
        organizations._tags[account] = tags
    policies = organizations._attachments
    for policy, targets in policies.items():
        policies[policy] = [account if target == made else target for target in targets]


def _let_know(account: str) -> None:
    """Let the member see its organization: ``aws:PrincipalOrgID`` and DescribeOrganization read it from there."""
    organizations._orgs._data[account, "self"] = organizations._orgs["self"]


def leave(account: str) -> None:
    """Close the account and take it out of the organization."""
    call("organizations", "CloseAccount", AccountId=account)
    organizations._accounts.pop(account, None)
    organizations._orgs._data.pop((account, "self"), None)


def move_account(account: str, parent: str) -> None:
    """Put an account under the root or an organizational unit."""
    source = call("organizations", "ListParents", ChildId=account)["Parents"][0]["Id"]
    if source != parent:
        call("organizations", "MoveAccount", AccountId=account, SourceParentId=source, DestinationParentId=parent)


def management_account(account: str) -> str | None:
    """The management account of the organization that ``account`` belongs to, or ``None``."""
    organization: dict[str, Any] | None = organizations._orgs.get_scoped(account, None, "self")
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
        return [account for account in organizations._accounts if everybody or wanted in {*_ancestors(account)}]


def _ancestors(account: str) -> Iterator[str]:
    parent = (organizations._accounts.get(account) or {}).get("_ParentId")
    while parent:
        yield parent
        parent = (organizations._ous.get(parent) or {}).get("_ParentId")


def has_node(node: str) -> bool:
    """Whether the current account's organization has this root, unit or account, or is this organization."""
    management = management_account(get_account_id())
    if management is None:
        return False
    wanted = node.rsplit("/", 1)[-1]
    with request_scope(management, "us-east-1"):
        known = [*organizations._roots, *organizations._ous, *organizations._accounts]
        return wanted in {*known, organizations._orgs["self"]["Id"]}
