"""The user's side: finding products, the ways to launch them, and what a launch asks for."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services.cloudformation import engine

from pavedroad_platform.sandbox.emulator.service_catalog import access
from pavedroad_platform.sandbox.emulator.service_catalog.products import artifact_detail, view_summary
from pavedroad_platform.sandbox.emulator.service_catalog.request import Answer, Request
from pavedroad_platform.sandbox.emulator.service_catalog.state import (
    Artifact,
    Constraint,
    Portfolio,
    Product,
    catalog,
    invalid,
    not_found,
)

_PARAMETER_CONSTRAINTS = (
    "AllowedPattern",
    "ConstraintDescription",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
)


def path_id(portfolio: Portfolio) -> str:
    """The launch path through a portfolio."""
    return portfolio.id.replace("port-", "lpv3-")


def find_product(request: Request) -> Product:
    """The product that a user's call names, if the user may launch it."""
    identifier = request.text("ProductId") or request.text("Id").replace("prodview-", "prod-")
    name = request.text("ProductName") or request.text("Name")
    for product in access.visible_products():
        if (identifier == product.id or (not identifier and name == product.name)) and access.launch_portfolios(
            product, request.caller
        ):
            return product
    raise not_found(f"Product {identifier or name}")


def find_artifact(product: Product, request: Request) -> Artifact:
    """The active version that a user's call names."""
    identifier, name = request.text("ProvisioningArtifactId"), request.text("ProvisioningArtifactName")
    for artifact in product.artifacts:
        if artifact.active and (identifier == artifact.id or (not identifier and name == artifact.name)):
            return artifact
    raise not_found(f"Provisioning artifact {identifier or name} of product {product.id}")


def find_path(product: Product, request: Request) -> Portfolio:
    """The portfolio to launch through: the named one, or the only one."""
    portfolios = access.launch_portfolios(product, request.caller)
    wanted, name = request.text("PathId"), request.text("PathName")
    if wanted or name:
        portfolios = [
            each for each in portfolios if wanted == path_id(each) or (not wanted and name == each.display_name)
        ]
    if not portfolios:
        raise not_found(f"No launch paths found for resource: {product.id}; launch path {wanted or name}")
    if len(portfolios) > 1:
        raise invalid(f"Product {product.id} has several launch paths; PathId must name one.")
    return portfolios[0]


def constraints(portfolio: Portfolio, product: Product, kind: str = "") -> list[Constraint]:
    """The constraints of a product in a portfolio."""
    return [
        rule
        for rule in catalog.constraints.values()
        if (rule.portfolio, rule.product) == (portfolio.id, product.id) and kind in {"", rule.type}
    ]


def constraint_rules(portfolio: Portfolio, product: Product) -> dict[str, Any]:
    """The rules that the template constraints add to a product's own."""
    return {
        name: rule
        for constraint in constraints(portfolio, product, "TEMPLATE")
        for name, rule in constraint.parameters.get("Rules", {}).items()
    }


def _summaries(portfolio: Portfolio, product: Product) -> list[Answer]:
    return [{"Type": rule.type, "Description": rule.description} for rule in constraints(portfolio, product)]


def search_products(request: Request) -> Answer:
    """SearchProducts."""
    filters = request.input.get("Filters") or {}
    words = " ".join(filters.get("FullTextSearch", [])).lower()
    owners = filters.get("Owner", [])
    found = [
        product
        for product in access.visible_products()
        if access.launch_portfolios(product, request.caller)
        and words in f"{product.name} {product.about.get('Description', '')}".lower()
        and (not owners or product.about.get("Owner") in owners)
    ]
    return {"ProductViewSummaries": [view_summary(product) for product in found], "ProductViewAggregations": {}}


def describe_product(request: Request) -> Answer:
    """DescribeProduct and DescribeProductView."""
    product = find_product(request)
    versions = [
        {name: value for name, value in artifact_detail(artifact).items() if name not in {"Active", "Type"}}
        for artifact in product.artifacts
        if artifact.active
    ]
    paths = [
        {"Id": path_id(portfolio), "Name": portfolio.display_name}
        for portfolio in access.launch_portfolios(product, request.caller)
    ]
    return {
        "ProductViewSummary": view_summary(product),
        "ProvisioningArtifacts": versions,
        "Budgets": [],
        "LaunchPaths": paths,
    }


