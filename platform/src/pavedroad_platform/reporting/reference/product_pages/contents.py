"""What a release makes: its resources by type, its alarms, its roles, and the rights to make all that."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from pavedroad_platform.catalog.permissions import permissions
from pavedroad_platform.costs.prices import prices
from pavedroad_platform.reporting.reference.markdown import table
from pavedroad_platform.reporting.reference.product_pages.release import Release


def resources_section(release: Release) -> str:
    """The resources by type, with what each is for."""
    resources = release.template["Resources"]
    types, known = Counter(resource["Type"] for resource in resources.values()), prices().types
    rows = [(f"`{kind}`", str(number), known[kind].purpose) for kind, number in sorted(types.items())]
    some = any("Condition" in resource for resource in resources.values())
    told = f"{len(resources)} resources{', some of them only where the form asks for them' if some else ''}."
    parts = [f"## Resources\n\n{told}\n", table(("type", "number", "what for"), rows), _alarms(resources)]
    return "\n".join(part for part in parts if part)


def permissions_section(release: Release) -> str:
    """Who may do what: who launches, the launch role, and the roles that a launch makes."""
    actions: dict[str, set[str]] = defaultdict(set)
    for permission in permissions([release.template]):
        service, _, action = permission.action.partition(":")
        actions[service].add(action)
    role, number = release.organization.names.launch_role(release.product.key), sum(map(len, actions.values()))
    rows = [(f"`{service}`", ", ".join(sorted(names))) for service, names in sorted(actions.items())]
    parts = [
        "## Permissions\n",
        (
            "Whoever launches it needs no right to any of these resources, only the portfolio. Service Catalog takes"
            f" the role\n`{role}`, which is computed from what the resource types need, and is narrowed to what the"
            " product\nmakes where AWS allows that:\n"
        ),
        f"<details><summary>{number} actions of {len(actions)} services</summary>\n",
        table(("service", "actions"), rows),
        "</details>\n",
        f"`pavedroad catalog permissions {release.product.key}` tells which resource needs which action.\n",
        _roles(release.template["Resources"]),
    ]
    return "\n".join(part for part in parts if part)


def _alarms(resources: Mapping[str, Any]) -> str:
    told = [
        str(resource["Properties"]["AlarmDescription"])
        for resource in resources.values()
        if resource["Type"] in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
        and isinstance(resource["Properties"].get("AlarmDescription"), str)
    ]
    return f"### Alarms\n\n{''.join(f'- {text}{chr(10)}' for text in told)}" if told else ""


def _roles(resources: Mapping[str, Any]) -> str:
    rows = [
        (f"`{logical_id}`", _principals(resource["Properties"]), str(resource["Properties"].get("Description", "")))
        for logical_id, resource in resources.items()
        if resource["Type"] == "AWS::IAM::Role"
    ]
    if not rows:
        return "It makes no role.\n"
    told = "It makes these roles, each within the platform's permissions boundary:\n\n"
    return told + table(("role", "taken by", "what for"), rows)


def _principals(properties: Mapping[str, Any]) -> str:
    names = set()
    for statement in properties["AssumeRolePolicyDocument"]["Statement"]:
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        if isinstance(principal, dict) and "AWS" in principal:
            names.add("another role")
        if isinstance(principal, dict) and "Federated" in principal:
            names.add("a federated identity")
        names |= {f"`{it}`" for it in ([services] if isinstance(services, str) else services) if isinstance(it, str)}
    return ", ".join(sorted(names))
