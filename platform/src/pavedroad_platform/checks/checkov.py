"""checkov on finished templates, offline."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pavedroad_platform.checks.findings import Finding, FinishedTemplate
from pavedroad_platform.checks.isolated_tools import run_isolated


class Checkov:
    """checkov's CloudFormation and secrets frameworks."""

    name = "checkov"

    def run(self, templates: Sequence[FinishedTemplate]) -> list[Finding]:
        """Everything that it objects to; all templates go into one process, whose start is most of its time."""
        with tempfile.TemporaryDirectory() as folder:
            for template in templates:
                (Path(folder) / f"{template.name}.json").write_text(json.dumps(template.body, indent=1))
            arguments = ["checkov", "--directory", folder, "--framework", "cloudformation", "secrets"]
            answer = json.loads(run_isolated("checkov", [*arguments, "--skip-download", "--quiet", "--output", "json"]))
        reports = answer if isinstance(answer, list) else [answer]
        return [
            _finding(failed)
            for report in reports
            if "results" in report  # without any finding only the counts are told
            for failed in report["results"]["failed_checks"]
        ]


def _finding(failed: dict[str, str]) -> Finding:
    return Finding(
        check=Checkov.name,
        rule=f"checkov::{failed['check_id']}",
        template=Path(failed["file_path"]).stem,
        resource=failed["resource"].rpartition(".")[2] or None,
        message=failed["check_name"],
    )
