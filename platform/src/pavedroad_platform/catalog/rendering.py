"""A product rendered as it is released: in an app of its own, the same text at every time and place."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aws_cdk import App, Stack

from pavedroad_platform.catalog.product import Product
from pavedroad_platform.catalog.template import ProductTemplate

_CDK_JSON = Path(__file__).resolve().parents[4] / "cdk.json"

# What the CDK CLI asks of an app that it runs must not reach a release.
_WITHOUT_TRACES = {"aws:cdk:enable-path-metadata": False, "aws:cdk:enable-asset-metadata": False}


def render(product: Product) -> str:
    """The template of ``product``, indented, with a line feed at its end.

    Raises:
        ValueError: The builder returned other outputs than the product describes.

    Example:
        >>> json.loads(render(products.load("secure-bucket")))["Resources"]
    """
    return render_stack(product)[1]


def render_stack(product: Product) -> tuple[ProductTemplate, str]:
    """The construct tree of ``product``, for what a template does not say, and its rendered template."""
    with TemporaryDirectory(prefix="pavedroad-release-") as directory:
        app = App(
            outdir=directory,
            context=_feature_flags(),
            post_cli_context=_WITHOUT_TRACES,
            analytics_reporting=False,
            builtin_cloud_formation_validation=False,
        )
        template = ProductTemplate(Stack(app, "Product"), product.key, product=product)
        app.synth()
        finished = json.loads((Path(directory) / template.template_file).read_text())
    return template, json.dumps(finished, indent=2) + "\n"


@cache
def _feature_flags() -> dict[str, Any]:
    context: dict[str, Any] = json.loads(_CDK_JSON.read_text())["context"]
    return context
