"""The releases of the library: what each promised, in files that never change.

A directory a release: ``api/`` has the outlines of its public modules, ``examples.json`` the example of each construct
with the logical id and type of every resource that it made, and whether the resource outlives its stack.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import pavedroad
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.library.outline import outline
from pavedroad_platform.library.public_api import PACKAGE, load, public_names
from pavedroad_platform.retention import is_retained
from pavedroad_platform.versions import version_number

SOURCE = Path(pavedroad.__file__).resolve().parent.parent
"""Where the library's source is."""

RELEASES = SOURCE.parent / "releases"
"""Where its releases are recorded."""

_API = "api"


class Resource(TypedDict):
    """A resource of an example: its type, and whether it outlives its stack."""

    type: str
    retained: bool


class Example(TypedDict):
    """The example of a construct: its source, the module that it is run in, and what it made by logical id."""

    source: str
    module: str
    resources: dict[str, Resource]


@dataclass(frozen=True)
class LibraryRelease:
    """A recorded release.

    Attributes:
        version: Its version.
        directory: The directory of all releases. Left out: the library's.
    """

    version: str
    directory: Path = RELEASES

    @property
    def api(self) -> Path:
        """Where the outlines are."""
        return self.directory / self.version / _API

    @property
    def examples(self) -> dict[str, Example]:
        """The examples by construct."""
        examples: dict[str, Example] = json.loads(self._examples.read_text())
        return examples

    def write(self) -> bool:
        """Record the library as it is now; ``False`` where it was recorded before, just so.

        Raises:
            PlatformError: The release was recorded otherwise.
        """
        files = _rendered()
        home = self.directory / self.version
        if home.exists():
            recorded = {path.relative_to(home): path.read_text() for path in home.rglob("*") if path.is_file()}
            if recorded == files:
                return False
            raise PlatformError(
                Problem(
                    file=home,
                    cause=f"version {self.version} of the library is released; a release never changes",
                    fix="raise the version in constructs/pyproject.toml, then freeze again",
                )
            )
        for path, text in files.items():
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_text(text)
        return True

    @property
    def _examples(self) -> Path:
        return self.directory / self.version / "examples.json"


def recorded_versions(directory: Path = RELEASES) -> list[str]:
    """The versions that were released, the oldest first."""
    versions = [path.name for path in directory.iterdir() if path.is_dir()] if directory.exists() else []
    return sorted(versions, key=version_number)


def last_release(directory: Path = RELEASES) -> LibraryRelease:
    """The newest release.

    Raises:
        PlatformError: Nothing was released.
    """
    versions = recorded_versions(directory)
    if not versions:
        raise PlatformError(
            Problem(file=directory, cause="no release is recorded", fix="run: pavedroad library freeze")
        )
    return LibraryRelease(versions[-1], directory)


def resources_of(template: dict[str, dict[str, dict[str, str]]]) -> dict[str, Resource]:
    """What a release records of an example's template."""
    return {
        logical_id: Resource(type=resource["Type"], retained=is_retained(resource))
        for logical_id, resource in sorted(template["Resources"].items())
    }


def current_api(directory: Path) -> Path:
    """Write the outlines of the library as it is now into ``directory``, so that like is compared with like."""
    for path, text in _outlines().items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text)
    return directory / _API


def _rendered() -> dict[Path, str]:
    return _outlines() | {Path("examples.json"): json.dumps(_examples(), indent=1) + "\n"}


def _outlines() -> dict[Path, str]:
    """The outline of each public module, and of the packages that lead to it."""
    modules = {Path(*path.split(".")[:-1]).with_suffix(".py") for path in public_names(load(SOURCE))}
    packages = {parent / "__init__.py" for module in modules for parent in module.parents if parent.name}
    return {
        Path(_API) / path.with_suffix(".pyi"): outline((SOURCE / path).read_text())
        for path in sorted(modules | packages | {Path(PACKAGE, "__init__.py")})
    }


def _examples() -> dict[str, Example]:
    from pavedroad_platform.library.examples import example_stack, source_of

    return {
        name: Example(
            source=source_of(getattr(pavedroad, name)),
            module=getattr(pavedroad, name).__module__,
            resources=resources_of(example_stack(name)[1]),
        )
        for name in pavedroad.__all__
    }
