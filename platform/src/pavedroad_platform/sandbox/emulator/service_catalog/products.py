"""Products and their versions, as their administrator sees them."""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services.cloudformation import engine

from pavedroad_platform.sandbox.emulator.service_catalog import access
from pavedroad_platform.sandbox.emulator.service_catalog.request import Answer, Request, changed_tags
from pavedroad_platform.sandbox.emulator.service_catalog.state import (
    Artifact,
    Product,
    catalog,
    in_use,
    invalid,
    new_id,
    not_found,
)
from pavedroad_platform.sandbox.emulator.service_catalog.tag_options import tag_option_detail
from pavedroad_platform.sandbox.emulator.stacks import template_at


def view_summary(product: Product) -> Answer:
    """A product as its view shows it."""
    about = product.about
    return {
        "Id": product.id.replace("prod-", "prodview-"),
        "ProductId": product.id,
        "Name": product.name,
        "Owner": about.get("Owner", ""),
        "ShortDescription": about.get("Description", ""),
        "Type": "CLOUD_FORMATION_TEMPLATE",
        "Distributor": about.get("Distributor", ""),
        "HasDefaultPath": False,
        "SupportEmail": about.get("SupportEmail", ""),
        "SupportDescription": about.get("SupportDescription", ""),
        "SupportUrl": about.get("SupportUrl", ""),
    }


def _view_detail(product: Product) -> Answer:
    return {
        "ProductViewSummary": view_summary(product),
        "Status": "AVAILABLE",
        "ProductARN": product.arn,
        "CreatedTime": product.created,
    }


def artifact_detail(artifact: Artifact) -> Answer:
    """A version as the administrator sees it."""
    return {
        "Id": artifact.id,
        "Name": artifact.name,
        "Description": artifact.description,
        "Type": "CLOUD_FORMATION_TEMPLATE",
        "CreatedTime": artifact.created,
        "Active": artifact.active,
        "Guidance": artifact.guidance,
    }


_ABOUT = ("Name", "Owner", "Description", "Distributor", "SupportDescription", "SupportEmail", "SupportUrl")


def create_product(request: Request) -> Answer:
    """CreateProduct."""
    request.required("Name", "Owner")
    artifact = _new_artifact(request.input.get("ProvisioningArtifactParameters") or {}, number=1)
    product = Product(
        id=new_id("prod"),
        about={name: request.text(name) for name in _ABOUT},
        tags=list(request.input.get("Tags", [])),
        artifacts=[artifact],
    )
    catalog.products[product.id] = product
    return {
        "ProductViewDetail": _view_detail(product),
        "ProvisioningArtifactDetail": artifact_detail(artifact),
        "Tags": product.tags,
    }


def _new_artifact(parameters: Mapping[str, Any], *, number: int) -> Artifact:
    url = (parameters.get("Info") or {}).get("LoadTemplateFromURL", "")
    if not url:
        raise invalid("Info must have LoadTemplateFromURL.")
    try:
        body = template_at(url)
        template = engine._parse_template(body)
    except ValueError as error:
        raise invalid(f"Invalid templateBody. Please make sure that your template is valid: {error}") from error
    if not template.get("Resources"):
        raise invalid("Invalid templateBody: at least one Resources member must be defined.")
    return Artifact(
        id=new_id("pa"),
        name=parameters.get("Name") or f"v{number}",
        description=parameters.get("Description", ""),
        url=url,
        body=body,
    )


def update_product(request: Request) -> Answer:
    """UpdateProduct."""
    product = access.own_product(request.text("Id"))
    product.about |= {name: request.text(name) for name in _ABOUT if name in request.input}
    product.tags = changed_tags(product.tags, request)
    return {"ProductViewDetail": _view_detail(product), "Tags": product.tags}


def delete_product(request: Request) -> Answer:
    """DeleteProduct."""
    product = access.own_product(request.text("Id"))
    if any(link.product == product.id for link in catalog.product_associations):
        raise in_use(f"Product {product.id} is associated with a portfolio and cannot be deleted.")
    del catalog.products[product.id]
    return {}


