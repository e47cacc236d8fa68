"""All templates that checks judge: the app's stacks, the launch roles, the products, each construct's example."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pavedroad_platform.checks.assembly import read_assembly
from pavedroad_platform.checks.findings import FinishedTemplate, acknowledgments_in
from pavedroad_platform.errors import PlatformError, Problem

if TYPE_CHECKING:
    from aws_cdk import Stack

    from pavedroad_platform.catalog.product import Product


_LIBRARY = "library-"
_PRODUCT = "product-"


def all_templates(assembly: Path) -> list[FinishedTemplate]:
    """The stacks in ``assembly``, the launch roles, every product as it would be released now, each example.

    Raises:
        PlatformError: There is no assembly.
    """
    return [*read_assembly(assembly), launch_role_template(), *product_templates(), *library_templates()]


def chosen_templates(assembly: Path, only: Sequence[str]) -> list[FinishedTemplate]:
    """The templates named in ``only``, such as ``library-SecureBucket``; all where it is empty.

    Those of products and constructs need no assembly.

    Raises:
        PlatformError: There is no assembly, or no template of such a name.
    """
    if only and all(name.startswith((_LIBRARY, _PRODUCT)) for name in only):
        return _without_assembly(only)
    templates = all_templates(assembly)
    _check_names(only, [template.name for template in templates])
    return [template for template in templates if not only or template.name in only]


def _without_assembly(only: Sequence[str]) -> list[FinishedTemplate]:
    """Products and examples are rendered, and need no synthesised app."""
    import pavedroad
    from pavedroad_platform.catalog import products

    renderers = {f"{_LIBRARY}{name}": partial(library_template, name) for name in pavedroad.__all__}
    renderers |= {f"{_PRODUCT}{key}": partial(_product_template, key) for key in products.KEYS}
    _check_names(only, list(renderers))
    return [renderers[name]() for name in only]


def _product_template(key: str) -> FinishedTemplate:
    from pavedroad_platform.catalog import products

    return product_template(products.load(key))


def _check_names(only: Sequence[str], names: Sequence[str]) -> None:
    problems = [
        Problem(cause=f"There is no template {name!r}.", fix=f"There are {', '.join(names)}.")
        for name in only
        if name not in names
    ]
    if problems:
        raise PlatformError(*problems)


def launch_role_template(configuration: Path = Path("platform/organization")) -> FinishedTemplate:
    """What StackSets carry to every account that launches; to the app it is a file that it publishes.

    Args:
        configuration: The organisation's configuration, for the products that it offers.
    """
    from pavedroad_platform.catalog.launch_role_stack import render_launch_roles
    from pavedroad_platform.organization import load_organization

    stack, text = render_launch_roles(load_organization(configuration))
    paths, acknowledgments = acknowledgments_in(_metadata(stack))
    return FinishedTemplate(name=stack.stack_name, body=json.loads(text), paths=paths, acknowledgments=acknowledgments)


def product_templates() -> list[FinishedTemplate]:
    """Every product's template; ``catalog freeze --check`` holds the frozen releases to the same text."""
    from pavedroad_platform.catalog import products

    return [_product_template(key) for key in products.KEYS]


def product_template(product: "Product") -> FinishedTemplate:
    """One product's template with the acknowledgments that its constructs made."""
    from pavedroad_platform.catalog.rendering import render_stack

    stack, text = render_stack(product)
    paths, acknowledgments = acknowledgments_in(_metadata(stack))
    return FinishedTemplate(
        name=f"{_PRODUCT}{product.key}", body=json.loads(text), paths=paths, acknowledgments=acknowledgments
    )


def library_templates() -> list[FinishedTemplate]:
    """The example of every construct that the library exports."""
    import pavedroad

    return [library_template(name) for name in pavedroad.__all__]


def library_template(name: str) -> FinishedTemplate:
    """What the example of the construct ``name`` makes, with the acknowledgments of its constructs."""
    from pavedroad_platform.library.examples import example_stack

    stack, body = example_stack(name)
    paths, acknowledgments = acknowledgments_in(_metadata(stack))
    return FinishedTemplate(name=f"{_LIBRARY}{name}", body=body, paths=paths, acknowledgments=acknowledgments)


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
