"""Launching, updating and terminating products; each launch is a stack that runs with the launch role's permissions."""

import json
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import iam
from ministack.services.cloudformation import engine

from pavedroad_platform.sandbox.emulator import execution_role
from pavedroad_platform.sandbox.emulator.in_process_client import ServiceError, call
from pavedroad_platform.sandbox.emulator.service_catalog import access, browsing
from pavedroad_platform.sandbox.emulator.service_catalog.provisioned_products import (
    TERMINATED,
    find_launch,
    record_detail,
    stack_of,
    status_of,
)
from pavedroad_platform.sandbox.emulator.service_catalog.request import Answer, Request
from pavedroad_platform.sandbox.emulator.service_catalog.state import (
    Artifact,
    Portfolio,
    Product,
    ProvisionedProduct,
    Record,
    catalog,
    here,
    invalid,
    new_id,
)
from pavedroad_platform.sandbox.emulator.stacks import delete_stack, stored
from pavedroad_platform.sandbox.emulator.trust_policies import trusts_service

_SERVICE = "servicecatalog.amazonaws.com"
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


class _LaunchFailedError(Exception):
    """A launch fails after it was accepted: its record says why."""


# What is asked for


def provision_product(request: Request) -> Answer:
    """ProvisionProduct."""
    (name,) = request.required("ProvisionedProductName")
    repeated = catalog.tokens.get((get_account_id(), request.text("ProvisionToken")))
    if repeated:
        return {"RecordDetail": record_detail(catalog.records[repeated])}
    product = browsing.find_product(request)
    artifact = browsing.find_artifact(product, request)
    if artifact.guidance == "DEPRECATED":
        raise invalid(f"Provisioning artifact {artifact.id} is deprecated and cannot be provisioned.")
    portfolio = browsing.find_path(product, request)
    if any(launch.name == name and status_of(launch) != TERMINATED for launch in here(catalog.launches.values())):
        raise invalid(f"A provisioned product with the name {name} already exists.")
    launch = ProvisionedProduct(
        id=new_id("pp"),
        name=name,
        product=product.id,
        product_name=product.name,
        artifact=artifact.id,
        path=portfolio.id,
        user=request.caller,
    )
    tags = _launch_tags(portfolio, product, request.input.get("Tags", []))
    parameters = [
        {"ParameterKey": parameter["Key"], "ParameterValue": parameter.get("Value", "")}
        for parameter in request.input.get("ProvisioningParameters", [])
    ]
    _check_parameters(artifact, parameters)
    launch.tags = tags
    catalog.launches[launch.id] = launch
    record = _new_record(launch, "PROVISION_PRODUCT")
    template = _template(artifact, portfolio, product)
    with _undone_where_refused(record, before=None), stored(template) as url:
        _operate(launch, record, "CreateStack", request.caller, TemplateURL=url, **_stack_input(launch, parameters))
    if request.text("ProvisionToken"):
        catalog.tokens[get_account_id(), request.text("ProvisionToken")] = record.id
    return {"RecordDetail": record_detail(record)}


def update_provisioned_product(request: Request) -> Answer:
    """UpdateProvisionedProduct."""
    launch = find_launch(request)
    _require_rest(launch)
    target = Request({**request.input, "ProductId": request.text("ProductId") or launch.product}, request.caller)
    product = browsing.find_product(target)
    artifact = _updated_artifact(launch, product, target)
    portfolio = _updated_path(launch, product, target)
    tags = launch.tags
    if "Tags" in request.input:
        _require_tag_updates(portfolio, product)
        tags = _launch_tags(portfolio, product, request.input["Tags"])
    parameters = [_updated_parameter(parameter) for parameter in request.input.get("ProvisioningParameters", [])]
    given = [parameter for parameter in parameters if "ParameterValue" in parameter]
    _check_parameters(artifact, given, known=_kept(launch, parameters))
    updated = replace(launch, product=product.id, product_name=product.name, artifact=artifact.id, tags=tags)
    updated.path = portfolio.id
    catalog.launches[launch.id] = updated
    record = _new_record(updated, "UPDATE_PROVISIONED_PRODUCT")
    template = _template(artifact, portfolio, product)
    with _undone_where_refused(record, before=launch), stored(template) as url:
        _operate(updated, record, "UpdateStack", request.caller, TemplateURL=url, **_stack_input(updated, parameters))
    return {"RecordDetail": record_detail(record)}


