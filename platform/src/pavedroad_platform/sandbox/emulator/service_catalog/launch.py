"""Launching, updating and terminating products; each launch is a stack that runs with the launch role's permissions."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import iam
from ministack.services.cloudformation import _stacks, engine

from pavedroad_platform.sandbox.emulator import execution_role
from pavedroad_platform.sandbox.emulator.in_process_client import ServiceError, call
from pavedroad_platform.sandbox.emulator.service_catalog import access, browsing
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
    not_found,
)
from pavedroad_platform.sandbox.emulator.stacks import delete_stack, failure_of, stored
from pavedroad_platform.sandbox.emulator.trust_policies import trusts_service

_SERVICE = "servicecatalog.amazonaws.com"
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_TERMINATED = "TERMINATED"


class _LaunchFailedError(Exception):
    """A launch fails after it was accepted: its record says why."""


# What is asked for


def provision_product(request: Request) -> Answer:
    """ProvisionProduct."""
    (name,) = request.required("ProvisionedProductName")
    repeated = catalog.tokens.get((get_account_id(), request.text("ProvisionToken")))
    if repeated:
        return {"RecordDetail": _record_detail(catalog.records[repeated])}
    product = browsing.find_product(request)
    artifact = browsing.find_artifact(product, request)
    portfolio = browsing.find_path(product, request)
    if any(launch.name == name and _status(launch) != _TERMINATED for launch in here(catalog.launches.values())):
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
    return {"RecordDetail": _record_detail(record)}


def update_provisioned_product(request: Request) -> Answer:
    """UpdateProvisionedProduct."""
    launch = _launch(request)
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
    return {"RecordDetail": _record_detail(record)}


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
    stack = _stacks.get(launch.stack_name) or {}
    have = {parameter["ParameterKey"] for parameter in stack.get("Parameters", [])}
    return have & {parameter["ParameterKey"] for parameter in parameters if parameter.get("UsePreviousValue")}


def terminate_provisioned_product(request: Request) -> Answer:
    """TerminateProvisionedProduct."""
    launch = _launch(request)
    if not request.input.get("IgnoreErrors"):
        _require_rest(launch)
    record = _new_record(launch, "TERMINATE_PROVISIONED_PRODUCT")
    if not launch.stack_id:
        launch.problem = ""
        record.status = "SUCCEEDED"
    else:
        _operate(launch, record, "DeleteStack", request.caller)
    return {"RecordDetail": _record_detail(record)}


# Checks before anything is done


def _require_rest(launch: ProvisionedProduct) -> None:
    if _status(launch) == "UNDER_CHANGE":
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
    rules = {
        name: rule
        for constraint in browsing.constraints(portfolio, product, "TEMPLATE")
        for name, rule in constraint.parameters.get("Rules", {}).items()
    }
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


# How it stands


def _stack(launch: ProvisionedProduct) -> Mapping[str, Any]:
    stack: Mapping[str, Any] | None = _stacks.get(launch.stack_name)
    return stack or {"StackStatus": "DELETE_COMPLETE"}


def _status(launch: ProvisionedProduct) -> str:
    """The launch's status; its last record is settled with it."""
    record = catalog.records.get(launch.last_record)
    if not launch.stack_id:
        ended = record is not None and record.kind == "TERMINATE_PROVISIONED_PRODUCT"
        return _TERMINATED if ended else ("ERROR" if launch.problem else "UNDER_CHANGE")
    status = _STATUSES.get(str(_stack(launch)["StackStatus"]), "ERROR")
    if record and record.status == "IN_PROGRESS" and status != "UNDER_CHANGE":
        _settle(record, launch, status)
    if launch.problem and status == "AVAILABLE":
        return "TAINTED"
    return status


_STATUSES = {
    "CREATE_IN_PROGRESS": "UNDER_CHANGE",
    "UPDATE_IN_PROGRESS": "UNDER_CHANGE",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": "UNDER_CHANGE",
    "DELETE_IN_PROGRESS": "UNDER_CHANGE",
    "ROLLBACK_IN_PROGRESS": "UNDER_CHANGE",
    "UPDATE_ROLLBACK_IN_PROGRESS": "UNDER_CHANGE",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": "UNDER_CHANGE",
    "CREATE_COMPLETE": "AVAILABLE",
    "UPDATE_COMPLETE": "AVAILABLE",
    # The update failed, and what ran before runs on.
    "UPDATE_ROLLBACK_COMPLETE": "TAINTED",
    "DELETE_COMPLETE": _TERMINATED,
}


def _settle(record: Record, launch: ProvisionedProduct, status: str) -> None:
    stack = _stack(launch)
    record.updated = time.time()
    if status in {"AVAILABLE", _TERMINATED}:
        record.status = "SUCCEEDED"
        record.outputs = [
            {
                "OutputKey": output["OutputKey"],
                "OutputValue": output["OutputValue"],
                "Description": output["Description"],
            }
            for output in stack.get("Outputs", [])
        ]
        return
    record.status = "FAILED"
    message = failure_of(launch.stack_id) or str(stack.get("StackStatusReason", ""))
    record.errors = [{"Code": "ResourceFailure", "Description": message}]


