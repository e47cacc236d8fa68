"""The releases of a product: templates that were frozen once and never change.

A directory a product: ``<version>.template.json`` as it was rendered, ``releases.yaml`` with the digest of each and
``CHANGELOG.md`` with what changed (both written by ``freeze``), and ``lifecycle.yaml`` with what may be done with each
(edited by people).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.versions import is_version, version_number

CATALOG_DIRECTORY = Path(__file__).resolve().parents[3] / "catalog"
"""Where the releases of this platform are."""

MOST_VERSIONS = 100
"""How many versions of a product Service Catalog takes.

Source: https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html
"""

MANY_VERSIONS = 80
"""So many offered versions, or more, leave a warning: time to retire some."""


class Status(StrEnum):
    """What may be done with a version."""

    ACTIVE = "active"
    """May be launched."""

    DEPRECATED = "deprecated"
    """May not be launched any more. What runs it may be updated and ended; a newer version takes its place."""

    RETIRED = "retired"
    """Gone from the catalogue. Nobody runs it: while somebody does, no version becomes retired."""


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
        """The SHA-256 of each frozen template by its version, the oldest version first.

        Raises:
            PlatformError: What ``releases.yaml`` lists is no version.
        """
        written = self._read("releases.yaml")
        problems = [
            Problem(
                cause=f"{version} is no semantic version like 1.0.0.",
                fix="Restore the file from version control.",
                file=self._file("releases.yaml"),
                path=str(version),
            )
            for version in written
            if not is_version(version)
        ]
        if problems:
            raise PlatformError(*problems)
        return dict(sorted(written.items(), key=lambda item: version_number(item[0])))

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
    def active(self) -> list[str]:
        """The versions that may be launched, the oldest first."""
        return [version for version, status in self.lifecycle.items() if status is Status.ACTIVE]

    @property
    def newest_active(self) -> str | None:
        """The newest version that may be launched; ``None`` where none may."""
        return next(reversed(self.active), None)

    @property
    def offered(self) -> list[str]:
        """The versions that are not retired, the oldest first."""
        return [version for version, status in self.lifecycle.items() if status is not Status.RETIRED]

    def before(self, version: str) -> str | None:
        """The newest version that was released before ``version``; ``None`` where that is the first."""
        number = version_number(version)
        return next((older for older in reversed(self.digests) if version_number(older) < number), None)

    @property
    def changelog(self) -> Path:
        """The file that tells what changed from release to release."""
        return self._file("CHANGELOG.md")

    def path(self, version: str) -> Path:
        """The file of a frozen template."""
        return self._file(f"{version}.template.json")

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
        digests = {**self.digests, version: digest(text)}
        ordered = {each: digests[each] for each in sorted(digests, key=version_number)}
        self._write("releases.yaml", ordered, _RELEASES_HEADER)
        self._write("lifecycle.yaml", {**self._read("lifecycle.yaml"), version: "active"}, _LIFECYCLE_HEADER)
        for name in ("digests", "lifecycle"):
            self.__dict__.pop(name, None)

    def problems(self) -> list[Problem]:
        """What is wrong with the files: edited, missing or foreign templates, states, order, number."""
        try:
            return [
                *self._template_problems(),
                *self._order_problems(),
                *self._lifecycle_problems(self._read("lifecycle.yaml")),
                *self._number_problems(MOST_VERSIONS + 1, f"Service Catalog takes {MOST_VERSIONS}"),
            ]
        except PlatformError as error:
            return list(error.problems)

    def warnings(self) -> list[Problem]:
        """What will be wrong before long. For releases without problems."""
        if len(self.offered) > MOST_VERSIONS:
            return []
        limit = f"Service Catalog takes {MOST_VERSIONS}, and this warns from {MANY_VERSIONS} on"
        return list(self._number_problems(MANY_VERSIONS, limit))

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

    def _order_problems(self) -> Iterator[Problem]:
        written = list(self._read("releases.yaml"))
        for before, after in pairwise(written):
            if version_number(before) > version_number(after):
                yield Problem(
                    cause=f"Version {after} of {self.key} stands after {before}, which is higher.",
                    fix="Put the lines in order, the oldest version first.",
                    file=self._file("releases.yaml"),
                    path=after,
                )

    def _number_problems(self, many: int, limit: str) -> Iterator[Problem]:
        written = self._read("lifecycle.yaml")
        offered = [version for version in self.digests if written.get(version) != Status.RETIRED]
        if len(offered) >= many:
            yield Problem(
                cause=f"{self.key} has {len(offered)} versions that are not retired; {limit}.",
                fix=f"Retire versions that nobody runs, the oldest first: {offered[0]}.",
                file=self._file("lifecycle.yaml"),
            )

    def _lifecycle_problems(self, written: dict[str, str]) -> Iterator[Problem]:
        file = self._file("lifecycle.yaml")
        states = ", ".join(Status)
        for version in self.digests:
            if version not in written:
                cause = f"Version {version} of {self.key} has no status."
                yield Problem(cause=cause, fix=f"Add '{version}: active', or one of {states}.", file=file)
        for version, status in written.items():
            if version not in self.digests:
                cause = f"There is no release {version} of {self.key}."
                yield Problem(cause=cause, fix="Delete the line.", file=file, path=str(version))
            if status not in list(Status):
                yield Problem(
                    cause=f"{status!r} is no status.", fix=f"Use one of {states}.", file=file, path=str(version)
                )

    def _file(self, name: str) -> Path:
        return self.directory / self.key / name

    def _read(self, name: str) -> dict[str, str]:
        path = self._file(name)
        if not path.exists():
            return {}
        try:
            return dict(_parsed(path.read_text()))
        except (MarkedYAMLError, TypeError, ValueError) as error:
            mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
            raise PlatformError(
                Problem(
                    cause="The file cannot be read: it is no list of versions, each with a colon and a value.",
                    fix="Write lines like '1.0.0: active', or restore the file from version control.",
                    file=path,
                    line=mark.line + 1 if mark else None,
                )
            ) from error

    def _write(self, name: str, content: dict[str, str], header: str) -> None:
        with self._file(name).open("w") as file:
            file.write(header)
            _yaml().dump(content, file)


@cache
def _parsed(text: str) -> dict[str, str]:
    """What a file lists. The same files are asked for by every account that products stand in."""
    return dict(YAML(typ="safe").load(text) or {})


_RELEASES_HEADER = "# The SHA-256 of every frozen template. Written by 'pavedroad catalog freeze'; not edited.\n"
_LIFECYCLE_HEADER = (
    "# What may be done with each version: active, deprecated (no launch) or retired (gone, when nobody runs it).\n"
)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.width = 1000
    return yaml


def digest(text: str) -> str:
    """The SHA-256 of a template."""
    return sha256(text.encode()).hexdigest()
