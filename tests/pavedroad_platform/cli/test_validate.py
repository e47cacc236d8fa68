import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pavedroad_platform.cli import validate
from pavedroad_platform.errors import PlatformError, Problem

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "platform" / "organization"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "organization"))


def pavedroad(*arguments: str) -> subprocess.CompletedProcess[str]:
    executable = Path(sys.executable).with_name("pavedroad")
    return subprocess.run([executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_valid_organisation_is_summed_up() -> None:
    result = CliRunner().invoke(validate.command, ["--directory", str(EXAMPLE)])
    assert result.exit_code == 0
    assert "The organisation pavedroad is valid" in result.stdout
    for what in ("accounts", "organizational units", "teams", "networks", "portfolios", "orders-production"):
        assert what in result.stdout


def test_a_valid_organisation_for_machines() -> None:
    result = CliRunner().invoke(validate.command, ["--directory", str(EXAMPLE), "--json"])
    summary = json.loads(result.stdout)
    assert summary["problems"] == []
    assert summary["organization"] == "pavedroad"
    assert summary["networks"] == ["orders-development", "orders-production"]


def test_problems_end_with_exit_code_1_and_no_traceback(directory: Path) -> None:
    file = directory / "accounts.yaml"
    file.write_text(
        file.read_text().replace('"222222222222"', "222222222222").replace("purpose: audit", "purpose: adit")
    )
    result = pavedroad("validate", "--directory", str(directory))
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        (
            f"{file}:11: accounts.gateway.id: 222222222222 is a number because it stands without quotes,"
            " and a text is needed"
        ),
        '    Write id: "222222222222"',
        f"{file}:26: accounts.audit.purpose: adit is not one of the choices",
        (
            "    Did you mean audit? Write one of: management, gateway, log-archive, audit, shared-services,"
            " catalog-test, workload."
        ),
        "",
        "2 problems",
    ]


def test_problems_for_machines(directory: Path) -> None:
    (directory / "budgets.yaml").write_text("")
    result = pavedroad("validate", "--directory", str(directory), "--json")
    assert result.returncode == 1
    assert json.loads(result.stdout) == {
        "problems": [
            {
                "cause": "the file is empty",
                "fix": "Write its settings; the example organisation shows them.",
                "file": str(directory / "budgets.yaml"),
                "line": 1,
                "path": None,
            }
        ]
    }


def test_the_repositorys_own_organisation_is_the_default_and_needs_no_cdk() -> None:
    code = (
        "import sys; from pavedroad_platform.cli.validate import command;"
        "command(['--json'], standalone_mode=False); assert 'aws_cdk' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


def test_policies_beyond_their_quota_are_told_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(name: str, _: object) -> None:
        raise PlatformError(Problem(cause=f"{name} is too large", fix="Shorten it."))

    monkeypatch.setattr(validate, "service_control_policy", too_large)
    result = CliRunner().invoke(validate.command, ["--directory", str(EXAMPLE)])
    assert isinstance(result.exception, PlatformError)
    causes = [problem.cause for problem in result.exception.problems]
    assert "protect-platform is too large" in causes
    assert "require-encryption is too large" in causes
