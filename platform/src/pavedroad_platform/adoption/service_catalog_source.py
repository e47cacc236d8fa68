"""What runs in one account, as Service Catalog in the account itself knows it: always current, one call an account."""

from collections.abc import Mapping
from typing import Any, Final

from pavedroad_platform.adoption.provisioned_product import ProvisionedProduct
from pavedroad_platform.adoption.published_versions import PublishedVersions
from pavedroad_platform.launching.client import pages

_EVERYBODY: Final = {"Key": "Account", "Value": "self"}


def provisioned_products_in(
    account: str, catalog: Any, published: PublishedVersions, *, region: str
) -> list[ProvisionedProduct]:
    """What is launched in an account, by whomever.

    Args:
        account: The account's id.
        catalog: A client of Service Catalog in that account.
        published: Tells the names of products and versions where the account's own search has none.
        region: The client's region.

    Source: https://docs.aws.amazon.com/servicecatalog/latest/dg/API_SearchProvisionedProducts.html
    """
    found = pages(
        catalog.search_provisioned_products, "ProvisionedProducts", AccessLevelFilter=_EVERYBODY, PageSize=100
    )
    return [_provisioned_product(each, account, published, region) for each in found]


def _provisioned_product(
    found: Mapping[str, Any], account: str, published: PublishedVersions, region: str
) -> ProvisionedProduct:
    product, version = found["ProductId"], found["ProvisioningArtifactId"]
    return ProvisionedProduct(
        account=account,
        region=region,
        id=found["Id"],
        name=found["Name"],
        product=published.products.get(product) or found.get("ProductName") or product,
        version=published.versions.get(version) or found.get("ProvisioningArtifactName") or version,
        status=found["Status"],
        launched=found["CreatedTime"],
    )
