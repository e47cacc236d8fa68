import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pavedroad_platform.cli.schema import command
from pavedroad_platform.errors import PlatformError


def run(directory: Path, *arguments: str) -> str:
    return (
        CliRunner()
        .invoke(command, ["--directory", str(directory), *arguments], catch_exceptions=False, standalone_mode=False)
        .stdout
    )


def test_writes_the_schemas_once(tmp_path: Path) -> None:
    assert run(tmp_path) == "9 schemas, 9 written.\n"
    assert json.loads((tmp_path / "schema" / "accounts.schema.json").read_text())["title"] == "AccountsFile"
    assert run(tmp_path) == "9 schemas, 0 written.\n"


def test_says_what_it_wrote_for_machines(tmp_path: Path) -> None:
    run(tmp_path)
    file = tmp_path / "schema" / "teams.schema.json"
    file.unlink()
    summary = json.loads(run(tmp_path, "--json"))
    assert summary["written"] == [str(file)]
    assert len(summary["schemas"]) == 9


def test_check_tells_stale_and_missing_schemas_and_writes_nothing(tmp_path: Path) -> None:
    run(tmp_path)
    stale, missing = (tmp_path / "schema" / f"{name}.schema.json" for name in ("access", "teams"))
    stale.write_text("{}")
    missing.unlink()
    with pytest.raises(PlatformError) as failure:
        run(tmp_path, "--check")
    fix = "Run pavedroad schema and commit what it writes."
    assert str(failure.value) == (
        f"{missing}: the schema is missing\n    {fix}\n{stale}: the schema is not that of the models\n    {fix}"
    )
    assert not missing.exists()
    assert stale.read_text() == "{}"


def test_check_passes_when_all_are_current(tmp_path: Path) -> None:
    run(tmp_path)
    assert run(tmp_path, "--check") == "9 schemas, 0 written.\n"
