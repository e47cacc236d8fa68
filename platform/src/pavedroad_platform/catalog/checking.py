"""Everything that is wrong with the releases of the catalogue, read from the files; nothing is rendered."""

from collections.abc import Iterable, Iterator

from pavedroad_platform.catalog.product import Product
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.errors import Problem
from pavedroad_platform.versions import version_number


def catalog_problems(catalog: Iterable[tuple[Product, Releases]]) -> list[Problem]:
    """What is wrong, of all products at once."""
    entries = list(catalog)
    return [
        *(problem for product, releases in entries for problem in product_problems(product, releases)),
        *_releases_of_nothing([releases for _, releases in entries]),
    ]


def product_problems(product: Product, releases: Releases) -> list[Problem]:
    """What is wrong with the files of one product, or with the version that it says it has."""
    problems = releases.problems()
    if problems:
        return problems
    newest = releases.newest
    if newest and version_number(product.version) < version_number(newest):
        return [
            Problem(
                cause=f"The product {product.key} says version {product.version}, but {newest} was released after it.",
                fix=f"Give it a version above {newest}.",
            )
        ]
    return []


def _releases_of_nothing(all_releases: list[Releases]) -> Iterator[Problem]:
    keys = {releases.key for releases in all_releases}
    for directory in sorted({releases.directory for releases in all_releases}):
        for path in sorted(directory.iterdir()) if directory.exists() else ():
            if path.is_dir() and path.name not in keys:
                yield Problem(
                    cause=f"{path.name} has releases, but there is no such product.",
                    fix="Restore its module in catalog/products; delete the releases only when no team runs one.",
                    file=path,
                )
