"""``AWS::CloudFormation::StackSet``: its instances are real stacks in the target accounts and regions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import request_scope
from ministack.services.cloudformation import _stacks

from pavedroad_platform.sandbox.emulator import organizations
from pavedroad_platform.sandbox.emulator.in_process_client import ServiceError, call
from pavedroad_platform.sandbox.emulator.resource import Resource
from pavedroad_platform.sandbox.emulator.stacks import delete_stack, failure_of, stored, template_at, wait_for_stack

_COMPLETE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"}


@dataclass(frozen=True)
class _Instance:
    account: str
    region: str
    overrides: tuple[tuple[str, str], ...] = ()


class StackSetProvider:
    """Deploys the instances one after the other and waits for each; it runs on a worker thread."""

    def create(self, resource: Resource) -> None:
        """Create a stack in every target."""
        for instance in _instances(resource.properties):
            _deploy(resource.properties, instance)

    def update(self, resource: Resource) -> None:
        """Update the stacks, create those of new targets and delete those of former ones."""
        wanted = _instances(resource.properties)
        places = {(instance.account, instance.region) for instance in wanted}
        for instance in _instances(resource.previous):
            if (instance.account, instance.region) not in places:
                _remove(resource.previous, instance)
        for instance in wanted:
            _deploy(resource.properties, instance)

    def delete(self, resource: Resource) -> None:
        """Delete the stacks."""
        for instance in _instances(resource.properties):
            _remove(resource.properties, instance)


def _instances(properties: Mapping[str, Any]) -> list[_Instance]:
    return [
        _Instance(account, region, tuple(_parameters(group.get("ParameterOverrides", []))))
        for group in properties.get("StackInstancesGroup", [])
        for account in _accounts(group["DeploymentTargets"])
        for region in group["Regions"]
    ]


def _accounts(targets: Mapping[str, Any]) -> list[str]:
    named = list(targets.get("Accounts", []))
    units = targets.get("OrganizationalUnitIds", [])
    if not units:
        return named
    found = dict.fromkeys(account for unit in units for account in organizations.accounts_under(unit))
    # Service-managed stack sets leave the management account out.
    members = [account for account in found if account != organizations.management_account(account)]
    match targets.get("AccountFilterType", "NONE"):
        case "INTERSECTION":
            return [account for account in members if account in named]
        case "DIFFERENCE":
            return [account for account in members if account not in named]
        case "UNION":
            return list(dict.fromkeys([*members, *named]))
        case _:
            return members


def _parameters(given: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    return [(parameter["ParameterKey"], parameter["ParameterValue"]) for parameter in given]


def _stack_name(properties: Mapping[str, Any]) -> str:
    return f"StackSet-{properties['StackSetName']}"


def _deploy(properties: Mapping[str, Any], instance: _Instance) -> None:
    body = properties.get("TemplateBody") or template_at(properties["TemplateURL"])
    parameters = dict(_parameters(properties.get("Parameters", []))) | dict(instance.overrides)
    with request_scope(instance.account, instance.region):
        name = _stack_name(properties)
        stack = _stacks.get(name)
        exists = stack is not None and stack["StackStatus"] != "DELETE_COMPLETE"
        try:
            with stored(body) as url:
                call(
                    "cloudformation",
                    "UpdateStack" if exists else "CreateStack",
                    StackName=name,
                    TemplateURL=url,
                    Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
                    Capabilities=list(properties.get("Capabilities", [])),
                    Tags=list(properties.get("Tags", [])),
                )
        except ServiceError as error:
            if "No updates are to be performed" in error.detail:
                return
            raise
        _settle(name, instance)


def _remove(properties: Mapping[str, Any], instance: _Instance) -> None:
    with request_scope(instance.account, instance.region):
        name = _stack_name(properties)
        delete_stack(name)
        _settle(name, instance)


def _settle(name: str, instance: _Instance) -> None:
    stack = wait_for_stack(name)
    if stack["StackStatus"] not in _COMPLETE:
        raise ValueError(
            f"StackSet instance in account {instance.account}, region {instance.region} is {stack['StackStatus']}: "
            f"{failure_of(stack['StackId']) or stack.get('StackStatusReason', '')}"
        )
