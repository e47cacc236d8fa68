"""What was launched and how it stands."""

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching.client import Clients, pages
from pavedroad_platform.launching.offers import offer_of

_EVERYBODY: Final = {"Key": "Account", "Value": "self"}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A launched product.

    Attributes:
        id: Its id.
        name: Its name.
        status: ``AVAILABLE``; ``UNDER_CHANGE``; ``TAINTED``: the last change failed, and what ran before runs on;
            ``ERROR``: it does not run; ``PLAN_IN_PROGRESS``: somebody looks at a plan.
        message: Why it is not available.
        product_id: Its product's id.
        product: Its product's name.
        version_id: Its version's id.
        version: Its version's name.
        record: The last operation on it.
        created: When it was launched.
    """

    id: str
    name: str
    status: str
    message: str
    product_id: str
    product: str
    version_id: str
    version: str
    record: str
    created: datetime

    @property
    def is_changing(self) -> bool:
        """Whether an operation runs."""
        return self.status == "UNDER_CHANGE"

    def as_json(self) -> dict[str, str]:
        """What machines are told."""
        return {
            "name": self.name,
            "product": self.product,
            "version": self.version,
            "status": self.status,
            "message": self.message,
        }


def everything_standing(clients: Clients) -> list[Standing]:
    """Every launch of the account, by name."""
    found = pages(clients.catalog.search_provisioned_products, "ProvisionedProducts", AccessLevelFilter=_EVERYBODY)
    return sorted((_standing(each) for each in found), key=lambda standing: standing.name)


def find_standing(clients: Clients, name: str) -> Standing | None:
    """The launch of that name; ``None`` where there is none. It asks for the launch itself: a search lags behind."""
    try:
        detail = clients.catalog.describe_provisioned_product(Name=name)["ProvisionedProductDetail"]
    except clients.catalog.exceptions.ResourceNotFoundException:
        return None
    offer = offer_of(clients.catalog, detail["ProductId"])
    versions = {version.id: version.name for version in offer.versions} if offer else {}
    if offer is None or detail["ProvisioningArtifactId"] not in versions:
        # Withdrawn from the catalogue: the search still knows its names.
        for each in everything_standing(clients):
            if each.id == detail["Id"]:
                return each
    return _standing(
        {
            **detail,
            "ProductName": offer.name if offer else detail["ProductId"],
            "ProvisioningArtifactName": versions.get(detail["ProvisioningArtifactId"], ""),
        }
    )


def require_standing(clients: Clients, name: str) -> Standing:
    """The launch of that name.

    Raises:
        PlatformError: There is none; the most similar one is named.
    """
    standing = find_standing(clients, name)
    if standing is not None:
        return standing
    close = get_close_matches(name, [each.name for each in everything_standing(clients)], n=1)
    question = f"Did you mean {close[0]}? " if close else ""
    raise PlatformError(
        Problem(
            path=name,
            cause=f"nothing is launched under this name in {clients.account}, {clients.region}",
            fix=f"{question}See what is launched with: pavedroad status",
        )
    )


def _standing(detail: dict[str, Any]) -> Standing:
    return Standing(
        id=detail["Id"],
        name=detail["Name"],
        status=detail["Status"],
        message=detail.get("StatusMessage", ""),
        product_id=detail["ProductId"],
        product=detail.get("ProductName") or detail["ProductId"],
        version_id=detail["ProvisioningArtifactId"],
        version=detail.get("ProvisioningArtifactName") or detail["ProvisioningArtifactId"],
        record=detail.get("LastRecordId", ""),
        created=detail["CreatedTime"],
    )
