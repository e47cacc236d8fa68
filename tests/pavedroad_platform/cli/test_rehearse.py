"""``pavedroad rehearse``: what it is asked, and what it says where it cannot."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from pavedroad_platform.cli.rehearse import command
from pavedroad_platform.errors import PlatformError
from pavedroad_platform.rehearsal.actions import Outcome
from pavedroad_platform.rehearsal.report import print_report
from pavedroad_platform.rehearsal.run import Ran

ROOT = Path(__file__).resolve().parents[3]


def test_without_a_sandbox_it_says_how_to_start_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(command, ["--directory", str(tmp_path)])
    assert isinstance(done.exception, PlatformError)
    assert "no sandbox is running\n    Start it with: make sandbox" in str(done.exception)


def test_going_on_and_going_back_exclude_each_other() -> None:
    done = CliRunner().invoke(command, ["--from", "Test", "--roll-back", "Production"])
    assert done.exit_code == 2
    assert "--from, --only and --roll-back exclude each other." in done.output


def test_the_table_says_what_each_action_did_and_what_was_rolled_back() -> None:
    def ran(action: str, note: str, *, passed: bool = True, back: str = "") -> Ran:
        outcome = Outcome(passed=passed, note=note)
        return Ran(
            stage="Production", action=action, kind="CodeBuild", outcome=outcome, seconds=1.5, rolled_back_to=back
        )

    console = Console(width=140, record=True)
    actions = [ran("Deploy", "the phase build failed", passed=False), ran("Deploy", "11 stacks", back="f" * 40)]
    print_report(console, actions, "a" * 40)
    text = console.export_text()
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in text.splitlines() if "│" in line]
    assert "rehearsed on commit aaaaaaaaaaaa" in text
    assert rows == [
        ["Production", "✘ Deploy", "CodeBuild", "1.5 s", "the phase build failed"],
        ["Production", "✔ Deploy", "CodeBuild", "1.5 s", "rolled back to ffffffffffff: 11 stacks"],
        ["all", "", "", "3.0 s", ""],
    ]
