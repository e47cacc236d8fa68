"""The pages of the documentation that are written from what they describe."""

from collections.abc import Mapping
from pathlib import Path

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.organization import Organization
from pavedroad_platform.reporting.reference.commands import command_reference
from pavedroad_platform.reporting.reference.configuration import configuration_reference
from pavedroad_platform.reporting.reference.constructs import construct_reference
from pavedroad_platform.reporting.reference.launch_roles import launch_role_reference
from pavedroad_platform.reporting.reference.product_pages.pages import product_pages

PRODUCT_PAGES = Path("products")
"""Where the pages of products are, beneath ``docs``; nothing else is there."""


def pages(organization: Organization) -> Mapping[Path, str]:
    """Every page by its path beneath ``docs``.

    Args:
        organization: Who owns the products and who is offered them.

    Raises:
        PlatformError: It is not known what a resource type of a product is for and what it costs.
    """
    catalog = [(products.load(key), Releases(key)) for key in products.KEYS]
    return {
        Path("reference/configuration.md"): configuration_reference(),
        Path("reference/commands.md"): command_reference(),
        Path("reference/constructs.md"): construct_reference(),
        Path("reference/launch-roles.md"): launch_role_reference(),
        **{PRODUCT_PAGES / path: text for path, text in product_pages(catalog, organization).items()},
    }
