"""One release of a product, with all that its page tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pavedroad_platform.catalog.launched_resources import launched_resources
from pavedroad_platform.catalog.product import Product
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.costs.hint import CostHint, cost_hint
from pavedroad_platform.costs.prices import prices
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Portfolio, Team


@dataclass(frozen=True)
class Release:
    """A release.

    Attributes:
        product: The product as it is now.
        version: The version of the release.
        releases: All releases of the product.
        organization: Who owns and who offers it.
    """

    product: Product
    version: str
    releases: Releases
    organization: Organization

    @cached_property
    def template(self) -> Mapping[str, Any]:
        """The frozen template."""
        return self.releases.template(self.version)

    @property
    def summary(self) -> str:
        """What a team gets, as the release says it."""
        return str(self.template["Description"]).partition(": ")[2]

    @property
    def is_newest(self) -> bool:
        """Whether no release came after it."""
        return self.version == self.releases.newest

    @property
    def root(self) -> str:
        """The way from its page to the root of the repository."""
        return "../.." if self.is_newest else "../../.."

    @property
    def page(self) -> str:
        """The path of its page beneath ``docs/products``."""
        return f"{self.product.key}.md" if self.is_newest else f"{self.product.key}/{self.version}.md"

    @property
    def owner(self) -> Team:
        """The team that answers for the product."""
        return self.organization.teams[self.product.owner]

    @property
    def portfolios(self) -> list[Portfolio]:
        """The portfolios that offer the product."""
        return [each for each in self.organization.catalog.portfolios.values() if self.product.key in each.products]

    @property
    def examples(self) -> dict[str, str]:
        """A value for each parameter that has no default."""
        now = {parameter.name: parameter.example for parameter in self.product.parameters}
        return {
            name: str(now.get(name) or parameter.get("AllowedValues", [f"<{name}>"])[0])
            for name, parameter in self.template.get("Parameters", {}).items()
            if "Default" not in parameter
        }

    @cached_property
    def cost(self) -> CostHint:
        """What a launch with the defaults costs.

        Raises:
            PlatformError: It is not known what a type or a size costs.
        """
        return cost_hint(launched_resources(self.template, self.examples), prices())
