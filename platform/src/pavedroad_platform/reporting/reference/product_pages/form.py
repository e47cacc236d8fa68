"""The form of a release: its fields by group, what holds between them, and what a launch hands out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pavedroad_platform.reporting.reference.markdown import table

_FROM_THE_ACCOUNT: Final = "AWS::SSM::Parameter::Value<"
_KINDS: Final = {
    "String": "text",
    "Number": "number",
    "CommaDelimitedList": "list",
    "AWS::EC2::VPC::Id": "network (VPC)",
    "AWS::EC2::Subnet::Id": "subnet",
    "AWS::EC2::SecurityGroup::Id": "security group",
    "List<AWS::EC2::Subnet::Id>": "list of subnets",
    "List<AWS::EC2::AvailabilityZone::Name>": "list of availability zones",
    "AWS::Route53::HostedZone::Id": "hosted zone",
}


def parameters_section(template: Mapping[str, Any]) -> str:
    """The fields in the order of the form."""
    interface = template["Metadata"]["AWS::CloudFormation::Interface"]
    parameters, labels = template["Parameters"], interface["ParameterLabels"]
    parts = ["## Parameters\n"]
    for group in interface["ParameterGroups"]:
        rows = [_row(labels[name]["default"], name, parameters[name]) for name in group["Parameters"]]
        parts += [f"### {group['Label']['default']}\n", table(("field", "parameter", "default", "takes", "help"), rows)]
    descriptions = [
        each["AssertDescription"] for rule in template.get("Rules", {}).values() for each in rule["Assertions"]
    ]
    if descriptions:
        parts += ["CloudFormation refuses the launch where one of these is not kept:\n"]
        parts += ["".join(f"- {description}\n" for description in descriptions)]
    return "\n".join(parts)


def outputs_section(template: Mapping[str, Any]) -> str:
    """What a launch hands out."""
    rows = [(f"`{name}`", output.get("Description", "")) for name, output in template.get("Outputs", {}).items()]
    return f"## Outputs\n\n{table(('output', 'what for'), rows)}" if rows else ""


def labels(template: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """What the form calls the parameters ``names``."""
    told = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterLabels"]
    return [told[name]["default"] for name in names]


def _row(label: str, name: str, parameter: Mapping[str, Any]) -> tuple[str, ...]:
    return label, f"`{name}`", _default(parameter), _limits(parameter), str(parameter.get("Description", ""))


def _default(parameter: Mapping[str, Any]) -> str:
    default = parameter.get("Default")
    if default is None:
        return "to fill in"
    if _is_filled_in(parameter):
        return "from the account"
    return "empty" if default == "" else f"`{default}`"


def _is_filled_in(parameter: Mapping[str, Any]) -> bool:
    return str(parameter["Type"]).startswith(_FROM_THE_ACCOUNT)


def _limits(parameter: Mapping[str, Any]) -> str:
    if _is_filled_in(parameter):
        return "leave it as it is"
    if values := parameter.get("AllowedValues"):
        return ", ".join(f"`{value}`" for value in values)
    kind = str(parameter["Type"])
    return ": ".join(filter(None, [_KINDS.get(kind, f"`{kind}`"), "; ".join(_ranges(parameter))]))


def _ranges(parameter: Mapping[str, Any]) -> Iterator[str]:
    if told := parameter.get("ConstraintDescription"):
        yield str(told).rstrip(".")
    for least, most, unit in (("MinValue", "MaxValue", ""), ("MinLength", "MaxLength", " characters")):
        limits = [f"{word} {parameter[name]}" for word, name in (("from", least), ("to", most)) if name in parameter]
        if limits:
            yield f"{' '.join(limits)}{unit}"
