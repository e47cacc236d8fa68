"""What changed in the library since its last release, and the version that this asks for."""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.library.public_api import additions, breaking_changes, load, rewritten_factories
from pavedroad_platform.library.releases import SOURCE, Example, LibraryRelease, current_api, resources_of
from pavedroad_platform.versions import Change, Step, lowest_version, unkept

_PROJECT = SOURCE.parent / "pyproject.toml"


def current_version() -> str:
    """The version that ``constructs/pyproject.toml`` gives the library."""
    version: str = tomllib.loads(_PROJECT.read_text())["project"]["version"]
    return version


def changes_since(release: LibraryRelease) -> list[Change]:
    """Every change of the public interface and of logical ids, the gravest first."""
    with TemporaryDirectory(prefix="pavedroad-api-") as directory:
        old, new = load(release.api), load(current_api(Path(directory)))
    changes = [Change(step=Step.MAJOR, what=what) for what in breaking_changes(old, new)]
    for name, example in release.examples.items():
        changes += _example_changes(name, example)
    changes += [Change(step=Step.MINOR, what=what) for what in rewritten_factories(old, new)]
    changes += [Change(step=Step.MINOR, what=f"{what} is new") for what in additions(old, new)]
    return sorted(changes, key=lambda change: -change.step)


def check_version(release: LibraryRelease, version: str, changes: Sequence[Change]) -> None:
    """Refuse a version that promises more than the changes keep.

    Raises:
        PlatformError: ``version`` is lower than ``changes`` ask for; each of the gravest changes is named.
    """
    lowest = lowest_version(release.version, changes)
    problems = [
        Problem(
            file=_PROJECT,
            path="project.version",
            cause=f"{version} is not enough after {release.version}: {change.what}",
            fix=f'write version = "{lowest}", or undo the change',
        )
        for change in unkept(version, release.version, changes)
    ]
    if problems:
        raise PlatformError(*problems)


def _example_changes(name: str, example: Example) -> Iterator[Change]:
    """What becomes of an app that was written as the released example was."""
    try:
        template = _template(example)
    except Exception as error:  # noqa: BLE001 - whatever it raises, a user's app raises it too
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        yield Change(step=Step.MAJOR, what=f"the released example of {name} fails: {reason}")
        return
    now = resources_of(template)
    for logical_id, before in example["resources"].items():
        after = now.get(logical_id)
        if after is not None and after["type"] == before["type"]:
            continue
        became = f"a resource of type {after['type']}" if after else "gone"
        kept = ", which holds data or outlives its stack," if before["retained"] else ""
        yield Change(
            step=Step.MAJOR if before["retained"] else Step.MINOR,
            what=f"{name}: {before['type']} {logical_id}{kept} is {became}",
        )


def _template(example: Example) -> dict[str, Any]:
    from aws_cdk import Stack

    from pavedroad_platform.clean_app import clean_app
    from pavedroad_platform.library.examples import run_example

    with TemporaryDirectory(prefix="pavedroad-release-") as directory:
        app = clean_app(directory)
        run_example(example["source"], Stack(app, "Example"), example["module"])
        template: dict[str, Any] = app.synth().get_stack_by_name("Example").template
    return template
