"""The state of each version in Service Catalog beside the one that lifecycle.yaml asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pavedroad_platform.catalog.releases import Releases, Status
from pavedroad_platform.launching.client import pages
from pavedroad_platform.proving.proofs import Published


@dataclass(frozen=True, kw_only=True)
class VersionState:
    """A version as it is and as it should be.

    Attributes:
        product: The product's key.
        version: The version.
        wanted: What lifecycle.yaml says.
        now: What Service Catalog says; ``None`` where it is not published.
        product_id: The product's id; empty where it is not published.
        artifact_id: The version's id; empty where it is not published.
    """

    product: str
    version: str
    wanted: Status
    now: Status | None = None
    product_id: str = ""
    artifact_id: str = ""

    @property
    def changes(self) -> bool:
        """Whether Service Catalog has to be told."""
        return self.now not in {None, self.wanted}


def version_states(catalog: Any, published: Published) -> list[VersionState]:
    """The state of every version that was released.

    Args:
        catalog: A client of Service Catalog, in the account that owns the products.
        published: The products and their releases.
    """
    views = pages(catalog.search_products_as_admin, "ProductViewDetails")
    ids = {view["ProductViewSummary"]["Name"]: view["ProductViewSummary"]["ProductId"] for view in views}
    return [state for product, releases in published for state in _of_product(catalog, ids, product.key, releases)]


def _of_product(catalog: Any, ids: Mapping[str, str], key: str, releases: Releases) -> Iterator[VersionState]:
    product_id = ids.get(key, "")
    found = (
        {
            each["Name"]: each
            for each in pages(catalog.list_provisioning_artifacts, "ProvisioningArtifactDetails", ProductId=product_id)
        }
        if product_id
        else {}
    )
    for version, wanted in releases.lifecycle.items():
        artifact = found.get(version)
        yield VersionState(
            product=key,
            version=version,
            wanted=wanted,
            now=_status(artifact) if artifact else None,
            product_id=product_id,
            artifact_id=artifact["Id"] if artifact else "",
        )


def _status(artifact: Mapping[str, Any]) -> Status:
    if not artifact.get("Active", True):
        return Status.RETIRED
    return Status.DEPRECATED if artifact.get("Guidance") == "DEPRECATED" else Status.ACTIVE


_AS_ARGUMENTS: Final[Mapping[Status, Mapping[str, Any]]] = {
    Status.ACTIVE: {"Active": True, "Guidance": "DEFAULT"},
    Status.DEPRECATED: {"Active": True, "Guidance": "DEPRECATED"},
    Status.RETIRED: {"Active": False, "Guidance": "DEPRECATED"},
}


def bring_to_state(catalog: Any, state: VersionState) -> None:
    """Tell Service Catalog the state that a version should have.

    Source: https://docs.aws.amazon.com/servicecatalog/latest/dg/API_UpdateProvisioningArtifact.html
    """
    catalog.update_provisioning_artifact(
        ProductId=state.product_id, ProvisioningArtifactId=state.artifact_id, **_AS_ARGUMENTS[state.wanted]
    )
