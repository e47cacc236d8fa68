"""Every hardened property of every template is weakened, one at a time, and some check must notice."""

from pathlib import Path

import pytest

from pavedroad_platform.checks.acknowledged import acknowledged_findings
from pavedroad_platform.checks.acknowledged import markdown as acknowledged_page
from pavedroad_platform.checks.mutations.campaign import Verdict, judge, mutants
from pavedroad_platform.checks.mutations.harmless import why_harmless
from pavedroad_platform.checks.mutations.report import summary
from pavedroad_platform.checks.suite import template_checks
from pavedroad_platform.checks.templates import all_templates

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def verdicts(assembly: Path) -> list[Verdict]:
    checks = template_checks(ROOT / "platform" / "organization")
    return judge(mutants(all_templates(assembly)), checks, thorough=False, on_check=lambda _name, _count: None)


def test_no_weakening_goes_unnoticed(verdicts: list[Verdict]) -> None:
    assert [(v.mutant.template.name, v.mutant.place, v.mutant.change) for v in verdicts if v.survived] == []


def test_the_campaign_is_about_everything_that_is_hardened(verdicts: list[Verdict]) -> None:
    assert len(verdicts) > 1400
    types = {verdict.mutant.resource_type for verdict in verdicts}
    assert {
        "AWS::CloudTrail::Trail",
        "AWS::CodeBuild::Project",
        "AWS::EC2::SecurityGroup",
        "AWS::ECS::TaskDefinition",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Role",
        "AWS::KMS::Key",
        "AWS::Organizations::Policy",
        "AWS::RDS::DBInstance",
        "AWS::S3::Bucket",
    } <= types


def test_no_reason_for_harmlessness_hides_what_a_check_would_notice(verdicts: list[Verdict]) -> None:
    # What is called harmless is not judged: it must be a small and known part.
    harmless = [verdict for verdict in verdicts if why_harmless(verdict.mutant)]
    assert 0 < len(harmless) < len(verdicts) / 12


def test_the_page_of_weakenings_counts_what_is_true(verdicts: list[Verdict]) -> None:
    page = (ROOT / "docs" / "reference" / "mutations.md").read_text()
    assert summary(verdicts) in page, "run: pavedroad mutations --output docs/reference/mutations.md"


def test_the_page_of_acknowledged_findings_is_current(assembly: Path) -> None:
    page = (ROOT / "docs" / "reference" / "acknowledgments.md").read_text()
    rows = acknowledged_findings(all_templates(assembly))
    assert page == acknowledged_page(rows), "run: pavedroad acknowledgments --output docs/reference/acknowledgments.md"