def list_launch_paths(request: Request) -> Answer:
    """ListLaunchPaths."""
    product = find_product(request)
    paths = [
        {
            "Id": path_id(portfolio),
            "Name": portfolio.display_name,
            "ConstraintSummaries": _summaries(portfolio, product),
            "Tags": [*portfolio.tags, *product.tags],
        }
        for portfolio in access.launch_portfolios(product, request.caller)
    ]
    return {"LaunchPathSummaries": paths}


def describe_provisioning_artifact(request: Request) -> Answer:
    """DescribeProvisioningArtifact: also of an inactive version, for the administrator who owns it."""
    name = request.text("ProductName")
    identifier = request.text("ProductId")
    for product in access.visible_products():
        if identifier == product.id or (not identifier and name == product.name):
            artifact = _any_artifact(product, request)
            answer: Answer = {
                "ProvisioningArtifactDetail": artifact_detail(artifact),
                "Info": {"TemplateUrl": artifact.url},
                "Status": "AVAILABLE",
            }
            if request.input.get("IncludeProvisioningArtifactParameters"):
                answer["ProvisioningArtifactParameters"] = _parameters(artifact)
            return answer
    raise not_found(f"Product {identifier or name}")


def _any_artifact(product: Product, request: Request) -> Artifact:
    identifier, name = request.text("ProvisioningArtifactId"), request.text("ProvisioningArtifactName")
    for artifact in product.artifacts:
        if identifier == artifact.id or (not identifier and name == artifact.name):
            return artifact
    raise not_found(f"Provisioning artifact {identifier or name} of product {product.id}")


def describe_provisioning_parameters(request: Request) -> Answer:
    """DescribeProvisioningParameters."""
    product = find_product(request)
    artifact = find_artifact(product, request)
    portfolio = find_path(product, request)
    options = [{"Key": key, "Values": values} for key, values in access.tag_options(portfolio, product).items()]
    template = engine._parse_template(artifact.body)
    instructions = {
        **template.get("Metadata", {}),
        "rules": {**template.get("Rules", {}), **constraint_rules(portfolio, product)},
    }
    return {
        "ProvisioningArtifactParameters": _parameters(artifact),
        "ConstraintSummaries": _summaries(portfolio, product),
        "UsageInstructions": [{"Type": name, "Value": json.dumps(value)} for name, value in instructions.items()],
        "TagOptions": options,
        "ProvisioningArtifactOutputKeys": [
            {"Key": name, "Description": output.get("Description", "")}
            for name, output in template.get("Outputs", {}).items()
        ],
    }


def _parameters(artifact: Artifact) -> list[Answer]:
    parameters = engine._parse_template(artifact.body).get("Parameters", {})
    return [_parameter(name, definition) for name, definition in parameters.items()]


def _parameter(name: str, definition: Mapping[str, Any]) -> Answer:
    limits: dict[str, Any] = {key: str(definition[key]) for key in _PARAMETER_CONSTRAINTS if key in definition}
    if "AllowedValues" in definition:
        limits["AllowedValues"] = [str(value) for value in definition["AllowedValues"]]
    shown: Answer = {
        "ParameterKey": name,
        "ParameterType": definition["Type"],
        "IsNoEcho": str(definition.get("NoEcho", False)).lower() == "true",
        "Description": definition.get("Description", ""),
        "ParameterConstraints": limits,
    }
    if "Default" in definition:
        shown["DefaultValue"] = str(definition["Default"])
    return shown


OPERATIONS: Mapping[str, Callable[[Request], Answer]] = {
    "DescribeProduct": describe_product,
    "DescribeProductView": describe_product,
    "DescribeProvisioningArtifact": describe_provisioning_artifact,
    "DescribeProvisioningParameters": describe_provisioning_parameters,
    "ListLaunchPaths": list_launch_paths,
    "SearchProducts": search_products,
}
"""The operations by name."""
