from pavedroad_platform.checks.acknowledged import acknowledged_findings, markdown, places
from pavedroad_platform.checks.findings import Acknowledgment, FinishedTemplate


def test_one_reason_is_one_decision_however_many_findings_and_places_it_answers() -> None:
    def acknowledged(finding: str, path: str, reason: str = "a log bucket") -> Acknowledgment:
        return Acknowledgment(finding=finding, reason=reason, path=path)

    template = FinishedTemplate(
        name="Stack",
        body={},
        acknowledgments=[
            acknowledged("AwsSolutions-S1", "/Stack/B"),
            acknowledged("AwsSolutions-S1", "/Stack/A"),
            acknowledged("checkov::CKV_AWS_18", "/Stack/A"),
            acknowledged("AwsSolutions-IAM5[Resource::*]", "/Stack/R", "takes no | resource"),
        ],
    )
    rows = acknowledged_findings([template])
    assert [(row.finding, row.paths) for row in rows] == [
        (("AwsSolutions-IAM5[Resource::*]",), ("/Stack/R",)),
        (("AwsSolutions-S1", "checkov::CKV_AWS_18"), ("/Stack/A", "/Stack/B")),
    ]
    assert places(rows) == 3
    page = markdown(rows)
    assert "2 reasons, acknowledged in 3 places." in page
    assert "| `AwsSolutions-IAM5` | takes no \\| resource | 1 |" in page
    assert "| `AwsSolutions-S1`, `checkov::CKV_AWS_18` | a log bucket | 2 |" in page
