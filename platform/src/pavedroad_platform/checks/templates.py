"""All templates that the platform hands to CloudFormation: the stacks of the app and the products of the catalogue."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pavedroad_platform.checks.assembly import read_assembly
from pavedroad_platform.checks.findings import FinishedTemplate, acknowledgments_in

if TYPE_CHECKING:
    from aws_cdk import Stack

    from pavedroad_platform.catalog.product import Product


def all_templates(assembly: Path) -> list[FinishedTemplate]:
    """The stacks in ``assembly`` and every product as it would be released now.

    Raises:
        PlatformError: There is no assembly.
    """
    return [*read_assembly(assembly), *product_templates()]


def product_templates() -> list[FinishedTemplate]:
    """Every product's template; ``catalog freeze --check`` holds the frozen releases to the same text."""
    from pavedroad_platform.catalog import products

    return [product_template(products.load(key)) for key in products.KEYS]


def product_template(product: "Product") -> FinishedTemplate:
    """One product's template with the acknowledgments that its constructs made."""
    from pavedroad_platform.catalog.rendering import render_stack

    stack, text = render_stack(product)
    paths, acknowledgments = acknowledgments_in(_metadata(stack))
    return FinishedTemplate(
        name=f"product-{product.key}", body=json.loads(text), paths=paths, acknowledgments=acknowledgments
    )


def _metadata(stack: "Stack") -> Iterator[tuple[str, str, Any]]:
    """What the CDK writes into an assembly for stacks; for products, which are assets to it, it writes nothing."""
    from aws_cdk import CfnElement

    for construct in stack.node.find_all():
        path = f"/{construct.node.path}"
        for entry in construct.node.metadata:
            if entry.type == "aws:cdk:acknowledged-rules":
                yield path, entry.type, entry.data
        if isinstance(construct, CfnElement):
            yield path, "aws:cdk:logicalId", stack.resolve(construct.logical_id)
