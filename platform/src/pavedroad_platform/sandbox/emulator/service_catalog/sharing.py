"""Sharing portfolios: with accounts, which accept, and with parts of the organization, which need not."""

from collections.abc import Callable, Mapping

from ministack.core.responses import get_account_id

from pavedroad_platform.sandbox.emulator import organizations
from pavedroad_platform.sandbox.emulator.service_catalog import access
from pavedroad_platform.sandbox.emulator.service_catalog.portfolios import portfolio_detail
from pavedroad_platform.sandbox.emulator.service_catalog.request import Answer, Request
from pavedroad_platform.sandbox.emulator.service_catalog.state import RefusedError, Share, catalog, invalid, not_found


def _target(request: Request) -> tuple[str, str]:
    """The kind and the principal that a call names."""
    node = request.input.get("OrganizationNode")
    account = request.text("AccountId")
    if bool(node) == bool(account):
        raise invalid("Either AccountId or OrganizationNode must be given.")
    if node:
        kind = "ORGANIZATION_MEMBER_ACCOUNT" if node["Type"] == "ACCOUNT" else str(node["Type"])
        return kind, str(node["Value"])
    return "ACCOUNT", account


def _find(request: Request) -> Share:
    portfolio = access.own_portfolio(request.text("PortfolioId"))
    kind, principal = _target(request)
    for share in catalog.shares:
        if (share.portfolio, share.kind, share.principal) == (portfolio.id, kind, principal):
            return share
    raise not_found(f"Share of {portfolio.id} with {principal}")


def create_portfolio_share(request: Request) -> Answer:
    """CreatePortfolioShare."""
    portfolio = access.own_portfolio(request.text("PortfolioId"))
    kind, principal = _target(request)
    if kind != "ACCOUNT":
        _require_organization(principal)
    elif principal == portfolio.account:
        raise invalid("A portfolio cannot be shared with its own account.")
    shares = [(share.portfolio, share.kind, share.principal) for share in catalog.shares]
    if (portfolio.id, kind, principal) in shares:
        # As the service does: sharing again changes nothing.
        return _created(_find(request))
    share = Share(
        portfolio=portfolio.id,
        kind=kind,
        principal=principal,
        share_principals=bool(request.input.get("SharePrincipals")),
        share_tag_options=bool(request.input.get("ShareTagOptions")),
    )
    catalog.shares.append(share)
    return _created(share)


def _created(share: Share) -> Answer:
    return {} if share.kind == "ACCOUNT" else {"PortfolioShareToken": share.token}


def _require_organization(node: str) -> None:
    if organizations.management_account(get_account_id()) is None:
        raise RefusedError("OperationNotSupportedException", "The account does not belong to an organization.")
    if not organizations.has_node(node):
        raise not_found(f"Organization node {node}")


def update_portfolio_share(request: Request) -> Answer:
    """UpdatePortfolioShare."""
    share = _find(request)
    share.share_principals = bool(request.input.get("SharePrincipals", share.share_principals))
    share.share_tag_options = bool(request.input.get("ShareTagOptions", share.share_tag_options))
    return {"PortfolioShareToken": share.token, "Status": "COMPLETED"}


def delete_portfolio_share(request: Request) -> Answer:
    """DeletePortfolioShare."""
    share = _find(request)
    catalog.shares.remove(share)
    catalog.acceptances.discard((share.portfolio, share.principal))
    return _created(share)


def describe_portfolio_share_status(request: Request) -> Answer:
    """DescribePortfolioShareStatus; a share that is gone again has been completed too."""
    (token,) = request.required("PortfolioShareToken")
    share = next((share for share in catalog.shares if share.token == token), None)
    reached = access.recipients(share) if share else []
    return {
        "PortfolioShareToken": token,
        "Status": "COMPLETED",
        "ShareDetails": {"SuccessfulShares": reached, "ShareErrors": []},
        **({"PortfolioId": share.portfolio, "OrganizationNodeValue": share.principal} if share else {}),
    }


def describe_portfolio_shares(request: Request) -> Answer:
    """DescribePortfolioShares."""
    portfolio = access.own_portfolio(request.text("PortfolioId"))
    (kind,) = request.required("Type")
    found = [
        {
            "PrincipalId": share.principal,
            "Type": share.kind,
            "Accepted": share.kind != "ACCOUNT" or (portfolio.id, share.principal) in catalog.acceptances,
            "ShareTagOptions": share.share_tag_options,
            "SharePrincipals": share.share_principals,
        }
        for share in catalog.shares
        if (share.portfolio, share.kind) == (portfolio.id, kind)
    ]
    return {"PortfolioShareDetails": found}


def list_accepted_portfolio_shares(request: Request) -> Answer:
    """ListAcceptedPortfolioShares: accepted ones (IMPORTED) or those through the organization (AWS_ORGANIZATIONS)."""
    through_organization = request.text("PortfolioShareType") == "AWS_ORGANIZATIONS"
    found = [
        portfolio
        for portfolio in catalog.portfolios.values()
        if access.is_imported(portfolio)
        and any(
            (share.kind != "ACCOUNT") == through_organization
            for share in access.shares_with(portfolio, get_account_id())
        )
    ]
    return {"PortfolioDetails": [portfolio_detail(portfolio) for portfolio in found]}


def _offered(request: Request) -> str:
    portfolio = catalog.portfolios.get(request.text("PortfolioId"))
    shares = access.shares_with(portfolio, get_account_id()) if portfolio else []
    if not any(share.kind == "ACCOUNT" for share in shares):
        raise not_found(f"Portfolio {request.text('PortfolioId')}")
    return request.text("PortfolioId")


def accept_portfolio_share(request: Request) -> Answer:
    """AcceptPortfolioShare."""
    catalog.acceptances.add((_offered(request), get_account_id()))
    return {}


def reject_portfolio_share(request: Request) -> Answer:
    """RejectPortfolioShare."""
    catalog.acceptances.discard((_offered(request), get_account_id()))
    return {}


def list_portfolio_access(request: Request) -> Answer:
    """ListPortfolioAccess."""
    portfolio = access.own_portfolio(request.text("PortfolioId"))
    shares = [share for share in catalog.shares if share.portfolio == portfolio.id]
    return {"AccountIds": sorted({account for share in shares for account in access.recipients(share)})}


def enable_organizations_access(_request: Request) -> Answer:
    """EnableAWSOrganizationsAccess: always on."""
    return {}


def organizations_access_status(_request: Request) -> Answer:
    """GetAWSOrganizationsAccessStatus."""
    return {"AccessStatus": "ENABLED"}


OPERATIONS: Mapping[str, Callable[[Request], Answer]] = {
    "AcceptPortfolioShare": accept_portfolio_share,
    "CreatePortfolioShare": create_portfolio_share,
    "DeletePortfolioShare": delete_portfolio_share,
    "DescribePortfolioShareStatus": describe_portfolio_share_status,
    "DescribePortfolioShares": describe_portfolio_shares,
    "EnableAWSOrganizationsAccess": enable_organizations_access,
    "GetAWSOrganizationsAccessStatus": organizations_access_status,
    "ListAcceptedPortfolioShares": list_accepted_portfolio_shares,
    "ListPortfolioAccess": list_portfolio_access,
    "RejectPortfolioShare": reject_portfolio_share,
    "UpdatePortfolioShare": update_portfolio_share,
}
"""The operations by name."""
