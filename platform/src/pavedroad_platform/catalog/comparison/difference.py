"""What lies between two releases of a product, or between one and the product as it is now."""

import json
from dataclasses import dataclass

from pavedroad_platform.catalog.comparison.change import ProductChange
from pavedroad_platform.catalog.comparison.templates import compare
from pavedroad_platform.catalog.product import Product
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.versions import lowest_version, version_number


@dataclass(frozen=True)
class Difference:
    """The difference between two states of a product.

    Attributes:
        before: The version that the comparison begins with.
        after: The version that it ends with; ``None``: the product as it is now.
        version: The version of what it ends with.
        changes: Everything that changed, the gravest first.
    """

    before: str
    after: str | None
    version: str
    changes: list[ProductChange]

    @property
    def lowest(self) -> str:
        """The lowest version that may hold the changes."""
        return lowest_version(self.before, self.changes)

    @property
    def summary(self) -> str:
        """The difference in a sentence."""
        number = f"{len(self.changes)} change{'s'[: len(self.changes) != 1]}" if self.changes else "Nothing changed"
        if self.after:
            return f"{number} from {self.before} to {self.after}" + (f": {self._judged}." if self.changes else ".")
        return f"{number} since {self.before}" + (f": {self._judged}." if self.changes else ".")

    @property
    def _judged(self) -> str:
        is_enough = version_number(self.version) >= version_number(self.lowest)
        return f"this is {self.lowest} or later, and {self.version} is {'enough' if is_enough else 'not enough'}"


def difference(product: Product, releases: Releases, before: str | None = None, after: str | None = None) -> Difference:
    """Compare two releases, or a release with the product as it is now.

    Args:
        product: The product.
        releases: Its releases.
        before: The version to begin with. ``None``: the one before ``after``, or the newest.
        after: The version to end with. ``None``: the product as it is now.

    Raises:
        PlatformError: There is no such release, or none before it; or the releases are not what they were.
    """
    if problems := releases.problems():
        raise PlatformError(*problems)  # a template that was edited is not what teams run
    _check_released(releases, [version for version in (before, after) if version])
    begin = before or (releases.before(after) if after else releases.newest)
    if begin is None or (after and version_number(begin) >= version_number(after)):
        raise PlatformError(
            Problem(
                cause=f"{releases.key} has no release to compare with"
                + (f": {begin} is not before {after}." if begin else f" before {after}." if after else "."),
                fix=f"Compare two of {', '.join(releases.digests)}, the older one first."
                if releases.digests
                else "Freeze its first version: run 'pavedroad catalog freeze'.",
            )
        )
    return Difference(
        before=begin,
        after=after,
        version=after or product.version,
        changes=compare(releases.template(begin), releases.template(after) if after else _rendered(product)),
    )


def _rendered(product: Product) -> dict[str, object]:
    from pavedroad_platform.catalog.rendering import render

    template: dict[str, object] = json.loads(render(product))
    return template


def _check_released(releases: Releases, versions: list[str]) -> None:
    problems = [
        Problem(
            cause=f"There is no release {version} of {releases.key}.",
            fix=f"Its releases are {', '.join(releases.digests) or 'none yet'}.",
        )
        for version in versions
        if version not in releases.digests
    ]
    if problems:
        raise PlatformError(*problems)
