"""What was launched and how it stands: statuses, records, outputs, searches."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services.cloudformation import _stacks

from pavedroad_platform.sandbox.emulator.service_catalog import access, browsing
from pavedroad_platform.sandbox.emulator.service_catalog.request import Answer, Request
from pavedroad_platform.sandbox.emulator.service_catalog.state import (
    ProvisionedProduct,
    Record,
    catalog,
    here,
    not_found,
)
from pavedroad_platform.sandbox.emulator.stacks import failure_of

TERMINATED = "TERMINATED"


def stack_of(launch: ProvisionedProduct) -> Mapping[str, Any]:
    """The launch's stack as CloudFormation has it."""
    stack: Mapping[str, Any] | None = _stacks.get(launch.stack_name)
    return stack or {"StackStatus": "DELETE_COMPLETE"}


def status_of(launch: ProvisionedProduct) -> str:
    """The launch's status; its last record is settled with it."""
    record = catalog.records.get(launch.last_record)
    if not launch.stack_id:
        ended = record is not None and record.kind == "TERMINATE_PROVISIONED_PRODUCT"
        return TERMINATED if ended else ("ERROR" if launch.problem else "UNDER_CHANGE")
    status = _STATUSES.get(str(stack_of(launch)["StackStatus"]), "ERROR")
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
    "DELETE_COMPLETE": TERMINATED,
}


def _settle(record: Record, launch: ProvisionedProduct, status: str) -> None:
    stack = stack_of(launch)
    record.updated = time.time()
    if status in {"AVAILABLE", TERMINATED}:
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
    status = status_of(launch)
    if any(plan.launch == launch.id for plan in catalog.plans.values()):
        status = "PLAN_IN_PROGRESS"
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


def record_detail(record: Record) -> Answer:
    """A record as the API shows it."""
    status_of(catalog.launches[record.launch])
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


def find_launch(request: Request) -> ProvisionedProduct:
    """The launch that a call names, if it stands."""
    identifier = request.text("ProvisionedProductId") or request.text("Id")
    name = request.text("ProvisionedProductName") or request.text("Name")
    for launch in here(catalog.launches.values()):
        if (identifier == launch.id or (not identifier and name == launch.name)) and status_of(launch) != TERMINATED:
            return launch
    raise not_found(f"Provisioned product {identifier or name}")


def describe_record(request: Request) -> Answer:
    """DescribeRecord."""
    record = catalog.records.get(request.text("Id"))
    if record is None or not record.is_here:
        raise not_found(f"Record {request.text('Id')}")
    return {"RecordDetail": record_detail(record), "RecordOutputs": record.outputs}


def list_record_history(request: Request) -> Answer:
    """ListRecordHistory."""
    wanted = (request.input.get("SearchFilter") or {}).get("Value", "")
    found = [record for record in here(catalog.records.values()) if wanted in {"", record.launch, record.product}]
    return {"RecordDetails": [record_detail(record) for record in reversed(found)]}


def provisioned_product_outputs(request: Request) -> Answer:
    """GetProvisionedProductOutputs."""
    launch = find_launch(request)
    keys = request.input.get("OutputKeys") or []
    outputs = [
        {"OutputKey": output["OutputKey"], "OutputValue": output["OutputValue"], "Description": output["Description"]}
        for output in stack_of(launch).get("Outputs", [])
        if not keys or output["OutputKey"] in keys
    ]
    return {"Outputs": outputs}


def describe_provisioned_product(request: Request) -> Answer:
    """DescribeProvisionedProduct."""
    return {"ProvisionedProductDetail": _detail(find_launch(request)), "CloudWatchDashboards": []}


def _accessible(request: Request) -> list[ProvisionedProduct]:
    """The launches that stand: the user's own, or those of the role or the account where the call asks for them."""
    level = (request.input.get("AccessLevelFilter") or {}).get("Key", "User")
    role = access.principal_arn(request.caller)
    return [
        launch
        for launch in here(catalog.launches.values())
        if status_of(launch) != TERMINATED
        and (
            level == "Account"
            or (level == "Role" and access.principal_arn(launch.user) == role)
            or launch.user == request.caller
        )
    ]


def search_provisioned_products(request: Request) -> Answer:
    """SearchProvisionedProducts."""
    queries = (request.input.get("Filters") or {}).get("SearchQuery", [])
    found = [attribute(launch) for launch in _accessible(request)]
    matching = [each for each in found if all(_matches(each, query) for query in queries)]
    return {"ProvisionedProducts": matching, "TotalResultsCount": len(matching)}


def attribute(launch: ProvisionedProduct) -> Answer:
    """A launch as searches show it."""
    product = catalog.products.get(launch.product)
    artifacts = product.artifacts if product else []
    artifact = next((each for each in artifacts if each.id == launch.artifact), None)
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
    "ScanProvisionedProducts": scan_provisioned_products,
    "SearchProvisionedProducts": search_provisioned_products,
}
"""The operations by name."""
