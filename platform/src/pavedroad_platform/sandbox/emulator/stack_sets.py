"""``AWS::CloudFormation::StackSet``: its instances are real stacks in the target accounts and regions.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
"""

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services.cloudformation import _stacks

from pavedroad_platform.sandbox.emulator import organizations
from pavedroad_platform.sandbox.emulator.in_process_client import ServiceError, call
from pavedroad_platform.sandbox.emulator.resource import Resource
from pavedroad_platform.sandbox.emulator.stacks import delete_stack, failure_of, stored, template_at, wait_for_stack

_LOG = logging.getLogger(__name__)

_COMPLETE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"}


@dataclass(frozen=True)
class _Instance:
    account: str
    region: str
    overrides: tuple[tuple[str, str], ...] = ()

    @property
    def place(self) -> tuple[str, str]:
        """The account and the region."""
        return self.account, self.region


@dataclass
class _StackSet:
    """A StackSet that stands.

    Attributes:
        properties: As they were deployed.
        instances: Where it has a stack.
    """

    properties: Mapping[str, Any]
    instances: set[_Instance]


# By account, region and name. Operations on StackSets come one after the other, as with managed execution.
_stack_sets: dict[tuple[str, str, str], _StackSet] = {}
_operations = threading.RLock()


class StackSetProvider:
    """Deploys the instances one after the other and waits for each; it runs on a worker thread."""

    def create(self, resource: Resource) -> None:
        """Create a stack in every target."""
        with _operations:
            stack_set = _stack_sets[_key(resource.properties)] = _StackSet(resource.properties, set())
            _bring_to(stack_set, _instances(resource.properties))

    def update(self, resource: Resource) -> None:
        """Delete the stacks of former targets, update the others and create those of new ones."""
        with _operations:
            stack_set = _stack_sets.setdefault(_key(resource.previous), _StackSet(resource.previous, set()))
            stack_set.properties = resource.properties
            _bring_to(stack_set, _instances(resource.properties))

    def delete(self, resource: Resource) -> None:
        """Delete the stacks."""
        with _operations:
            stack_set = _stack_sets.pop(_key(resource.properties), None)
            if stack_set:
                _bring_to(stack_set, [])


def deploy_automatically(management: str) -> None:
    """Follow accounts that joined or left the organizational units of StackSets with automatic deployment.

    It returns at once, as AWS does; the stacks come and go meanwhile.

    Args:
        management: The management account, which owns the StackSets.
    """
    with_it = [
        (region, stack_set)
        for (account, region, _), stack_set in _stack_sets.items()
        if account == management and stack_set.properties.get("AutoDeployment", {}).get("Enabled")
    ]
    if with_it:
        threading.Thread(target=_follow, args=(management, with_it), daemon=True).start()


def _follow(management: str, stack_sets: Sequence[tuple[str, _StackSet]]) -> None:
    for region, stack_set in stack_sets:
        with _operations, request_scope(management, region):
            # It does not consider account filters.
            wanted = _instances(stack_set.properties, filtered=False)
            places = {instance.place for instance in wanted}
            left = {instance for instance in stack_set.instances if instance.place not in places}
            if stack_set.properties["AutoDeployment"].get("RetainStacksOnAccountRemoval"):
                stack_set.instances -= left
            new = [instance for instance in wanted if instance not in stack_set.instances]
            try:
                for instance in left & stack_set.instances:
                    _remove(stack_set, instance)
                for instance in new:
                    _deploy(stack_set, instance)
            except ValueError:
                _LOG.exception("Automatic deployment of %s failed", stack_set.properties["StackSetName"])


def _key(properties: Mapping[str, Any]) -> tuple[str, str, str]:
    return get_account_id(), get_region(), properties["StackSetName"]


def _bring_to(stack_set: _StackSet, wanted: Sequence[_Instance]) -> None:
    places = {instance.place for instance in wanted}
    for instance in list(stack_set.instances):
        if instance.place not in places:
            _remove(stack_set, instance)
    for instance in wanted:
        _deploy(stack_set, instance)


def _instances(properties: Mapping[str, Any], *, filtered: bool = True) -> list[_Instance]:
    return [
        _Instance(account, region, tuple(_parameters(group.get("ParameterOverrides", []))))
        for group in properties.get("StackInstancesGroup", [])
        for account in _accounts(group["DeploymentTargets"], filtered=filtered)
        for region in group["Regions"]
    ]


def _accounts(targets: Mapping[str, Any], *, filtered: bool) -> list[str]:
    named = list(targets.get("Accounts", []))
    units = targets.get("OrganizationalUnitIds", [])
    if not units:
        return named
    found = dict.fromkeys(account for unit in units for account in organizations.accounts_under(unit))
    # Service-managed stack sets leave the management account out.
    members = [account for account in found if account != organizations.management_account(account)]
    match targets.get("AccountFilterType", "NONE") if filtered else "NONE":
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


def _deploy(stack_set: _StackSet, instance: _Instance) -> None:
    properties = stack_set.properties
    stack_set.instances = {other for other in stack_set.instances if other.place != instance.place} | {instance}
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


def _remove(stack_set: _StackSet, instance: _Instance) -> None:
    with request_scope(instance.account, instance.region):
        name = _stack_name(stack_set.properties)
        delete_stack(name)
        _settle(name, instance)
    stack_set.instances.discard(instance)


def _settle(name: str, instance: _Instance) -> None:
    stack = wait_for_stack(name)
    if stack["StackStatus"] not in _COMPLETE:
        raise ValueError(
            f"StackSet instance in account {instance.account}, region {instance.region} is {stack['StackStatus']}: "
            f"{failure_of(stack['StackId']) or stack.get('StackStatusReason', '')}"
        )
