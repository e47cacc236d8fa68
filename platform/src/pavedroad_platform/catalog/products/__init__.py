"""The products of the catalogue: one module each, named after the product's key, with ``PRODUCT`` in it."""

from importlib import import_module
from pkgutil import iter_modules

from pavedroad_platform.catalog.product import Product
from pavedroad_platform.errors import PlatformError, Problem

KEYS = tuple(sorted(module.name.replace("_", "-") for module in iter_modules(__path__)))
"""The key of every product, in alphabetical order."""


def load(key: str) -> Product:
    """The product with this key.

    Raises:
        PlatformError: There is no such product.

    Example:
        >>> load("secure-bucket").version
        '1.0.0'
    """
    if key not in KEYS:
        raise PlatformError(Problem(cause=f"There is no product {key!r}.", fix=f"The catalogue has {', '.join(KEYS)}."))
    product: Product = import_module(f"{__name__}.{key.replace('-', '_')}").PRODUCT
    return product