def _updated_artifact(launch: ProvisionedProduct, product: Product, request: Request) -> Artifact:
    if request.text("ProvisioningArtifactId") or request.text("ProvisioningArtifactName"):
        return browsing.find_artifact(product, request)
    # What runs stays usable after it was withdrawn.
    return next(artifact for artifact in product.artifacts if artifact.id == launch.artifact)


def _updated_path(launch: ProvisionedProduct, product: Product, request: Request) -> Portfolio:
    portfolios = access.launch_portfolios(product, request.caller)
    current = next((portfolio for portfolio in portfolios if portfolio.id == launch.path), None)
    if current and not request.text("PathId") and not request.text("PathName"):
        return current
    return browsing.find_path(product, request)


def _updated_parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    if parameter.get("UsePreviousValue"):
        return {"ParameterKey": parameter["Key"], "UsePreviousValue": True}
    return {"ParameterKey": parameter["Key"], "ParameterValue": parameter.get("Value", "")}


def _kept(launch: ProvisionedProduct, parameters: list[dict[str, Any]]) -> set[str]:
    stack = stack_of(launch)
    have = {parameter["ParameterKey"] for parameter in stack.get("Parameters", [])}
    return have & {parameter["ParameterKey"] for parameter in parameters if parameter.get("UsePreviousValue")}


def terminate_provisioned_product(request: Request) -> Answer:
    """TerminateProvisionedProduct."""
    launch = find_launch(request)
    if not request.input.get("IgnoreErrors"):
        _require_rest(launch)
    record = _new_record(launch, "TERMINATE_PROVISIONED_PRODUCT")
    if not launch.stack_id:
        launch.problem = ""
        record.status = "SUCCEEDED"
    else:
        _operate(launch, record, "DeleteStack", request.caller)
    return {"RecordDetail": record_detail(record)}


# Checks before anything is done


def _require_rest(launch: ProvisionedProduct) -> None:
    if status_of(launch) == "UNDER_CHANGE":
        raise invalid(f"Provisioned product {launch.name} is under change.")


def _require_tag_updates(portfolio: Portfolio, product: Product) -> None:
    for rule in browsing.constraints(portfolio, product, "RESOURCE_UPDATE"):
        properties = rule.parameters.get("Properties", {})
        if properties.get("TagUpdateOnProvisionedProduct", "ALLOWED") == "ALLOWED":
            return
    raise invalid("Tag updates are not allowed: the product has no RESOURCE_UPDATE constraint that allows them.")


def _launch_tags(portfolio: Portfolio, product: Product, given: list[dict[str, str]]) -> dict[str, str]:
    """The launch's tags with those of portfolio and product; tag options are enforced, and a single one is set."""
    tags = {tag["Key"]: tag["Value"] for tag in [*portfolio.tags, *product.tags, *given]}
    for key, values in access.tag_options(portfolio, product).items():
        if len(values) == 1:
            tags.setdefault(key, values[0])
        if tags.get(key) not in values:
            raise invalid(f"The tag {key} must have one of the values [{', '.join(values)}], not {tags.get(key)}.")
    return tags


def _check_parameters(artifact: Artifact, parameters: list[dict[str, Any]], known: Set[str] = frozenset()) -> None:
    """Every parameter against its definition, all problems at once."""
    definitions = engine._parse_template(artifact.body).get("Parameters", {})
    given = {parameter["ParameterKey"] for parameter in parameters} | known
    required = {name for name, definition in definitions.items() if "Default" not in definition}
    problems = []
    if given - definitions.keys():
        problems.append(f"Parameters: [{', '.join(sorted(given - definitions.keys()))}] do not exist in the template")
    if required - given:
        problems.append(f"Parameters: [{', '.join(sorted(required - given))}] must have values")
    if problems:
        raise invalid("; ".join(problems))


