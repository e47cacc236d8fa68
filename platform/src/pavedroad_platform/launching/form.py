"""The form of a product's version: what a launch asks for, what it checks, and what it hands out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.offers import Offer, Version

_INTERFACE: Final = "AWS::CloudFormation::Interface"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One parameter.

    Attributes:
        name: Its name.
        label: How the console calls it.
        help: What it does.
        type: Its CloudFormation type.
        default: The value when nothing is said; ``None`` where one has to be said.
        allowed_values: The only values; empty where it is free.
        limits: ``AllowedPattern``, ``MinValue``, ``MaxLength`` and so on, as CloudFormation names them.
        constraint: The limits in words.
        is_secret: Whether the value must not be shown.
    """

    name: str
    label: str
    help: str = ""
    type: str = "String"
    default: str | None = None
    allowed_values: Sequence[str] = ()
    limits: Mapping[str, str] = field(default_factory=dict)
    constraint: str = ""
    is_secret: bool = False

    @property
    def is_filled_in(self) -> bool:
        """Whether the account has the value: a default that names a parameter of the account."""
        return self.type.startswith("AWS::SSM::Parameter::Value<") and self.default is not None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule among several values.

    Attributes:
        condition: When it holds; ``None``: always.
        assertions: What must be true.
        descriptions: Each assertion in words.
    """

    condition: Any
    assertions: Sequence[Any]
    descriptions: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Form:
    """The form.

    Attributes:
        fields: The parameters by name, in the order of the form.
        groups: The headings of the form, and the names of the parameters beneath each.
        rules: The rules among values.
        tags: The tags with a choice, and their values.
        outputs: What a launch hands out, and what for.
    """

    fields: Mapping[str, Field]
    groups: Mapping[str, Sequence[str]]
    rules: Sequence[Rule]
    tags: Mapping[str, Sequence[str]]
    outputs: Mapping[str, str]


def read_form(clients: Clients, offer: Offer, version: Version, path: str) -> Form:
    """The form of a version as Service Catalog shows it to whom may launch it."""
    described = clients.catalog.describe_provisioning_parameters(
        ProductId=offer.id, ProvisioningArtifactId=version.id, PathId=path
    )
    interface, rules = _instructions(described.get("UsageInstructions", []))
    labels = {name: label.get("default", name) for name, label in interface.get("ParameterLabels", {}).items()}
    fields = {
        each["ParameterKey"]: _field(each, labels.get(each["ParameterKey"], each["ParameterKey"]))
        for each in described["ProvisioningArtifactParameters"]
    }
    groups = _groups(interface, fields)
    return Form(
        fields={name: fields[name] for names in groups.values() for name in names},
        groups=groups,
        rules=[_rule(rule) for rule in rules.values()],
        # A key without values is a conflict of the catalogue, which AWS asks not to send.
        tags={each["Key"]: each["Values"] for each in described.get("TagOptions", []) if each["Values"]},
        outputs={
            each["Key"]: each.get("Description", "") for each in described.get("ProvisioningArtifactOutputKeys", [])
        },
    )


def _field(described: Mapping[str, Any], label: str) -> Field:
    limits = {key: value for key, value in described.get("ParameterConstraints", {}).items() if value}
    return Field(
        name=described["ParameterKey"],
        label=label,
        help=described.get("Description", ""),
        type=described["ParameterType"],
        default=described.get("DefaultValue"),
        allowed_values=limits.pop("AllowedValues", ()),
        constraint=limits.pop("ConstraintDescription", ""),
        limits=limits,
        is_secret=described.get("IsNoEcho", False),
    )


def _instructions(instructions: Sequence[Mapping[str, str]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The console's form and the rules, where the version has them: instructions hold parts of its template."""
    interface: dict[str, Any] = {}
    rules: dict[str, Any] = {}
    for each in instructions:
        content = _parsed(each["Value"])
        if each["Type"] == _INTERFACE:
            interface = content
        elif _INTERFACE in content:
            interface = content[_INTERFACE]
        elif each["Type"].lower() == "rules":
            rules = content
    return interface, rules


def _parsed(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _groups(interface: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for group in interface.get("ParameterGroups", []):
        heading = group.get("Label", {}).get("default", "Parameters")
        groups.setdefault(heading, []).extend(name for name in group.get("Parameters", []) if name in fields)
    grouped = {name for names in groups.values() for name in names}
    if fields.keys() - grouped:
        groups.setdefault("Parameters", []).extend(name for name in fields if name not in grouped)
    return groups


def _rule(rule: Mapping[str, Any]) -> Rule:
    assertions = rule.get("Assertions", [])
    return Rule(
        condition=rule.get("RuleCondition"),
        assertions=[each["Assert"] for each in assertions],
        descriptions=[each.get("AssertDescription", "A rule of the product is not kept.") for each in assertions],
    )
