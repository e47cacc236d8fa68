"""Portfolios, and who and what stands in them."""

from collections.abc import Callable, Mapping

from ministack.core.responses import get_account_id

from pavedroad_platform.sandbox.emulator.service_catalog import access
from pavedroad_platform.sandbox.emulator.service_catalog.request import Answer, Request, changed_tags
from pavedroad_platform.sandbox.emulator.service_catalog.state import (
    Portfolio,
    PrincipalAssociation,
    ProductAssociation,
    RefusedError,
    catalog,
    here,
    in_use,
    invalid,
    new_id,
    not_found,
)
from pavedroad_platform.sandbox.emulator.service_catalog.tag_options import tag_option_detail

_MOST_PRINCIPALS = 10  # an IAM_PATTERN quota of a portfolio


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
    portfolio.tags = changed_tags(portfolio.tags, request)
    return {"PortfolioDetail": portfolio_detail(portfolio), "Tags": portfolio.tags}


def delete_portfolio(request: Request) -> Answer:
    """DeletePortfolio."""
    portfolio = access.own_portfolio(request.text("Id"))
    kinds = (catalog.product_associations, catalog.principal_associations, catalog.shares, catalog.constraints.values())
    if any(link.portfolio == portfolio.id for kind in kinds for link in kind):
        raise in_use(f"Portfolio {portfolio.id} has associations and cannot be deleted.")
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
        raise in_use(f"Product {link.product} has constraints in portfolio {link.portfolio}.")
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
    link = PrincipalAssociation(portfolio.id, get_account_id(), arn, kind)
    patterns = [each for each in catalog.principal_associations if each.portfolio == portfolio.id and each.kind == kind]
    if link in catalog.principal_associations:
        return {}
    if kind == "IAM_PATTERN" and len(patterns) >= _MOST_PRINCIPALS:
        raise RefusedError("LimitExceededException", f"A portfolio has at most {_MOST_PRINCIPALS} principal names.")
    catalog.principal_associations.append(link)
    return {}


def disassociate_principal(request: Request) -> Answer:
    """DisassociatePrincipalFromPortfolio."""
    portfolio = access.visible_portfolio(request.text("PortfolioId"))
    catalog.principal_associations[:] = [
        link
        for link in catalog.principal_associations
        if (link.portfolio, link.account, link.principal)
        != (portfolio.id, get_account_id(), request.text("PrincipalARN"))
    ]
    return {}


def list_principals(request: Request) -> Answer:
    """ListPrincipalsForPortfolio."""
    portfolio = access.visible_portfolio(request.text("PortfolioId"))
    found = [
        {"PrincipalARN": link.principal, "PrincipalType": link.kind}
        for link in catalog.principal_associations
        if (link.portfolio, link.account) == (portfolio.id, get_account_id())
    ]
    return {"Principals": found}


OPERATIONS: Mapping[str, Callable[[Request], Answer]] = {
    "AssociatePrincipalWithPortfolio": associate_principal,
    "AssociateProductWithPortfolio": associate_product,
    "CreatePortfolio": create_portfolio,
    "DeletePortfolio": delete_portfolio,
    "DescribePortfolio": describe_portfolio,
    "DisassociatePrincipalFromPortfolio": disassociate_principal,
    "DisassociateProductFromPortfolio": disassociate_product,
    "ListPortfolios": list_portfolios,
    "ListPortfoliosForProduct": list_portfolios_for_product,
    "ListPrincipalsForPortfolio": list_principals,
    "UpdatePortfolio": update_portfolio,
}
"""The operations by name."""
