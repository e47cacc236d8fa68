"""The administrator's side: portfolios, products and their versions, principals, constraints, tag options."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import iam
from ministack.services.cloudformation import engine

from pavedroad_platform.sandbox.emulator.service_catalog import access
from pavedroad_platform.sandbox.emulator.service_catalog.request import Answer, Request
from pavedroad_platform.sandbox.emulator.service_catalog.state import (
    Artifact,
    Constraint,
    Portfolio,
    PrincipalAssociation,
    Product,
    ProductAssociation,
    RefusedError,
    TagOption,
    TagOptionAssociation,
    catalog,
    here,
    invalid,
    new_id,
    not_found,
)
from pavedroad_platform.sandbox.emulator.stacks import template_at

_MOST_PRINCIPALS = 10  # an IAM_PATTERN quota of a portfolio


def _in_use(message: str) -> RefusedError:
    return RefusedError("ResourceInUseException", message)


def _duplicate(message: str) -> RefusedError:
    return RefusedError("DuplicateResourceException", message)


# Portfolios


def portfolio_detail(portfolio: Portfolio) -> Answer:
    """A portfolio as the API shows it."""
    return {
        "Id": portfolio.id,
        "ARN": portfolio.arn,
        "DisplayName": portfolio.display_name,
        "Description": portfolio.description,
        "CreatedTime": portfolio.created,
        "ProviderName": portfolio.provider_name,
    }


def create_portfolio(request: Request) -> Answer:
    """CreatePortfolio."""
    name, provider = request.required("DisplayName", "ProviderName")
    portfolio = Portfolio(
        id=new_id("port"),
        display_name=name,
        provider_name=provider,
        description=request.text("Description"),
        tags=list(request.input.get("Tags", [])),
    )
    catalog.portfolios[portfolio.id] = portfolio
    return {"PortfolioDetail": portfolio_detail(portfolio), "Tags": portfolio.tags}


def update_portfolio(request: Request) -> Answer:
    """UpdatePortfolio."""
    portfolio = access.own_portfolio(request.text("Id"))
    portfolio.display_name = request.text("DisplayName") or portfolio.display_name
    portfolio.provider_name = request.text("ProviderName") or portfolio.provider_name
    portfolio.description = request.input.get("Description", portfolio.description)
    portfolio.tags = _changed_tags(portfolio.tags, request)
    return {"PortfolioDetail": portfolio_detail(portfolio), "Tags": portfolio.tags}


def _changed_tags(tags: list[dict[str, str]], request: Request) -> list[dict[str, str]]:
    added = list(request.input.get("AddTags", []))
    gone = {*request.input.get("RemoveTags", []), *(tag["Key"] for tag in added)}
    return [tag for tag in tags if tag["Key"] not in gone] + added


def delete_portfolio(request: Request) -> Answer:
    """DeletePortfolio."""
    portfolio = access.own_portfolio(request.text("Id"))
    kinds = (catalog.product_associations, catalog.principal_associations, catalog.shares, catalog.constraints.values())
    if any(link.portfolio == portfolio.id for kind in kinds for link in kind):  # type: ignore[attr-defined]
        raise _in_use(f"Portfolio {portfolio.id} has associations and cannot be deleted.")
    del catalog.portfolios[portfolio.id]
    return {}


def describe_portfolio(request: Request) -> Answer:
    """DescribePortfolio."""
    portfolio = access.visible_portfolio(request.text("Id"))
    options = [
        tag_option_detail(catalog.tag_options[link.tag_option])
        for link in catalog.tag_option_associations
        if link.resource == portfolio.id
    ]
    return {"PortfolioDetail": portfolio_detail(portfolio), "Tags": portfolio.tags, "TagOptions": options}


def list_portfolios(_request: Request) -> Answer:
    """ListPortfolios."""
    return {"PortfolioDetails": [portfolio_detail(portfolio) for portfolio in here(catalog.portfolios.values())]}


def list_portfolios_for_product(request: Request) -> Answer:
    """ListPortfoliosForProduct."""
    containing = {link.portfolio for link in catalog.product_associations if link.product == request.text("ProductId")}
    found = [portfolio for portfolio in access.visible_portfolios() if portfolio.id in containing]
    return {"PortfolioDetails": [portfolio_detail(portfolio) for portfolio in found]}


# Products and their versions


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
        template = engine._parse_template(body)  # noqa: SLF001
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
    product.tags = _changed_tags(product.tags, request)
    return {"ProductViewDetail": _view_detail(product), "Tags": product.tags}


def delete_product(request: Request) -> Answer:
    """DeleteProduct."""
    product = access.own_product(request.text("Id"))
    if any(link.product == product.id for link in catalog.product_associations):
        raise _in_use(f"Product {product.id} is associated with a portfolio and cannot be deleted.")
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
    words = " ".join(sum((request.input.get("Filters") or {}).values(), [])).lower()
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
        raise _in_use("The last provisioning artifact of a product cannot be deleted.")
    product.artifacts.remove(artifact)
    return {}


def list_provisioning_artifacts(request: Request) -> Answer:
    """ListProvisioningArtifacts."""
    product = next((found for found in access.visible_products() if found.id == request.text("ProductId")), None)
    if product is None:
        raise not_found(f"Product {request.text('ProductId')}")
    return {"ProvisioningArtifactDetails": [artifact_detail(artifact) for artifact in product.artifacts]}


# Who and what stands in a portfolio


def associate_product(request: Request) -> Answer:
    """AssociateProductWithPortfolio."""
    portfolio = access.own_portfolio(request.text("PortfolioId"))
    product = next((found for found in access.visible_products() if found.id == request.text("ProductId")), None)
    if product is None:
        raise not_found(f"Product {request.text('ProductId')}")
    link = ProductAssociation(portfolio.id, product.id)
    if link not in catalog.product_associations:
        catalog.product_associations.append(link)
    return {}


def disassociate_product(request: Request) -> Answer:
    """DisassociateProductFromPortfolio."""
    link = ProductAssociation(access.own_portfolio(request.text("PortfolioId")).id, request.text("ProductId"))
    if any((rule.portfolio, rule.product) == (link.portfolio, link.product) for rule in catalog.constraints.values()):
        raise _in_use(f"Product {link.product} has constraints in portfolio {link.portfolio}.")
    if link not in catalog.product_associations:
        raise not_found(f"Product {link.product} in portfolio {link.portfolio}")
    catalog.product_associations.remove(link)
    return {}


def associate_principal(request: Request) -> Answer:
    """AssociatePrincipalWithPortfolio; also for an imported portfolio, in the account that it is shared with."""
    portfolio = access.visible_portfolio(request.text("PortfolioId"))
    (arn,) = request.required("PrincipalARN")
    kind = request.text("PrincipalType") or "IAM"
    if kind == "IAM_PATTERN" and not arn.startswith("arn:aws:iam:::"):
        raise invalid(f"An IAM_PATTERN has no account: arn:aws:iam:::role/name, not {arn}.")
    link = PrincipalAssociation(portfolio.id, _current_account(), arn, kind)
    patterns = [each for each in catalog.principal_associations if each.portfolio == portfolio.id and each.kind == kind]
    if link in catalog.principal_associations:
        return {}
    if kind == "IAM_PATTERN" and len(patterns) >= _MOST_PRINCIPALS:
        raise RefusedError("LimitExceededException", f"A portfolio has at most {_MOST_PRINCIPALS} principal names.")
    catalog.principal_associations.append(link)
    return {}


def _current_account() -> str:
    from ministack.core.responses import get_account_id

    return str(get_account_id())


def disassociate_principal(request: Request) -> Answer:
    """DisassociatePrincipalFromPortfolio."""
    portfolio = access.visible_portfolio(request.text("PortfolioId"))
    catalog.principal_associations[:] = [
        link
        for link in catalog.principal_associations
        if (link.portfolio, link.account, link.principal)
        != (portfolio.id, _current_account(), request.text("PrincipalARN"))
    ]
    return {}


def list_principals(request: Request) -> Answer:
    """ListPrincipalsForPortfolio."""
    portfolio = access.visible_portfolio(request.text("PortfolioId"))
    found = [
        {"PrincipalARN": link.principal, "PrincipalType": link.kind}
        for link in catalog.principal_associations
        if (link.portfolio, link.account) == (portfolio.id, _current_account())
    ]
    return {"Principals": found}


# Constraints


def constraint_detail(constraint: Constraint) -> Answer:
    """A constraint as the API shows it."""
    return {
        "ConstraintId": constraint.id,
        "Type": constraint.type,
        "Description": constraint.description,
        "Owner": constraint.account,
        "ProductId": constraint.product,
        "PortfolioId": constraint.portfolio,
    }


_CONSTRAINT_TYPES = ("LAUNCH", "NOTIFICATION", "RESOURCE_UPDATE", "STACKSET", "TEMPLATE")


def create_constraint(request: Request) -> Answer:
    """CreateConstraint."""
    portfolio_id, product_id, kind = request.required("PortfolioId", "ProductId", "Type")
    portfolio = access.visible_portfolio(portfolio_id)
    if kind not in _CONSTRAINT_TYPES:
        raise invalid(f"Type must be one of {', '.join(_CONSTRAINT_TYPES)}, not {kind}.")
    if ProductAssociation(portfolio.id, product_id) not in catalog.product_associations:
        raise not_found(f"Product {product_id} in portfolio {portfolio.id}")
    others = [
        rule.type
        for rule in catalog.constraints.values()
        if (rule.portfolio, rule.product, rule.account) == (portfolio.id, product_id, _current_account())
    ]
    if kind in {"LAUNCH", "RESOURCE_UPDATE", "STACKSET"} and kind in others:
        raise _duplicate(f"There is a {kind} constraint for product {product_id} in portfolio {portfolio.id} already.")
    constraint = Constraint(
        id=new_id("cons"),
        type=kind,
        portfolio=portfolio.id,
        product=product_id,
        parameters=_constraint_parameters(kind, request.text("Parameters")),
        description=request.text("Description"),
    )
    catalog.constraints[constraint.id] = constraint
    return _constraint_answer(constraint)


def _constraint_answer(constraint: Constraint) -> Answer:
    return {
        "ConstraintDetail": constraint_detail(constraint),
        "ConstraintParameters": json.dumps(constraint.parameters),
        "Status": "AVAILABLE",
    }


def _constraint_parameters(kind: str, text: str) -> dict[str, Any]:
    try:
        parameters: dict[str, Any] = json.loads(text or "{}")
    except json.JSONDecodeError as error:
        raise invalid(f"Parameters is not JSON: {error}") from error
    if kind == "LAUNCH":
        _require_launch_role(parameters)
    return parameters


def _require_launch_role(parameters: Mapping[str, Any]) -> None:
    if ("RoleArn" in parameters) == ("LocalRoleName" in parameters):
        raise invalid("A launch constraint has either RoleArn or LocalRoleName.")
    role = parameters.get("RoleArn") or f"arn:aws:iam::{_current_account()}:role/{parameters['LocalRoleName']}"
    if iam._roles.get_scoped(role.split(":")[4], None, role.rsplit("/", 1)[-1]) is None:  # noqa: SLF001
        raise invalid(f"The launch role {role} does not exist.")


def _own_constraint(request: Request) -> Constraint:
    constraint = catalog.constraints.get(request.text("Id"))
    if constraint is None or not constraint.is_here:
        raise not_found(f"Constraint {request.text('Id')}")
    return constraint


def update_constraint(request: Request) -> Answer:
    """UpdateConstraint."""
    constraint = _own_constraint(request)
    constraint.description = request.input.get("Description", constraint.description)
    if "Parameters" in request.input:
        constraint.parameters = _constraint_parameters(constraint.type, request.text("Parameters"))
    return _constraint_answer(constraint)


def delete_constraint(request: Request) -> Answer:
    """DeleteConstraint."""
    del catalog.constraints[_own_constraint(request).id]
    return {}


def describe_constraint(request: Request) -> Answer:
    """DescribeConstraint."""
    return _constraint_answer(_own_constraint(request))


def list_constraints(request: Request) -> Answer:
    """ListConstraintsForPortfolio."""
    portfolio = access.visible_portfolio(request.text("PortfolioId"))
    product = request.text("ProductId")
    found = [
        constraint_detail(rule)
        for rule in catalog.constraints.values()
        if rule.portfolio == portfolio.id and product in {"", rule.product}
    ]
    return {"ConstraintDetails": found}


# Tag options


def tag_option_detail(option: TagOption) -> Answer:
    """A tag option as the API shows it."""
    return {"Id": option.id, "Key": option.key, "Value": option.value, "Active": option.active, "Owner": option.account}


def create_tag_option(request: Request) -> Answer:
    """CreateTagOption."""
    key, value = request.required("Key", "Value")
    if any((option.key, option.value) == (key, value) for option in here(catalog.tag_options.values())):
        raise _duplicate(f"The tag option {key}={value} exists already.")
    option = TagOption(id=new_id("tag"), key=key, value=value)
    catalog.tag_options[option.id] = option
    return {"TagOptionDetail": tag_option_detail(option)}


def _own_tag_option(identifier: str) -> TagOption:
    option = catalog.tag_options.get(identifier)
    if option is None or not option.is_here:
        raise not_found(f"Tag option {identifier}")
    return option


def update_tag_option(request: Request) -> Answer:
    """UpdateTagOption."""
    option = _own_tag_option(request.text("Id"))
    option.value = request.text("Value") or option.value
    option.active = bool(request.input.get("Active", option.active))
    return {"TagOptionDetail": tag_option_detail(option)}


def delete_tag_option(request: Request) -> Answer:
    """DeleteTagOption."""
    option = _own_tag_option(request.text("Id"))
    if any(link.tag_option == option.id for link in catalog.tag_option_associations):
        raise _in_use(f"Tag option {option.id} is associated with a resource.")
    del catalog.tag_options[option.id]
    return {}


def describe_tag_option(request: Request) -> Answer:
    """DescribeTagOption."""
    return {"TagOptionDetail": tag_option_detail(_own_tag_option(request.text("Id")))}


def list_tag_options(request: Request) -> Answer:
    """ListTagOptions."""
    wanted = request.input.get("Filters") or {}
    found = [tag_option_detail(option) for option in here(catalog.tag_options.values())]
    return {"TagOptionDetails": [each for each in found if all(each[name] == value for name, value in wanted.items())]}


def associate_tag_option(request: Request) -> Answer:
    """AssociateTagOptionWithResource."""
    option, resource = _own_tag_option(request.text("TagOptionId")), request.text("ResourceId")
    if resource not in catalog.portfolios and resource not in catalog.products:
        raise not_found(f"Resource {resource}")
    link = TagOptionAssociation(resource, option.id)
    if link in catalog.tag_option_associations:
        raise _duplicate(f"Tag option {option.id} is associated with {resource} already.")
    catalog.tag_option_associations.append(link)
    return {}


def disassociate_tag_option(request: Request) -> Answer:
    """DisassociateTagOptionFromResource."""
    link = TagOptionAssociation(request.text("ResourceId"), request.text("TagOptionId"))
    if link not in catalog.tag_option_associations:
        raise not_found(f"Tag option {link.tag_option} of {link.resource}")
    catalog.tag_option_associations.remove(link)
    return {}


def list_resources_for_tag_option(request: Request) -> Answer:
    """ListResourcesForTagOption."""
    option = _own_tag_option(request.text("TagOptionId"))
    resources: list[Portfolio | Product] = [*catalog.portfolios.values(), *catalog.products.values()]
    linked = {link.resource for link in catalog.tag_option_associations if link.tag_option == option.id}
    found = [
        {
            "Id": resource.id,
            "ARN": resource.arn,
            "Name": resource.display_name if isinstance(resource, Portfolio) else resource.name,
            "CreatedTime": resource.created,
        }
        for resource in resources
        if resource.id in linked
    ]
    return {"ResourceDetails": found}


OPERATIONS: Mapping[str, Callable[[Request], Answer]] = {
    "AssociatePrincipalWithPortfolio": associate_principal,
    "AssociateProductWithPortfolio": associate_product,
    "AssociateTagOptionWithResource": associate_tag_option,
    "CreateConstraint": create_constraint,
    "CreatePortfolio": create_portfolio,
    "CreateProduct": create_product,
    "CreateProvisioningArtifact": create_provisioning_artifact,
    "CreateTagOption": create_tag_option,
    "DeleteConstraint": delete_constraint,
    "DeletePortfolio": delete_portfolio,
    "DeleteProduct": delete_product,
    "DeleteProvisioningArtifact": delete_provisioning_artifact,
    "DeleteTagOption": delete_tag_option,
    "DescribeConstraint": describe_constraint,
    "DescribePortfolio": describe_portfolio,
    "DescribeProductAsAdmin": describe_product_as_admin,
    "DescribeTagOption": describe_tag_option,
    "DisassociatePrincipalFromPortfolio": disassociate_principal,
    "DisassociateProductFromPortfolio": disassociate_product,
    "DisassociateTagOptionFromResource": disassociate_tag_option,
    "ListConstraintsForPortfolio": list_constraints,
    "ListPortfolios": list_portfolios,
    "ListPortfoliosForProduct": list_portfolios_for_product,
    "ListPrincipalsForPortfolio": list_principals,
    "ListProvisioningArtifacts": list_provisioning_artifacts,
    "ListResourcesForTagOption": list_resources_for_tag_option,
    "ListTagOptions": list_tag_options,
    "SearchProductsAsAdmin": search_products_as_admin,
    "UpdateConstraint": update_constraint,
    "UpdatePortfolio": update_portfolio,
    "UpdateProduct": update_product,
    "UpdateProvisioningArtifact": update_provisioning_artifact,
    "UpdateTagOption": update_tag_option,
}
"""The operations by name."""
