"""The role that a stack operation runs under, and whether it may do what each resource's handler does."""

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region
from ministack.services import iam
from ministack.services.cloudformation import _change_sets, handlers

from pavedroad_platform.registry_data import data_directory
from pavedroad_platform.sandbox.emulator.registry_schemas import ResourceSchema

# A stack operation is a task, and tasks and their threads copy the context that they are started in.
_role: ContextVar[str | None] = ContextVar("execution_role", default=None)
_called_via: ContextVar[tuple[str, ...]] = ContextVar("called_via", default=("cloudformation.amazonaws.com",))
_roles_of_stacks = AccountRegionScopedDict()

_OPERATIONS = ("CreateStack", "UpdateStack", "DeleteStack", "CreateChangeSet", "ExecuteChangeSet")


def install() -> None:
    """Let the CloudFormation operations run under the role that the stack was given."""
    for operation in _OPERATIONS:
        handlers._ACTION_HANDLERS[operation] = _under_its_role(operation, handlers._ACTION_HANDLERS[operation])


def _under_its_role(operation: str, original: Callable[[Mapping[str, Any]], Any]) -> Callable[[Mapping[str, Any]], Any]:
    def run(parameters: Mapping[str, Any]) -> Any:
        stack = _stack_name(parameters)
        creates = operation == "CreateStack" or _text(parameters, "ChangeSetType") == "CREATE"
        given = _text(parameters, "RoleARN")
        role = given or (None if creates else _roles_of_stacks.get(stack))
        token = _role.set(role)
        try:
            answer = original(parameters)
        finally:
            _role.reset(token)
        _roles_of_stacks[stack] = role
        return answer

    return run


def _text(parameters: Mapping[str, Any], name: str) -> str:
    value = parameters.get(name) or [""]
    return str(value[0] if isinstance(value, list) else value)


def _stack_name(parameters: Mapping[str, Any]) -> str:
    name = _text(parameters, "StackName") or (_change_sets.get(_text(parameters, "ChangeSetName")) or {}).get(
        "StackName", ""
    )
    return name.split("/")[1] if name.startswith("arn:") else name


def current_role() -> str | None:
    """The role that the running stack operation was given; ``None`` outside of one, and where it was given none."""
    return _role.get()


@contextmanager
def called_via(service: str) -> Iterator[None]:
    """Stack operations that are started inside are started by ``service``."""
    token = _called_via.set((service, "cloudformation.amazonaws.com"))
    try:
        yield
    finally:
        _called_via.reset(token)


class NotAuthorizedError(ValueError):
    """The role that a stack operation runs under may not do something."""


def require_permissions(schema: ResourceSchema, operation: str, *, name: str, properties: Mapping[str, Any]) -> None:
    """Refuse what the execution role's policies and permissions boundary do not allow.

    Args:
        schema: The type that is handled.
        operation: ``create``, ``update`` or ``delete``.
        name: The resource's name, as far as it is known.
        properties: The resource's properties.

    Raises:
        NotAuthorizedError: An action that the type's handler needs is not allowed; the first is named as AWS does.
    """
    role = _role.get()
    if role is None:
        return
    policies = _role_policies(role)
    for name_of_action in schema.permissions(operation):
        action = _Action(schema, name_of_action, name, properties)
        if action.definition is None:
            continue
        for resource in action.resources:
            context = _context(role, action.action, resource or "*", action.context, policies)
            reason = _refusal(context, resource, policies)
            if reason:
                raise NotAuthorizedError(reason)


def require_action(role_arn: str, action: str, resource: str) -> None:
    """Refuse one action that a role's policies and permissions boundary do not allow.

    Raises:
        NotAuthorizedError: It is not allowed.
    """
    policies = _role_policies(role_arn)
    reason = _refusal(_context(role_arn, action, resource, {}, policies), resource, policies)
    if reason:
        raise NotAuthorizedError(reason)


@dataclass(frozen=True)
class _Action:
    """One IAM action that a handler takes on one resource."""

    schema: ResourceSchema
    action: str
    name: str
    properties: Mapping[str, Any]

    @property
    def definition(self) -> Mapping[str, Any] | None:
        """What IAM says of it; ``None`` where it is no IAM action, as two in a hundred listed permissions are."""
        service, _, verb = self.action.partition(":")
        found: Mapping[str, Any] | None = _iam_actions().get(service, {}).get("Actions", {}).get(verb.lower())
        return found

    @property
    def resources(self) -> list[str | None]:
        """The ARNs that it is taken on; roles are passed as far as the properties name any."""
        return list(_roles_in(self.properties)) if self.action == "iam:PassRole" else [self.resource_arn]

    @property
    def resource_arn(self) -> str | None:
        """The ARN that it is taken on: ``*`` where it takes none, ``None`` where it is of another resource."""
        kinds = (self.definition or {}).get("Resources", [])
        if not kinds:
            return "*"
        _, namespace, kind = self.schema.type_name.split("::")
        service = self.action.partition(":")[0]
        own = next((name for name in kinds if _plain(name) == _plain(kind)), None)
        if own is None or _plain(service) not in {_plain(namespace), _plain(namespace).removesuffix("v2")}:
            return None
        # The document spells one name in two ways: Analyzer and analyzer.
        described = {_plain(name): resource for name, resource in _iam_actions()[service]["Resources"].items()}
        if _plain(own) not in described:
            return None
        form: str = described[_plain(own)]["ARNFormats"][0]
        for placeholder, value in (("Partition", "aws"), ("Region", get_region()), ("Account", get_account_id())):
            form = form.replace(f"${{{placeholder}}}", value)
        return form.replace(".*", self.name, 1).replace(".*", "x")

    @property
    def context(self) -> dict[str, Any]:
        """The condition keys that can be told from the template."""
        schema_tags = self.schema.tag_property
        value = self.properties.get(schema_tags[0]) if schema_tags else None
        tags = value if isinstance(value, dict) else {tag["Key"]: tag.get("Value", "") for tag in value or []}
        services = list(_called_via.get())
        keys: dict[str, Any] = {"aws:calledvia": services, "aws:calledviafirst": services[0]}
        keys |= {"aws:calledvialast": services[-1], "aws:viaawsservice": "false", "aws:tagkeys": list(tags) or None}
        keys |= {f"aws:requesttag/{key.lower()}": tag for key, tag in tags.items()}
        keys |= {f"aws:resourcetag/{key.lower()}": tag for key, tag in tags.items()}
        if self.schema.type_name in {"AWS::IAM::Role", "AWS::IAM::User"}:
            keys["iam:permissionsboundary"] = self.properties.get("PermissionsBoundary")
        return keys