def describe_product_as_admin(request: Request) -> Answer:
    """DescribeProductAsAdmin."""
    identifier, name = request.text("Id"), request.text("Name")
    product = next((found for found in access.visible_products() if identifier == found.id or name == found.name), None)
    if product is None:
        raise not_found(f"Product {identifier or name}")
    options = [
        tag_option_detail(catalog.tag_options[link.tag_option])
        for link in catalog.tag_option_associations
        if link.resource == product.id
    ]
    return {
        "ProductViewDetail": _view_detail(product),
        "ProvisioningArtifactSummaries": [
            {
                name: value
                for name, value in artifact_detail(artifact).items()
                if name not in {"Active", "Guidance", "Type"}
            }
            for artifact in product.artifacts
        ],
        "Tags": product.tags,
        "TagOptions": options,
        "Budgets": [],
    }


def search_products_as_admin(request: Request) -> Answer:
    """SearchProductsAsAdmin."""
    portfolio = request.text("PortfolioId")
    if portfolio:
        access.visible_portfolio(portfolio)
    inside = {link.product for link in catalog.product_associations if link.portfolio == portfolio}
    words = " ".join(word for words in (request.input.get("Filters") or {}).values() for word in words).lower()
    found = [
        product
        for product in access.visible_products()
        if (product.id in inside if portfolio else product.is_here)
        and words in f"{product.id} {product.name} {product.about.get('Description', '')}".lower()
    ]
    return {"ProductViewDetails": [_view_detail(product) for product in found]}


def create_provisioning_artifact(request: Request) -> Answer:
    """CreateProvisioningArtifact."""
    product = access.own_product(request.text("ProductId"))
    artifact = _new_artifact(request.input.get("Parameters") or {}, number=len(product.artifacts) + 1)
    product.artifacts.append(artifact)
    return {
        "ProvisioningArtifactDetail": artifact_detail(artifact),
        "Info": {"TemplateUrl": artifact.url},
        "Status": "AVAILABLE",
    }


def own_artifact(product: Product, artifact_id: str) -> Artifact:
    """A version of a product, active or not."""
    artifact = next((found for found in product.artifacts if found.id == artifact_id), None)
    if artifact is None:
        raise not_found(f"Provisioning artifact {artifact_id}")
    return artifact


def update_provisioning_artifact(request: Request) -> Answer:
    """UpdateProvisioningArtifact."""
    product = access.own_product(request.text("ProductId"))
    artifact = own_artifact(product, request.text("ProvisioningArtifactId"))
    artifact.name = request.text("Name") or artifact.name
    artifact.description = request.input.get("Description", artifact.description)
    artifact.active = bool(request.input.get("Active", artifact.active))
    guidance = request.input.get("Guidance", artifact.guidance)
    if guidance not in {"DEFAULT", "DEPRECATED"}:
        raise invalid(f"Guidance must be DEFAULT or DEPRECATED, not {guidance}.")
    artifact.guidance = guidance
    return {
        "ProvisioningArtifactDetail": artifact_detail(artifact),
        "Info": {"TemplateUrl": artifact.url},
        "Status": "AVAILABLE",
    }


def delete_provisioning_artifact(request: Request) -> Answer:
    """DeleteProvisioningArtifact."""
    product = access.own_product(request.text("ProductId"))
    artifact = own_artifact(product, request.text("ProvisioningArtifactId"))
    if len(product.artifacts) == 1:
        raise in_use("The last provisioning artifact of a product cannot be deleted.")
    product.artifacts.remove(artifact)
    return {}


def list_provisioning_artifacts(request: Request) -> Answer:
    """ListProvisioningArtifacts."""
    product = next((found for found in access.visible_products() if found.id == request.text("ProductId")), None)
    if product is None:
        raise not_found(f"Product {request.text('ProductId')}")
    return {"ProvisioningArtifactDetails": [artifact_detail(artifact) for artifact in product.artifacts]}


OPERATIONS: Mapping[str, Callable[[Request], Answer]] = {
    "CreateProduct": create_product,
    "CreateProvisioningArtifact": create_provisioning_artifact,
    "DeleteProduct": delete_product,
    "DeleteProvisioningArtifact": delete_provisioning_artifact,
    "DescribeProductAsAdmin": describe_product_as_admin,
    "ListProvisioningArtifacts": list_provisioning_artifacts,
    "SearchProductsAsAdmin": search_products_as_admin,
    "UpdateProduct": update_product,
    "UpdateProvisioningArtifact": update_provisioning_artifact,
}
"""The operations by name."""