def _template(artifact: Artifact, portfolio: Portfolio, product: Product) -> str:
    """The version's template with the rules of the template constraints."""
    rules = browsing.constraint_rules(portfolio, product)
    if not rules:
        return artifact.body
    template = engine._parse_template(artifact.body)
    return json.dumps({**template, "Rules": {**template.get("Rules", {}), **rules}})


# Doing it


@contextmanager
def _undone_where_refused(record: Record, *, before: ProvisionedProduct | None) -> Iterator[None]:
    """What CloudFormation refuses at once, such as a parameter out of range, leaves nothing behind."""
    try:
        yield
    except ServiceError as error:
        del catalog.records[record.id]
        if before:
            catalog.launches[record.launch] = before
        else:
            del catalog.launches[record.launch]
        raise invalid(error.detail) from error


def _operate(launch: ProvisionedProduct, record: Record, operation: str, caller: str, **parameters: Any) -> None:
    """Start a stack operation under the launch role; what fails before there is one is in the record."""
    try:
        launch.role = record.role = _execution_role(launch, caller)
        if launch.role:
            parameters["RoleARN"] = launch.role
            _require_stack_operation(launch, operation)
    except (execution_role.NotAuthorizedError, _LaunchFailedError) as error:
        _fail(launch, record, str(error))
        return
    launch.problem = ""
    try:
        with execution_role.called_via(_SERVICE):
            if operation == "DeleteStack":
                delete_stack(launch.stack_name, **parameters)
                return
            answer = call("cloudformation", operation, StackName=launch.stack_name, **parameters)
    except ServiceError as error:
        if "No updates are to be performed" not in error.detail:
            raise
        return
    launch.stack_id = answer.get("StackId", launch.stack_id)


def _stack_input(launch: ProvisionedProduct, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "Parameters": parameters,
        "Tags": [{"Key": key, "Value": value} for key, value in launch.tags.items()],
        "Capabilities": _CAPABILITIES,
    }


def _fail(launch: ProvisionedProduct, record: Record, message: str) -> None:
    record.status = "FAILED"
    record.errors = [{"Code": "ResourceFailure", "Description": message}]
    launch.problem = message


def _execution_role(launch: ProvisionedProduct, caller: str) -> str:
    """The launch constraint's role, or the caller's own; empty for an account's administrator."""
    product, portfolio = catalog.products[launch.product], catalog.portfolios[launch.path]
    for rule in browsing.constraints(portfolio, product, "LAUNCH"):
        role = rule.parameters.get("RoleArn")
        role = role or f"arn:aws:iam::{get_account_id()}:role/{rule.parameters['LocalRoleName']}"
        _require_trust(role)
        return str(role)
    role = access.principal_arn(caller)
    return role if ":role/" in role else ""


def _require_trust(role_arn: str) -> None:
    role = iam._roles.get_scoped(role_arn.split(":")[4], None, role_arn.rsplit("/", 1)[-1])
    if role is None or not trusts_service(role["AssumeRolePolicyDocument"], _SERVICE):
        raise _LaunchFailedError(
            f"Service Catalog is not authorized to assume the launch role {role_arn}: "
            f"{'it does not exist' if role is None else f'its trust policy does not name {_SERVICE}'}"
        )


def _require_stack_operation(launch: ProvisionedProduct, operation: str) -> None:
    execution_role.require_action(
        launch.role,
        f"cloudformation:{operation}",
        f"arn:aws:cloudformation:{launch.region}:{launch.account}:stack/{launch.stack_name}/{launch.id}",
    )


def _new_record(launch: ProvisionedProduct, kind: str) -> Record:
    record = Record(
        id=new_id("rec"),
        kind=kind,
        launch=launch.id,
        name=launch.name,
        product=launch.product,
        artifact=launch.artifact,
        path=launch.path,
        role=launch.role,
    )
    catalog.records[record.id] = record
    launch.last_record = record.id
    return record


OPERATIONS: Mapping[str, Callable[[Request], Answer]] = {
    "ProvisionProduct": provision_product,
    "TerminateProvisionedProduct": terminate_provisioned_product,
    "UpdateProvisionedProduct": update_provisioned_product,
}
"""The operations by name."""
