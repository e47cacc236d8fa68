"""The releases of a product: templates that were frozen once and never change.

A directory a product: ``<version>.template.json`` as it was rendered, ``releases.yaml`` with the digest of each
(written by ``freeze``), and ``lifecycle.yaml`` with what may be done with each (edited by people).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pavedroad_platform.errors import PlatformError, Problem

CATALOG_DIRECTORY = Path(__file__).resolve().parents[3] / "catalog"
"""Where the releases of this platform are."""


class Status(StrEnum):
    """What may be done with a version."""

    ACTIVE = "active"
    """May be launched."""

    DEPRECATED = "deprecated"
    """May be launched, but better not: a newer version takes its place."""

    RETIRED = "retired"
    """May not be launched any more."""


@dataclass(frozen=True)
class Releases:
    """The releases of one product.

    Attributes:
        key: The product's key.
        directory: The directory of all products' releases. Left out: this platform's.

    Example:
        >>> Releases("secure-bucket").newest
        '1.0.0'
    """

    key: str
    directory: Path = CATALOG_DIRECTORY

    @cached_property
    def digests(self) -> dict[str, str]:
        """The SHA-256 of each frozen template by its version, the oldest version first."""
        return dict(sorted(self._read("releases.yaml").items(), key=lambda item: version_number(item[0])))

    @cached_property
    def lifecycle(self) -> dict[str, Status]:
        """The status of each version.

        Raises:
            PlatformError: A status is unknown, or a version has none.
        """
        written = self._read("lifecycle.yaml")
        problems = list(self._lifecycle_problems(written))
        if problems:
            raise PlatformError(*problems)
        return {version: Status(written[version]) for version in self.digests}

    @property
    def newest(self) -> str | None:
        """The newest frozen version; ``None`` where nothing was frozen."""
        return next(reversed(self.digests), None)

    @property
    def offered(self) -> list[str]:
        """The versions that are not retired, the oldest first."""
        return [version for version, status in self.lifecycle.items() if status is not Status.RETIRED]

    def path(self, version: str) -> Path:
        """The file of a frozen template."""
        return self.directory / self.key / f"{version}.template.json"

    def text(self, version: str) -> str:
        """A frozen template as it stands in its file."""
        return self.path(version).read_text()

    def template(self, version: str) -> dict[str, Any]:
        """A frozen template."""
        template: dict[str, Any] = json.loads(self.text(version))
        return template

    def offered_templates(self) -> list[dict[str, Any]]:
        """The templates that a team may launch, or has launched and may update."""
        return [self.template(version) for version in self.offered]

    def add(self, version: str, text: str) -> None:
        """Freeze ``text`` as ``version``, which is active from then on.

        Raises:
            PlatformError: The version was frozen before.
        """
        if version in self.digests:
            raise PlatformError(
                Problem(
                    cause=f"Version {version} of {self.key} is frozen; a released template never changes.",
                    fix="Raise the version of the product.",
                    file=self.path(version),
                )
            )
        self.path(version).parent.mkdir(parents=True, exist_ok=True)
        self.path(version).write_text(text)
        self._write("releases.yaml", {**self.digests, version: digest(text)}, _RELEASES_HEADER)
        self._write("lifecycle.yaml", {**self._read("lifecycle.yaml"), version: "active"}, _LIFECYCLE_HEADER)
        for name in ("digests", "lifecycle"):
            self.__dict__.pop(name, None)

    def problems(self) -> list[Problem]:
        """What does not agree among the files: edited or missing templates, files nobody released, wrong states."""
        return [
            *self._template_problems(),
            *self._lifecycle_problems(self._read("lifecycle.yaml")),
        ]

    def _template_problems(self) -> Iterator[Problem]:
        for version, expected in self.digests.items():
            path = self.path(version)
            if not path.exists():
                yield Problem(
                    cause=f"Version {version} of {self.key} was released, but its template is gone.",
                    fix=f"Restore it: git checkout -- {path.name}",
                    file=path,
                )
            elif digest(path.read_text()) != expected:
                yield Problem(
                    cause=f"The frozen template of {self.key} {version} was edited; teams run what it was before.",
                    fix="Restore it from version control and put the change into a new version of the product.",
                    file=path,
                )
        released = {self.path(version) for version in self.digests}
        for path in sorted((self.directory / self.key).glob("*.template.json")):
            if path not in released:
                yield Problem(
                    cause=f"{path.name} is no release of {self.key}: releases.yaml does not list it.",
                    fix="Delete it, and let 'pavedroad catalog freeze' write templates.",
                    file=path,
                )

    def _lifecycle_problems(self, written: dict[str, str]) -> Iterator[Problem]:
        file = self.directory / self.key / "lifecycle.yaml"
        states = ", ".join(Status)
        for version in self.digests:
            if version not in written:
                cause = f"Version {version} of {self.key} has no status."
                yield Problem(cause=cause, fix=f"Add '{version}: active', or one of {states}.", file=file)
        for version, status in written.items():
            if version not in self.digests:
                cause = f"There is no release {version} of {self.key}."
                yield Problem(cause=cause, fix="Delete the line.", file=file, path=version)
            if status not in set(Status):
                yield Problem(cause=f"{status!r} is no status.", fix=f"Use one of {states}.", file=file, path=version)

    def _read(self, name: str) -> dict[str, str]:
        path = self.directory / self.key / name
        return dict(_yaml().load(path) or {}) if path.exists() else {}

    def _write(self, name: str, content: dict[str, str], header: str) -> None:
        path = self.directory / self.key / name
        with path.open("w") as file:
            file.write(header)
            _yaml().dump(content, file)


_RELEASES_HEADER = "# The SHA-256 of every frozen template. Written by 'pavedroad catalog freeze'; not edited.\n"
_LIFECYCLE_HEADER = "# What may be done with each version: active, deprecated (better not) or retired (no launch).\n"


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.width = 1000
    return yaml


def digest(text: str) -> str:
    """The SHA-256 of a template."""
    return sha256(text.encode()).hexdigest()


def version_number(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 1.10.0 comes after 1.9.0."""
    return tuple(int(part) for part in version.split("."))