def _detail(launch: ProvisionedProduct) -> Answer:
    status = _status(launch)
    record = catalog.records[launch.last_record]
    message = record.errors[0]["Description"] if record.errors else ""
    return {
        "Name": launch.name,
        "Arn": launch.arn,
        "Type": "CFN_STACK",
        "Id": launch.id,
        "Status": status,
        "StatusMessage": message,
        "CreatedTime": launch.created,
        "LastRecordId": launch.last_record,
        "LastProvisioningRecordId": launch.last_record,
        "LastSuccessfulProvisioningRecordId": launch.last_record if record.status == "SUCCEEDED" else "",
        "ProductId": launch.product,
        "ProvisioningArtifactId": launch.artifact,
        "LaunchRoleArn": launch.role,
    }


def _record_detail(record: Record) -> Answer:
    _status(catalog.launches[record.launch])
    return {
        "RecordId": record.id,
        "ProvisionedProductName": record.name,
        "Status": record.status,
        "CreatedTime": record.created,
        "UpdatedTime": record.updated,
        "ProvisionedProductType": "CFN_STACK",
        "RecordType": record.kind,
        "ProvisionedProductId": record.launch,
        "ProductId": record.product,
        "ProvisioningArtifactId": record.artifact,
        "PathId": browsing.path_id(catalog.portfolios[record.path]),
        "RecordErrors": record.errors,
        "RecordTags": [],
        "LaunchRoleArn": record.role,
    }


def _launch(request: Request) -> ProvisionedProduct:
    """The launch that a call names, if it stands."""
    identifier = request.text("ProvisionedProductId") or request.text("Id")
    name = request.text("ProvisionedProductName") or request.text("Name")
    for launch in here(catalog.launches.values()):
        if (identifier == launch.id or (not identifier and name == launch.name)) and _status(launch) != _TERMINATED:
            return launch
    raise not_found(f"Provisioned product {identifier or name}")


def describe_record(request: Request) -> Answer:
    """DescribeRecord."""
    record = catalog.records.get(request.text("Id"))
    if record is None or not record.is_here:
        raise not_found(f"Record {request.text('Id')}")
    return {"RecordDetail": _record_detail(record), "RecordOutputs": record.outputs}


def list_record_history(request: Request) -> Answer:
    """ListRecordHistory."""
    wanted = (request.input.get("SearchFilter") or {}).get("Value", "")
    found = [record for record in here(catalog.records.values()) if wanted in {"", record.launch, record.product}]
    return {"RecordDetails": [_record_detail(record) for record in reversed(found)]}


def provisioned_product_outputs(request: Request) -> Answer:
    """GetProvisionedProductOutputs."""
    launch = _launch(request)
    keys = request.input.get("OutputKeys") or []
    outputs = [
        {"OutputKey": output["OutputKey"], "OutputValue": output["OutputValue"], "Description": output["Description"]}
        for output in _stack(launch).get("Outputs", [])
        if not keys or output["OutputKey"] in keys
    ]
    return {"Outputs": outputs}


def describe_provisioned_product(request: Request) -> Answer:
    """DescribeProvisionedProduct."""
    return {"ProvisionedProductDetail": _detail(_launch(request)), "CloudWatchDashboards": []}


def _accessible(request: Request) -> list[ProvisionedProduct]:
    """The launches that stand: the user's own, or those of the role or the account where the call asks for them."""
    level = (request.input.get("AccessLevelFilter") or {}).get("Key", "User")
    role = access.principal_arn(request.caller)
    return [
        launch
        for launch in here(catalog.launches.values())
        if _status(launch) != _TERMINATED
        and (
            level == "Account"
            or (level == "Role" and access.principal_arn(launch.user) == role)
            or launch.user == request.caller
        )
    ]


def search_provisioned_products(request: Request) -> Answer:
    """SearchProvisionedProducts."""
    queries = (request.input.get("Filters") or {}).get("SearchQuery", [])
    found = [_attribute(launch) for launch in _accessible(request)]
    matching = [each for each in found if all(_matches(each, query) for query in queries)]
    return {"ProvisionedProducts": matching, "TotalResultsCount": len(matching)}


def _attribute(launch: ProvisionedProduct) -> Answer:
    artifact = next((each for each in catalog.products[launch.product].artifacts if each.id == launch.artifact), None)
    return {
        **_detail(launch),
        "Tags": [{"Key": key, "Value": value} for key, value in launch.tags.items()],
        "PhysicalId": launch.stack_id,
        "ProductName": launch.product_name,
        "ProvisioningArtifactName": artifact.name if artifact else "",
        "UserArn": launch.user,
        "UserArnSession": launch.user,
    }


def _matches(shown: Answer, query: str) -> bool:
    """``name:orders`` compares one field, anything else the whole."""
    field, colon, value = query.partition(":")
    named = next((str(each) for name, each in shown.items() if name.lower() == field.lower()), None)
    if colon and named is not None:
        return value.lower() in named.lower()
    return query.lower() in json.dumps(shown).lower()


def scan_provisioned_products(request: Request) -> Answer:
    """ScanProvisionedProducts."""
    return {"ProvisionedProducts": [_detail(launch) for launch in _accessible(request)]}


OPERATIONS: Mapping[str, Callable[[Request], Answer]] = {
    "DescribeProvisionedProduct": describe_provisioned_product,
    "DescribeRecord": describe_record,
    "GetProvisionedProductOutputs": provisioned_product_outputs,
    "ListRecordHistory": list_record_history,
    "ProvisionProduct": provision_product,
    "ScanProvisionedProducts": scan_provisioned_products,
    "SearchProvisionedProducts": search_provisioned_products,
    "TerminateProvisionedProduct": terminate_provisioned_product,
    "UpdateProvisionedProduct": update_provisioned_product,
}
"""The operations by name."""
