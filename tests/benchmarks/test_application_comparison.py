"""The page that compares an application with the same in plain CDK says what is so."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@cache
def compared() -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    program = [sys.executable, "benchmarks/application_comparison.py", "--check", "--json"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    return done, json.loads(done.stdout)


def test_the_page_is_current() -> None:
    done, _ = compared()
    assert (done.returncode, done.stderr) == (0, "")


def test_the_application_is_short_and_has_no_finding_without_a_reason() -> None:
    _, results = compared()
    ours, plain = results["paved_road"], results["plain_cdk"]
    assert ours["lines"] <= 25
    assert plain["lines"] > 6 * ours["lines"]
    assert set(ours["findings"].values()) == {0}
    assert sum(plain["findings"].values()) > 0


def test_both_make_the_same_architecture() -> None:
    _, results = compared()
    for resource_type in (
        "AWS::Backup::BackupPlan",
        "AWS::Budgets::Budget",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::CodePipeline::Pipeline",
        "AWS::ECS::Service",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::RDS::DBCluster",
        "AWS::S3::Bucket",
        "AWS::SNS::Topic",
    ):
        for result in results.values():
            assert result["types"][resource_type], resource_type
