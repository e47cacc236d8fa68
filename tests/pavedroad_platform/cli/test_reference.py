import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pavedroad_platform.cli.reference import command
from pavedroad_platform.errors import PlatformError

PAGES = Path(__file__).resolve().parents[3] / "docs" / "reference"


def run(directory: Path, *arguments: str) -> str:
    arguments = ("--directory", str(directory), *arguments)
    return CliRunner().invoke(command, arguments, catch_exceptions=False, standalone_mode=False).stdout


def test_the_pages_of_the_documentation_are_current() -> None:
    assert run(PAGES, "--check") == "4 pages, 0 written.\n"


def test_writes_what_is_missing_or_stale_and_tells_machines_so(tmp_path: Path) -> None:
    for page in ("configuration.md", "commands.md"):
        shutil.copy(PAGES / page, tmp_path)
    (tmp_path / "commands.md").write_text("stale")
    written = [str(tmp_path / page) for page in ("commands.md", "constructs.md", "launch-roles.md")]
    assert json.loads(run(tmp_path, "--json"))["written"] == written
    assert (tmp_path / "commands.md").read_text() == (PAGES / "commands.md").read_text()


def test_check_names_every_stale_page_and_writes_nothing(tmp_path: Path) -> None:
    shutil.copy(PAGES / "configuration.md", tmp_path)
    (tmp_path / "commands.md").write_text("stale")
    with pytest.raises(PlatformError) as failure:
        run(tmp_path, "--check")
    fix = "Run pavedroad reference and commit what it writes."
    assert str(failure.value) == "\n".join(
        f"{tmp_path / page}: the page is not current\n    {fix}"
        for page in ("commands.md", "constructs.md", "launch-roles.md")
    )
    assert (tmp_path / "commands.md").read_text() == "stale"
    assert not (tmp_path / "constructs.md").exists()
