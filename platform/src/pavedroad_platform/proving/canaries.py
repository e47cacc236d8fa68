"""The kept canaries as resources: each takes what it needs from the outputs of others."""

from collections.abc import Mapping, Sequence
from typing import Final

from aws_cdk import CfnTag, Fn
from aws_cdk import aws_servicecatalog as servicecatalog
from constructs import Construct

from pavedroad.governance.mandatory_tags import TAG_KEYS
from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.product import Product, ProductOutput
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.organization.models import CatalogFile, Portfolio
from pavedroad_platform.organization.names import pascal_case
from pavedroad_platform.proving.inputs import canary_inputs, in_order

CANARIES_DESCRIPTION: Final = "The kept canaries: one launch of each product, upgraded from version to version"


def canary_name(key: str) -> str:
    """The name of a product's kept canary: ``canary-database``."""
    return f"canary-{key}"


def canary_id(key: str) -> str:
    """The logical id of a product's kept canary: ``CanaryDatabase``. Another one would launch it a second time."""
    return f"Canary{pascal_case(key)}"


class Canaries(Construct):
    """One provisioned product for each product that has an active version.

    Args:
        scope: The stack, in the test account.
        construct_id: The id, unique among the parent's children.
        catalog: The configuration of the catalogue.
        published: The products and their releases. Left out: those that ``catalog`` offers.
        versions: The version of each product by its key. Left out, or a product left out: its newest active one.

    Attributes:
        launches: The provisioned products by the product's key.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-servicecatalog-cloudformationprovisionedproduct.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        catalog: CatalogFile,
        published: Sequence[tuple[Product, Releases]] | None = None,
        versions: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        if published is None:
            published = [(products.load(key), Releases(key)) for key in catalog.products]
        releases = {product.key: each for product, each in published}
        self.launches: dict[str, servicecatalog.CfnCloudFormationProvisionedProduct] = {}
        for product in in_order(product for product, _ in published):
            version = (versions or {}).get(product.key) or releases[product.key].newest_active
            if version:
                form = releases[product.key].template(version).get("Parameters", {})
                configured = catalog.products[product.key].canary_parameters
                inputs = canary_inputs(product, configured, name=canary_name(product.key), form=form)
                self.launches[product.key] = self._launch(product.key, version, inputs, catalog)

    def _launch(
        self, key: str, version: str, inputs: Mapping[str, str | ProductOutput], catalog: CatalogFile
    ) -> servicecatalog.CfnCloudFormationProvisionedProduct:
        portfolio = portfolio_of(key, catalog)
        made = servicecatalog.CfnCloudFormationProvisionedProduct(
            self,
            key,
            product_name=key,
            provisioning_artifact_name=version,
            provisioned_product_name=canary_name(key),
            path_name=portfolio.name,
            provisioning_parameters=[
                servicecatalog.CfnCloudFormationProvisionedProduct.ProvisioningParameterProperty(
                    key=name, value=self._value(value)
                )
                for name, value in inputs.items()
            ],
            tags=[CfnTag(key=tag, value=value) for tag, value in canary_tags(portfolio).items()],
        )
        made.override_logical_id(canary_id(key))
        return made

    def _value(self, value: str | ProductOutput) -> str:
        if isinstance(value, str):
            return value
        return Fn.get_att(canary_id(value.product), f"Outputs.{value.output}").to_string()


def portfolio_of(key: str, catalog: CatalogFile) -> Portfolio:
    """The portfolio that a canary is launched through: the first that has the product."""
    return next(portfolio for portfolio in catalog.portfolios.values() if key in portfolio.products)


def canary_tags(portfolio: Portfolio) -> dict[str, str]:
    """The tags that a launch has to choose: the first value of each. The mandatory ones come from the account."""
    return {key: values[0] for key, values in portfolio.tag_options.items() if key not in TAG_KEYS.values()}