def _roles_in(value: Any) -> Iterator[str]:
    if isinstance(value, str) and re.fullmatch(r"arn:[\w-]+:iam::\d{12}:role/.+", value):
        yield value
    elif isinstance(value, Mapping):
        yield from _roles_in(list(value.values()))
    elif isinstance(value, list):
        for item in value:
            yield from _roles_in(item)


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()


@functools.cache
def _iam_actions() -> dict[str, Any]:
    actions: dict[str, Any] = json.loads((data_directory() / "AdditionalSpecs" / "Policies.json").read_text())
    return actions


@dataclass(frozen=True)
class _RolePolicies:
    identity: list[Any]
    boundary: list[Any] | None
    keys: dict[str, Any]


def _role_policies(role_arn: str) -> _RolePolicies:
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    role = iam._roles.get_scoped(account, None, name)
    if role is None:
        raise NotAuthorizedError(f"Role {role_arn} is invalid or cannot be assumed")
    documents = iam_evaluator._gather_role_policies(name, account)
    limits = iam_evaluator._permissions_boundary(iam._roles, name, account)
    tags = {f"aws:principaltag/{tag['Key'].lower()}": tag["Value"] for tag in role.get("Tags") or []}
    boundary = [statement for layer in limits for document in layer for statement in document] if limits else None
    return _RolePolicies([statement for document in documents for statement in document], boundary, tags)


def _context(role_arn: str, action: str, resource: str, keys: Mapping[str, Any], policies: _RolePolicies) -> Any:
    return iam_evaluator.EvalContext(
        principal_arn=role_arn,
        principal_type="AssumedRole",
        principal_account=role_arn.split(":")[4],
        action=action,
        resource_arn=resource,
        region=get_region(),
        service_context=dict(keys),
        principal_keys=policies.keys,
        secure_transport=True,
    )


def _refusal(context: Any, resource: str | None, policies: _RolePolicies) -> str | None:
    """Why an action is refused, in AWS's words, or ``None``; ``resource`` is ``None`` where it is not known."""
    layers = [("identity-based policy", policies.identity)]
    if policies.boundary is not None:
        layers.append(("permissions boundary", policies.boundary))
    name = context.principal_arn.rsplit("/", 1)[-1]
    session = f"arn:aws:sts::{context.principal_account}:assumed-role/{name}/AWSCloudFormation"
    message = f"User: {session} is not authorized to perform: {context.action} on resource: {resource or '*'}"
    for kind, statements in layers:
        if _matches(statements, "Deny", context, resource):
            return f"{message} with an explicit deny in {_article(kind)}"
    for kind, statements in layers:
        if not _matches(statements, "Allow", context, resource):
            return f"{message} because no {kind} allows the {context.action} action"
    return None


def _article(kind: str) -> str:
    return f"an {kind}" if kind.startswith("i") else f"a {kind}"


def _matches(statements: list[Any], effect: str, context: Any, resource: str | None) -> bool:
    """Whether a statement applies; of what cannot be known, an Allow is believed and a Deny is not."""
    return any(
        statement.effect == effect
        and iam_evaluator._action_matches(context.action, statement.actions, statement.not_actions)
        and _resource_matches(statement, effect, resource)
        and _conditions_met(statement, effect, context, resource)
        for statement in statements
    )


def _resource_matches(statement: Any, effect: str, resource: str | None) -> bool:
    if resource is None:
        return effect == "Allow" or "*" in statement.resources
    if resource == "*" and effect == "Allow" and statement.resources:
        # An action without resources is allowed by "*" alone.
        return "*" in statement.resources
    return bool(iam_evaluator._resource_matches(resource, statement.resources, statement.not_resources))


def _conditions_met(statement: Any, effect: str, context: Any, resource: str | None) -> bool:
    for operator, tests in statement.conditions.items():
        for key, expected in tests.items():
            if not _is_known(key.lower(), context, resource):
                if effect == "Deny":
                    return False
                continue
            if not iam_evaluator._conditions_met({operator: {key: expected}}, context):
                return False
    return True


def _is_known(key: str, context: Any, resource: str | None) -> bool:
    if key.startswith(("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")):
        return resource is not None
    return key.startswith("aws:") or key in context.service_context
