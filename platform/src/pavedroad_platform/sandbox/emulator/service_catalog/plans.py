"""Plans: what an update of a launch would do to its resources, told from the templates; they are not executed."""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services.cloudformation import engine

from pavedroad_platform.launching.changes import Change
from pavedroad_platform.launching.comparison import compare
from pavedroad_platform.sandbox.emulator.service_catalog import browsing
from pavedroad_platform.sandbox.emulator.service_catalog.provisioned_products import find_launch, stack_of, status_of
from pavedroad_platform.sandbox.emulator.service_catalog.request import Answer, Request
from pavedroad_platform.sandbox.emulator.service_catalog.state import (
    Artifact,
    Plan,
    ProvisionedProduct,
    RefusedError,
    catalog,
    here,
    invalid,
    new_id,
    not_found,
)


def create_plan(request: Request) -> Answer:
    """CreateProvisionedProductPlan, of a launch that stands."""
    name, kind = request.required("PlanName", "PlanType")
    if kind != "CLOUDFORMATION":
        raise invalid(f"Plan type {kind} is not one of [CLOUDFORMATION]")
    launch = find_launch(request)
    if status_of(launch) not in {"AVAILABLE", "TAINTED"} or any(plan.launch == launch.id for plan in _plans_here()):
        raise RefusedError("InvalidStateException", f"Provisioned product {launch.name} is under change or has a plan.")
    product = browsing.find_product(request)
    artifact = browsing.find_artifact(product, request)
    portfolio = browsing.find_path(product, request)
    parameters = request.input.get("ProvisioningParameters", [])
    plan = Plan(
        id=new_id("plan"),
        name=name,
        launch=launch.id,
        product=product.id,
        artifact=artifact.id,
        path=browsing.path_id(portfolio),
        parameters=parameters,
        changes=[_shown(change) for change in _changes(launch, artifact, parameters)],
    )
    catalog.plans[plan.id] = plan
    return {
        "PlanName": name,
        "PlanId": plan.id,
        "ProvisionProductId": launch.id,
        "ProvisionedProductName": launch.name,
        "ProvisioningArtifactId": artifact.id,
    }


def _plans_here() -> list[Plan]:
    """The plans of the current account and region."""
    return list(here(catalog.plans.values()))


def _changes(launch: ProvisionedProduct, artifact: Artifact, parameters: list[dict[str, Any]]) -> list[Change]:
    running = next(each for each in catalog.products[launch.product].artifacts if each.id == launch.artifact)
    before, after = (engine._parse_template(each.body) for each in (running, artifact))
    had = {each["ParameterKey"]: str(each["ParameterValue"]) for each in stack_of(launch).get("Parameters", [])}
    given = {each["Key"]: each.get("Value", "") for each in parameters if not each.get("UsePreviousValue")}
    kept = {each["Key"] for each in parameters if each.get("UsePreviousValue")}
    defaults = {name: str(it.get("Default", "")) for name, it in after.get("Parameters", {}).items()}
    will = {name: given.get(name, had.get(name, "") if name in kept else default) for name, default in defaults.items()}
    return compare(before, after, {name for name, value in will.items() if had.get(name) != value})


def _shown(change: Change) -> dict[str, Any]:
    recreation = {"TRUE": "Always", "CONDITIONAL": "Conditionally"}.get(change.replacement, "Never")
    shown: dict[str, Any] = {
        "Action": change.action,
        "LogicalResourceId": change.resource,
        "ResourceType": change.type,
        "Scope": ["PROPERTIES"] if change.causes else [],
        "Details": [
            {"Target": {"Attribute": "PROPERTIES", "Name": name, "RequiresRecreation": recreation}}
            for name in change.causes
        ],
    }
    return shown | ({"Replacement": change.replacement} if change.action == "MODIFY" else {})


def _find(request: Request) -> Plan:
    (identifier,) = request.required("PlanId")
    plan = catalog.plans.get(identifier)
    if plan is None or not plan.is_here:
        raise not_found(f"Plan {identifier}")
    return plan


def describe_plan(request: Request) -> Answer:
    """DescribeProvisionedProductPlan."""
    plan = _find(request)
    return {
        "ProvisionedProductPlanDetails": {
            **_summary(plan),
            "CreatedTime": plan.created,
            "PathId": plan.path,
            "ProductId": plan.product,
            "Status": "CREATE_SUCCESS",
            "ProvisioningParameters": plan.parameters,
        },
        "ResourceChanges": plan.changes,
    }


def list_plans(request: Request) -> Answer:
    """ListProvisionedProductPlans."""
    wanted = request.text("ProvisionProductId")
    return {"ProvisionedProductPlans": [_summary(plan) for plan in _plans_here() if wanted in {"", plan.launch}]}


def _summary(plan: Plan) -> Answer:
    return {
        "PlanName": plan.name,
        "PlanId": plan.id,
        "ProvisionProductId": plan.launch,
        "ProvisionProductName": catalog.launches[plan.launch].name,
        "PlanType": "CLOUDFORMATION",
        "ProvisioningArtifactId": plan.artifact,
    }


def delete_plan(request: Request) -> Answer:
    """DeleteProvisionedProductPlan."""
    del catalog.plans[_find(request).id]
    return {}


OPERATIONS: Mapping[str, Callable[[Request], Answer]] = {
    "CreateProvisionedProductPlan": create_plan,
    "DeleteProvisionedProductPlan": delete_plan,
    "DescribeProvisionedProductPlan": describe_plan,
    "ListProvisionedProductPlans": list_plans,
}
"""The operations by name."""
