"""The example organisation, edited as somebody who makes a mistake would edit it."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.organization import load_organization

EXAMPLE = Path(__file__).resolve().parents[3] / "platform" / "organization"


@pytest.fixture(scope="session")
def example() -> Path:
    return EXAMPLE


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the example organisation."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "organization"))


@pytest.fixture
def edit(directory: Path) -> Callable[[Sequence[tuple[str, str | None, str]]], Path]:
    """Replaces the first occurrence of a text in a file, or with ``None`` the whole file."""

    def apply(edits: Sequence[tuple[str, str | None, str]]) -> Path:
        for name, old, new in edits:
            file = directory / f"{name}.yaml"
            text = file.read_text()
            assert old is None or old in text, f"{old!r} is not in {file.name}"
            file.write_text(new if old is None else text.replace(old, new, 1))
        return directory

    return apply


@pytest.fixture
def problems_in() -> Callable[[Path], list[str]]:
    """All problems, each as it is printed, with paths from the directory on."""

    def problems(directory: Path) -> list[str]:
        try:
            load_organization(directory)
        except PlatformError as error:
            return [str(problem).replace(f"{directory}/", "") for problem in error.problems]
        return []

    return problems
