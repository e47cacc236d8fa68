"""What runs in all accounts, as promotion asks for it: current, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from pavedroad_platform.adoption.provisioned_product import ProvisionedProduct
from pavedroad_platform.errors import Problem
from pavedroad_platform.organization import Organization


@dataclass(frozen=True, kw_only=True)
class Running:
    """What runs in the accounts that launch.

    Attributes:
        products: What was launched.
        unread: Why what runs in an account is not known, one for each such account.
    """

    products: Sequence[ProvisionedProduct]
    unread: Sequence[Problem] = ()


def collect_running(organization: Organization, *, profile: str | None = None) -> Running:
    """Ask Service Catalog in every account that launches, with credentials of the catalogue's account.

    AWS Config would lag behind: a version that was launched a minute ago would seem unused.
    """
    from pavedroad_platform.adoption.account_clients import account_clients
    from pavedroad_platform.adoption.collection import Source, collected
    from pavedroad_platform.adoption.scope import scope_of

    scope = scope_of(organization)
    client = account_clients(role=scope.role, region=scope.region, profile=profile)
    found = collected(client, scope, Source.SERVICE_CATALOG)
    unread = {scope.accounts[account].key for account in found.unread}
    return Running(products=found.provisioned_products, unread=[note for note in found.notes if note.path in unread])


def team_of(organization: Organization, account_id: str) -> str:
    """The key of the team that owns an account; for the platform's own accounts, the platform's."""
    owner = next((account.team for account in organization.accounts.values() if account.id == account_id), None)
    return owner or organization.tags.team
