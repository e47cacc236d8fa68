"""A product rendered as it is released: in an app of its own, the same text at every time and place."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from aws_cdk import Stack

from pavedroad_platform.catalog.product import Product
from pavedroad_platform.catalog.template import ProductTemplate
from pavedroad_platform.clean_app import clean_app


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
        app = clean_app(directory)
        template = ProductTemplate(Stack(app, "Product"), product.key, product=product)
        app.synth()
        finished = json.loads((Path(directory) / template.template_file).read_text())
    return template, json.dumps(finished, indent=2) + "\n"
