"""What the synthesised app says of the architecture: which stack stands where, what it holds, who relies on whom."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pavedroad_platform.checks.assembly import read_assembly
from pavedroad_platform.checks.findings import FinishedTemplate
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import ROOT, Account, Purpose


class Relation(StrEnum):
    """How one stack relies on another."""

    PEOPLE = "people take roles"
    POLICIES = "policies apply"
    LAUNCH_ROLES = "launch roles go out"
    PRODUCTS = "products are shared"
    PROOFS = "proofs and reports are made"
    LOGS = "logs are delivered"
    FINDINGS = "access is analysed"


# Found in the stack that gets; every other relation is found in the stack that gives.
_FOUND_WHERE_IT_ENDS = frozenset({Relation.PEOPLE, Relation.PROOFS, Relation.FINDINGS})


@dataclass(frozen=True, kw_only=True)
class StackCard:
    """One stack.

    Attributes:
        name: Its name without the organisation's and the account's.
        resources: How many resources it holds.
        services: Its services with the number of resources of each, most first.
    """

    name: str
    resources: int
    services: Sequence[tuple[str, int]]


@dataclass(frozen=True, kw_only=True)
class AccountCard:
    """One account with its stacks."""

    account: Account
    stacks: Sequence[StackCard]


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """The whole picture.

    Attributes:
        units: The accounts by the names of their organizational units from the root down, which itself has none, in the
            order of the configuration.
        links: Pairs of accounts (their keys) and the relation between them, from who gives to who gets.
    """

    units: Mapping[tuple[str, ...], Sequence[AccountCard]]
    links: Sequence[tuple[str, str, Relation]]


def read_architecture(assembly: Path, organization: Organization) -> Architecture:
    """Read the architecture of the synthesised app.

    Raises:
        PlatformError: There is no synthesised app in ``assembly``.
    """
    templates = read_assembly(assembly)
    accounts = {account.id: account for account in organization.accounts.values()}
    of_account: dict[str, list[FinishedTemplate]] = {key: [] for key in organization.accounts}
    places = _places(assembly)
    for template in templates:
        of_account[accounts[places[template.name]].key].append(template)
    units: dict[tuple[str, ...], list[AccountCard]] = {}
    for key, templates in of_account.items():
        account = organization.accounts[key]
        cards = [_card(template, organization.name, account) for template in templates]
        units.setdefault(_unit_path(account, organization), []).append(AccountCard(account=account, stacks=cards))
    return Architecture(units=units, links=sorted(set(_links(of_account, organization))))


def _places(assembly: Path) -> dict[str, str]:
    artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    return {
        name: artifact["environment"].removeprefix("aws://").split("/")[0]
        for name, artifact in artifacts.items()
        if artifact["type"] == "aws:cloudformation:stack"
    }


def _card(template: FinishedTemplate, organization_name: str, account: Account) -> StackCard:
    services = Counter(resource["Type"].split("::")[1] for resource in template.resources.values())
    return StackCard(
        name=template.name.removeprefix(f"{organization_name}-").removesuffix(f"-{account.key}"),
        resources=len(template.resources),
        services=services.most_common(),
    )


def _unit_path(account: Account, organization: Organization) -> tuple[str, ...]:
    names: list[str] = []
    key: str | None = account.organizational_unit
    while key and key != ROOT:
        unit = organization.organizational_units[key]
        names.insert(0, unit.name)
        key = unit.parent
    return tuple(names)


def _links(
    of_account: Mapping[str, Sequence[FinishedTemplate]], organization: Organization
) -> Iterable[tuple[str, str, Relation]]:
    for key, templates in of_account.items():
        for template in templates:
            for resource in template.resources.values():
                for other in organization.accounts.values():
                    if other.key != key and (relation := _relation(resource, other, organization)):
                        gives = (other.key, key) if relation in _FOUND_WHERE_IT_ENDS else (key, other.key)
                        yield (*gives, relation)


def _relation(resource: Mapping[str, Any], other: Account, organization: Organization) -> Relation | None:
    """How a resource relates the stack that it is in to the account ``other``."""
    properties = resource.get("Properties", {})
    text = json.dumps(properties)
    match resource["Type"]:
        case "AWS::IAM::Role" if f":iam::{other.id}:role/" in text:
            return Relation.PEOPLE if other.purpose == Purpose.GATEWAY else Relation.PROOFS
        case "AWS::CloudFormation::StackSet" if other in organization.accounts_with_launch_roles:
            return Relation.LAUNCH_ROLES
        case "AWS::Organizations::Policy":
            return Relation.POLICIES
        case "Custom::PortfolioShare" if other in organization.workload_accounts:
            return Relation.PRODUCTS
        case "AWS::CloudTrail::Trail" | "AWS::EC2::FlowLog" | "AWS::S3::Bucket" if f"-{other.id}-" in json.dumps(
            properties
        ):
            return Relation.LOGS
        case "AWS::AccessAnalyzer::Analyzer" if properties["Type"] == "ORGANIZATION":
            return Relation.FINDINGS
    return None
