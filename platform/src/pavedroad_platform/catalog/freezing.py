"""Freezes what products render to, and refuses a version that promises more than the changes keep."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from pavedroad_platform.catalog.changelog import changelog
from pavedroad_platform.catalog.checking import product_problems
from pavedroad_platform.catalog.comparison.change import ProductChange, patch
from pavedroad_platform.catalog.comparison.templates import compare
from pavedroad_platform.catalog.product import Product
from pavedroad_platform.catalog.releases import Releases, digest
from pavedroad_platform.catalog.rendering import render
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.versions import lowest_version, unkept

_CHANGES_SHOWN = 5


class State(StrEnum):
    """What ``freeze`` did with a product."""

    FROZEN = "frozen"
    """Its version was frozen."""

    CHANGELOG = "changelog written"
    """The version was frozen before; its changelog was not current."""

    UNCHANGED = "unchanged"
    """Nothing was to do."""


@dataclass(frozen=True)
class Candidate:
    """A product as it renders now, beside its releases.

    Attributes:
        product: The product.
        releases: Its releases.
    """

    product: Product
    releases: Releases

    @cached_property
    def text(self) -> str:
        """The template that would be frozen."""
        return render(self.product)

    def problems(self) -> list[Problem]:
        """Why it cannot be frozen; empty where it can be, or is, frozen just as it renders now."""
        problems = product_problems(self.product, self.releases)
        if problems:
            return problems
        frozen = self.releases.digests.get(self.product.version)
        return self._version_problems() if frozen in (None, digest(self.text)) else [self._change_problem()]

    def check(self) -> list[Problem]:
        """Why product and releases do not agree; empty where all is frozen and told just as it is now."""
        problems = self.problems()
        if self.releases.problems():
            return problems
        cause = None
        if self.product.version not in self.releases.digests:
            cause = f"Version {self.product.version} of {self.product.key} is not frozen."
        elif not problems and not self._is_told():
            cause = f"The changelog of {self.product.key} does not tell what its releases changed."
        if cause is None:
            return problems
        fix = "Run 'pavedroad catalog freeze' and commit what it writes."
        return [Problem(cause=cause, fix=fix), *problems]

    def write(self) -> State:
        """Freeze it and write its changelog. For a candidate without problems."""
        told = self._changelog()
        is_new = self.product.version not in self.releases.digests
        if not is_new and self._is_told():
            return State.UNCHANGED
        if is_new:
            self.releases.add(self.product.version, self.text)
        self.releases.changelog.write_text(told)
        return State.FROZEN if is_new else State.CHANGELOG

    def _version_problems(self) -> list[Problem]:
        version, key = self.product.version, self.product.key
        previous = self.releases.before(version)
        if previous is None:
            return []
        changes = compare(self.releases.template(previous), self._template)
        lowest = lowest_version(previous, changes)
        is_frozen = version in self.releases.digests
        instead = f" and set {version} to deprecated in lifecycle.yaml" if is_frozen else ", or take the change back"
        return [
            Problem(
                cause=f"{key}: {change.what}: this is {lowest}; {version} is not enough after {previous}.",
                fix=f"Give the product the version {lowest}{instead}.",
            )
            for change in unkept(version, previous, changes)
        ]

    def _change_problem(self) -> Problem:
        version, key = self.product.version, self.product.key
        changes = compare(self.releases.template(version), self._template) or [patch("the order of what it holds")]
        lowest = lowest_version(version, changes)
        return Problem(
            cause=f"The product {key} changed since {version} was frozen: {_summary(changes)}.",
            fix=f"Raise its version to {lowest} and run 'pavedroad catalog freeze', or take the change back.",
            file=self.releases.path(version),
        )

    @property
    def _template(self) -> dict[str, Any]:
        template: dict[str, Any] = json.loads(self.text)
        return template

    def _changelog(self) -> str:
        templates = {version: self.releases.template(version) for version in self.releases.digests}
        return changelog(self.product.title, {**templates, self.product.version: self._template})

    def _is_told(self) -> bool:
        path = self.releases.changelog
        return path.exists() and path.read_text() == self._changelog()


def freeze_all(candidates: list[Candidate]) -> list[State]:
    """Freeze every product that is not frozen yet, or none of them.

    Raises:
        PlatformError: A product's releases are not in order, it changed and kept its version, or its version is lower
            than the changes ask for. Nothing is written then.
    """
    problems = [problem for candidate in candidates for problem in candidate.problems()]
    if problems:
        raise PlatformError(*problems)
    return [candidate.write() for candidate in candidates]


def _summary(changes: list[ProductChange]) -> str:
    more = f"; and {len(changes) - _CHANGES_SHOWN} more" if len(changes) > _CHANGES_SHOWN else ""
    return "; ".join(change.what for change in changes[:_CHANGES_SHOWN]) + more
