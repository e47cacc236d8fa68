import json
from collections.abc import Sequence

import pytest
from click.testing import CliRunner

from pavedroad_platform.checks import suite, templates
from pavedroad_platform.checks.findings import Acknowledgment, Finding, FinishedTemplate
from pavedroad_platform.cli.acknowledgments import command as acknowledgments
from pavedroad_platform.cli.check import command as check
from pavedroad_platform.errors import PlatformError

BUCKETS = FinishedTemplate(
    name="Stack",
    body={"Resources": {"Open": {"Type": "AWS::S3::Bucket"}, "Logs": {"Type": "AWS::S3::Bucket"}}},
    paths={"Open": "/Stack/Open", "Logs": "/Stack/Logs"},
    acknowledgments=[Acknowledgment(finding="X-1", reason="a log bucket", path="/Stack/Logs")],
)


class ObjectsTo:
    name = "objects"

    def __init__(self, *resources: str) -> None:
        self._resources = resources

    def run(self, templates: Sequence[FinishedTemplate]) -> list[Finding]:
        return [
            Finding(check=self.name, rule="X-1", template=template.name, resource=resource, message="is open")
            for template in templates
            for resource in self._resources
        ]


@pytest.fixture(autouse=True)
def _templates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "all_templates", lambda _assembly: [BUCKETS])


def test_an_unanswered_finding_fails_and_is_shown_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "template_checks", lambda: [ObjectsTo("Open", "Logs")])
    done = CliRunner().invoke(check, ["--templates-only"])
    assert done.exit_code == 1
    assert "1 findings, 1 acknowledged" in done.stdout
    assert "X-1 Stack/Open: is open" in done.stdout
    assert "Stack/Logs" not in done.stdout
    assert "1 of 1 checks failed: objects" in done.stdout


def test_answered_findings_pass_and_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "template_checks", lambda: [ObjectsTo("Logs")])
    done = CliRunner().invoke(check, ["--templates-only"])
    assert done.exit_code == 0
    assert "All 1 checks passed; 1 findings are acknowledged" in done.stdout


def test_machines_get_the_findings_and_the_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "template_checks", lambda: [ObjectsTo("Open", "Logs")])
    done = CliRunner().invoke(check, ["--templates-only", "--json"])
    assert done.exit_code == 1
    [outcome] = json.loads(done.stdout)["templates"]
    assert [finding["resource"] for finding in outcome["findings"]] == ["Open"]
    assert [(row["resource"], row["reason"]) for row in outcome["acknowledged"]] == [("Logs", "a log bucket")]


def test_the_acknowledgments_are_listed_with_reasons_and_counted() -> None:
    done = CliRunner().invoke(acknowledgments, [])
    assert done.exit_code == 0
    assert "a log bucket" in done.stdout
    assert "1 reasons, acknowledged in 1 places" in done.stdout
    assert json.loads(CliRunner().invoke(acknowledgments, ["--json"]).stdout) == [
        {"finding": ["X-1"], "reason": "a log bucket", "paths": ["/Stack/Logs"]}
    ]


def test_a_page_that_is_out_of_date_is_told_and_left_as_it_is(tmp_path) -> None:
    page = tmp_path / "page.md"
    page.write_text("old")
    done = CliRunner().invoke(acknowledgments, ["--output", str(page), "--check"])
    assert isinstance(done.exception, PlatformError)
    assert f"run: pavedroad acknowledgments --output {page}" in str(done.exception)
    assert page.read_text() == "old"
    assert CliRunner().invoke(acknowledgments, ["--output", str(page)]).exit_code == 0
    assert CliRunner().invoke(acknowledgments, ["--output", str(page), "--check"]).exit_code == 0
