"""What a canary is launched with."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from graphlib import TopologicalSorter

from pavedroad_platform.catalog.product import CANARY_NAME, Parameter, Product, ProductOutput


def canary_inputs(
    product: Product, configured: Mapping[str, str], *, name: str, form: Collection[str] | None = None
) -> dict[str, str | ProductOutput]:
    """The values that are not the form's defaults, by the parameter's name.

    Args:
        product: The product.
        configured: Its ``canary_parameters`` of ``catalog.yaml``, which come first.
        name: The canary's name.
        form: The parameters that the launched version has. Left out: those of the product as it is now.
    """
    return {
        parameter.name: _of_canary(_input(parameter, configured), name)
        for parameter in product.parameters
        if (form is None or parameter.name in form)
        and (parameter.name in configured or parameter.canary is not None or parameter.default is None)
    }


def _input(parameter: Parameter, configured: Mapping[str, str]) -> str | ProductOutput:
    if parameter.name in configured:
        return configured[parameter.name]
    return parameter.launch_value if parameter.canary is None else parameter.canary


def _of_canary(value: str | ProductOutput, name: str) -> str | ProductOutput:
    return value.replace(CANARY_NAME, name) if isinstance(value, str) else value


def in_order(products: Iterable[Product]) -> Sequence[Product]:
    """The products, each after those whose outputs it takes."""
    by_key = {product.key: product for product in products}
    needed = {key: _takes_from(product) & by_key.keys() for key, product in by_key.items()}
    return [by_key[key] for key in TopologicalSorter(needed).static_order()]


def _takes_from(product: Product) -> set[str]:
    return {each.canary.product for each in product.parameters if isinstance(each.canary, ProductOutput)}
