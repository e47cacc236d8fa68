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
from pavedroad_platform.organization.models import ROOT, Account


class Relation(StrEnum):
    """How one stack relies on another."""

    PEOPLE = "people take roles"
    LOGS = "logs are delivered"
    PRODUCTS = "products are shared"


@dataclass(frozen=True, kw_only=True)
class StackCard:
    """One stack.

    Attributes:
        name: Its name without the organisation's.
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
        units: The accounts by the path of their organizational unit, in the order of the configuration.
        links: Pairs of accounts (their keys) and the relation between them, from who gives to who gets.
    """

    units: Mapping[str, Sequence[AccountCard]]
    links: Sequence[tuple[str, str, Relation]]


def read_architecture(assembly: Path, organization: Organization) -> Architecture:
    """Read the architecture of the synthesised app."""
    accounts = {account.id: account for account in organization.accounts.values()}
    of_account: dict[str, list[FinishedTemplate]] = {key: [] for key in organization.accounts}
    places = _places(assembly)
    for template in read_assembly(assembly):
        of_account[accounts[places[template.name]].key].append(template)
    units: dict[str, list[AccountCard]] = {}
    for key, templates in of_account.items():
        account = organization.accounts[key]
        cards = [_card(template, organization.name) for template in templates]
        units.setdefault(_unit_path(account, organization), []).append(AccountCard(account=account, stacks=cards))
    return Architecture(units=units, links=sorted(set(_links(of_account, organization))))


def _places(assembly: Path) -> dict[str, str]:
    artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    return {
        name: artifact["environment"].removeprefix("aws://").split("/")[0]
        for name, artifact in artifacts.items()
        if artifact["type"] == "aws:cloudformation:stack"
    }


def _card(template: FinishedTemplate, organization_name: str) -> StackCard:
    services = Counter(resource["Type"].split("::")[1] for resource in template.resources.values())
    return StackCard(
        name=template.name.removeprefix(f"{organization_name}-"),
        resources=len(template.resources),
        services=services.most_common(),
    )


def _unit_path(account: Account, organization: Organization) -> str:
    names: list[str] = []
    key: str | None = account.organizational_unit
    while key and key != ROOT:
        unit = organization.organizational_units[key]
        names.insert(0, unit.name)
        key = unit.parent
    return " / ".join(names) or "Root"


def _links(
    of_account: Mapping[str, Sequence[FinishedTemplate]], organization: Organization
) -> Iterable[tuple[str, str, Relation]]:
    for key, templates in of_account.items():
        for template in templates:
            for resource in template.resources.values():
                for other in organization.accounts.values():
                    if other.key != key and (relation := _relation(resource, other, organization)):
                        # The gateway and the catalogue give; the log archive gets.
                        gives = (key, other.key) if relation != Relation.PEOPLE else (other.key, key)
                        yield (*gives, relation)


def _relation(resource: Mapping[str, Any], other: Account, organization: Organization) -> Relation | None:
    """How a resource relies on what stands in the account ``other``."""
    properties = resource.get("Properties", {})
    if resource["Type"] == "AWS::IAM::Role":
        trust = json.dumps(properties["AssumeRolePolicyDocument"])
        return Relation.PEOPLE if f":iam::{other.id}:role/" in trust else None
    if resource["Type"] == "Custom::PortfolioShare":
        return Relation.PRODUCTS if other in organization.workload_accounts else None
    delivers = resource["Type"] in {"AWS::CloudTrail::Trail", "AWS::EC2::FlowLog", "AWS::S3::Bucket"}
    if delivers and f"-{other.id}-" in json.dumps(properties):
        return Relation.LOGS
    return None
