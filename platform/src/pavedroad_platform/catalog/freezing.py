"""Freezes what products render to, and finds out whether a product was changed without a new version."""

import json
from collections.abc import Iterator
from typing import Any

from pavedroad_platform.catalog.product import Product
from pavedroad_platform.catalog.releases import Releases, digest, version_number
from pavedroad_platform.catalog.rendering import render
from pavedroad_platform.errors import PlatformError, Problem

_SECTIONS = ("Parameters", "Rules", "Conditions", "Mappings", "Resources", "Outputs", "Metadata", "Description")
_NAMES_SHOWN = 5


def freeze(product: Product, releases: Releases) -> bool:
    """Freeze the product's version.

    Returns:
        Whether something was frozen; ``False`` where the version was frozen before, just as it renders now.

    Raises:
        PlatformError: The releases are not in order, or the product changed and kept its version.
    """
    text = render(product)
    problems = [*releases.problems(), *_version_problems(product, releases), *_change_problems(product, releases, text)]
    if problems:
        raise PlatformError(*problems)
    if product.version in releases.digests:
        return False
    releases.add(product.version, text)
    return True


def check(product: Product, releases: Releases) -> list[Problem]:
    """Why the product and its releases do not agree; empty where its version is frozen just as it renders now."""
    problems = [*releases.problems(), *_version_problems(product, releases)]
    if product.version not in releases.digests:
        problems.append(
            Problem(
                cause=f"Version {product.version} of {product.key} is not frozen.",
                fix="Run 'pavedroad catalog freeze' and commit what it writes.",
            )
        )
    return [*problems, *_change_problems(product, releases, render(product))]


def _version_problems(product: Product, releases: Releases) -> Iterator[Problem]:
    newest = releases.newest
    if newest and version_number(product.version) < version_number(newest):
        yield Problem(
            cause=f"The product {product.key} says version {product.version}, but {newest} was released after it.",
            fix=f"Give it a version above {newest}.",
        )


def _change_problems(product: Product, releases: Releases, text: str) -> Iterator[Problem]:
    version = product.version
    # A missing file is told about by the releases themselves.
    if releases.digests.get(version, digest(text)) == digest(text) or not releases.path(version).exists():
        return
    changed = ", ".join(changes(releases.template(version), json.loads(text))) or "only their order"
    yield Problem(
        cause=f"The product {product.key} changed since {version} was frozen: {changed}.",
        fix="Raise its version and run 'pavedroad catalog freeze', or take the change back.",
        file=releases.path(version),
    )


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What differs between two templates, a few names a section: ``Parameters RetentionDays``."""
    found = []
    for section in _SECTIONS:
        old, new = before.get(section, {}), after.get(section, {})
        if old == new:
            continue
        if not isinstance(old, dict) or not isinstance(new, dict):
            found.append(section)
            continue
        names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        found.append(f"{section} {' '.join(names[:_NAMES_SHOWN])}{more}")
    return found
