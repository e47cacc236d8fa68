"""Which portfolios and products somebody sees: their account's own, those shared with it, and as whom."""

import re
from collections.abc import Iterator

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import iam

from pavedroad_platform.sandbox.emulator import organizations
from pavedroad_platform.sandbox.emulator.service_catalog.state import (
    Portfolio,
    Product,
    Share,
    TagOption,
    catalog,
    not_found,
)


def own_portfolio(portfolio_id: str) -> Portfolio:
    """A portfolio of the current account."""
    portfolio = catalog.portfolios.get(portfolio_id)
    if portfolio is None or not portfolio.is_here:
        raise not_found(f"Portfolio {portfolio_id}")
    return portfolio


def visible_portfolio(portfolio_id: str) -> Portfolio:
    """A portfolio of the current account, or one that is shared with it."""
    portfolio = catalog.portfolios.get(portfolio_id)
    if portfolio is None or not (portfolio.is_here or is_imported(portfolio)):
        raise not_found(f"Portfolio {portfolio_id}")
    return portfolio


def own_product(product_id: str) -> Product:
    """A product of the current account."""
    product = catalog.products.get(product_id)
    if product is None or not product.is_here:
        raise not_found(f"Product {product_id}")
    return product


def visible_products() -> Iterator[Product]:
    """The current account's products, and those in portfolios that are shared with it."""
    portfolios = {portfolio.id for portfolio in visible_portfolios()}
    shared = {link.product for link in catalog.product_associations if link.portfolio in portfolios}
    return (product for product in catalog.products.values() if product.is_here or product.id in shared)


def visible_portfolios() -> list[Portfolio]:
    """The current account's portfolios and the imported ones."""
    return [portfolio for portfolio in catalog.portfolios.values() if portfolio.is_here or is_imported(portfolio)]


def is_imported(portfolio: Portfolio) -> bool:
    """Whether the current account uses another account's portfolio: accepted, or shared through the organization."""
    if portfolio.account == get_account_id() or portfolio.region != get_region():
        return False
    return any(
        share.kind != "ACCOUNT" or (portfolio.id, get_account_id()) in catalog.acceptances
        for share in shares_with(portfolio, get_account_id())
    )


def shares_with(portfolio: Portfolio, account: str) -> list[Share]:
    """The shares of a portfolio that reach an account."""
    return [share for share in catalog.shares if share.portfolio == portfolio.id and account in recipients(share)]


def recipients(share: Share) -> list[str]:
    """The accounts that a share reaches now."""
    owner = catalog.portfolios[share.portfolio].account
    if share.kind in {"ACCOUNT", "ORGANIZATION_MEMBER_ACCOUNT"}:
        return [share.principal]
    with request_scope(owner, get_region()):
        return [account for account in organizations.accounts_under(share.principal) if account != owner]


def launch_portfolios(product: Product, caller: str) -> list[Portfolio]:
    """The portfolios through which the caller may launch a product."""
    containing = {link.portfolio for link in catalog.product_associations if link.product == product.id}
    return [
        portfolio for portfolio in visible_portfolios() if portfolio.id in containing and _is_granted(portfolio, caller)
    ]


def _is_granted(portfolio: Portfolio, caller: str) -> bool:
    arn = principal_arn(caller)
    account = get_account_id()
    shares_principals = portfolio.account != account and any(
        share.share_principals for share in shares_with(portfolio, account)
    )
    for association in catalog.principal_associations:
        if association.portfolio != portfolio.id:
            continue
        is_local = association.account == account
        if not is_local and not (shares_principals and association.kind == "IAM_PATTERN"):
            continue
        if _matches(arn, association.principal, is_pattern=association.kind == "IAM_PATTERN"):
            return True
    return False


def principal_arn(caller: str) -> str:
    """The role behind a role session; anybody else as they are."""
    session = re.fullmatch(r"arn:aws:sts::(\d+):assumed-role/([^/]+)/.+", caller)
    if not session:
        return caller
    role = iam._roles.get_scoped(session[1], None, session[2])
    return str(role["Arn"]) if role else f"arn:aws:iam::{session[1]}:role/{session[2]}"


def _matches(arn: str, pattern: str, *, is_pattern: bool) -> bool:
    if not is_pattern:
        return arn == pattern
    # A pattern has no account: arn:aws:iam:::role/developer-*. Other than in IAM, ? matches no letter too.
    # https://docs.aws.amazon.com/servicecatalog/latest/dg/API_AssociatePrincipalWithPortfolio.html
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".?")
    return re.fullmatch(expression, re.sub(r"^(arn:aws:iam::)\d+:", r"\1:", arn)) is not None


def tag_options(portfolio: Portfolio, product: Product) -> dict[str, list[str]]:
    """The values that each tag may have for a launch through a portfolio, by key."""
    if portfolio.account != get_account_id() and not any(
        share.share_tag_options for share in shares_with(portfolio, get_account_id())
    ):
        return {}
    applying = {
        link.tag_option for link in catalog.tag_option_associations if link.resource in {portfolio.id, product.id}
    }
    values: dict[str, list[str]] = {}
    for option in _active(applying):
        values.setdefault(option.key, []).append(option.value)
    return values


def _active(identifiers: set[str]) -> Iterator[TagOption]:
    return (option for option in catalog.tag_options.values() if option.id in identifiers and option.active)
