import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pavedroad_platform.cli.reference import command
from pavedroad_platform.errors import PlatformError

DOCS = Path(__file__).resolve().parents[3] / "docs"
WRITTEN = ("reference", "products")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A copy of the pages that are written: one is stale, one is missing, one is of a product that is gone."""
    for folder in WRITTEN:
        shutil.copytree(DOCS / folder, tmp_path / folder)
    (tmp_path / "reference" / "commands.md").write_text("stale")
    (tmp_path / "products" / "database.md").unlink()
    (tmp_path / "products" / "mainframe.md").write_text("no such product")
    return tmp_path


def run(directory: Path, *arguments: str) -> str:
    arguments = ("--directory", str(directory), *arguments)
    return CliRunner().invoke(command, arguments, catch_exceptions=False, standalone_mode=False).stdout


def test_the_pages_of_the_documentation_are_current() -> None:
    assert run(DOCS, "--check").endswith(" pages, 0 written, 0 deleted.\n")


def test_writes_what_is_missing_or_stale_deletes_what_is_gone_and_tells_machines_so(docs: Path) -> None:
    told = json.loads(run(docs, "--json"))
    assert told["written"] == [str(docs / page) for page in ("reference/commands.md", "products/database.md")]
    assert told["deleted"] == [str(docs / "products/mainframe.md")]
    assert (docs / "reference/acknowledgments.md").exists(), "another command writes it"
    for page in told["pages"]:
        assert Path(page).read_text() == (DOCS / Path(page).relative_to(docs)).read_text()


def test_check_names_every_page_that_is_not_current_and_writes_nothing(docs: Path) -> None:
    with pytest.raises(PlatformError) as failure:
        run(docs, "--check")
    fix = "Run pavedroad reference and commit what it writes."
    assert str(failure.value) == "\n".join(
        [
            f"{docs}/reference/commands.md: the page is not current\n    {fix}",
            f"{docs}/products/database.md: the page is not current\n    {fix}",
            f"{docs}/products/mainframe.md: no release of a product has this page\n    {fix}",
        ]
    )
    assert (docs / "reference/commands.md").read_text() == "stale"
    assert not (docs / "products/database.md").exists()
    assert (docs / "products/mainframe.md").exists()
