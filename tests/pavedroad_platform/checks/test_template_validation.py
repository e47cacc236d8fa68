"""The engine in machine code finds what the CDK's own plugin finds, and the CDK reports it in the same way."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from pavedroad_platform.checks.template_validation import TemplateValidation

FAULTY: dict[str, tuple[str, dict[str, Any]]] = {
    "Bucket": ("AWS::S3::Bucket", {"BucketNam": "x", "VersioningConfiguration": {"Status": "On"}}),
    "Topic": ("AWS::SNS::Topic", {"TopicName": {"Ref": "Nothing"}}),
    "Function": ("AWS::Lambda::Function", {"Runtime": "python3.6", "Handler": "x"}),
    "Unknown": ("AWS::Unknown::Unknown", {}),
    "Instance": ("AWS::EC2::Instance", {"ImageId": 1, "SubnetId": "subnet-1", "NetworkInterfaces": []}),
}


def stack_with(app: cdk.App, resources: dict[str, tuple[str, dict[str, Any]]]) -> cdk.Stack:
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    for name, (resource_type, properties) in resources.items():
        cdk.CfnResource(stack, name, type=resource_type, properties=properties)
    cdk.CfnParameter(stack, "Unused")
    return stack


def report(app: cdk.App) -> dict[str, Any]:
    """The only plugin's report, without the version of the engine and traces of the process."""
    (found,) = json.loads((Path(app.outdir) / "validation-report.json").read_text())["pluginReports"]
    del found["pluginVersion"]
    for violation in found["violations"]:
        for construct in violation["violatingConstructs"]:
            construct.pop("stackTraces", None)
    return dict(found)


@pytest.fixture
def checked_app(app: cdk.App) -> cdk.App:
    cdk.Validations.of(app).add_plugins(TemplateValidation())
    return app


def test_findings_are_those_of_the_plugin_that_the_cdk_has(checked_app: cdk.App, feature_flags) -> None:
    built_in = cdk.App(context=feature_flags, analytics_reporting=False)
    reports = []
    for app in (checked_app, built_in):
        stack_with(app, FAULTY)
        with pytest.raises(RuntimeError, match="ValidationFailed"):
            app.synth()
        reports.append(report(app))
    own, cdks = reports
    assert own == cdks
    assert len(own["violations"]) > 10


def test_warnings_do_not_fail_the_synthesis(checked_app: cdk.App) -> None:
    stack_with(checked_app, {"Topic": ("AWS::SNS::Topic", {})})
    checked_app.synth()
    assert [violation["severity"] for violation in report(checked_app)["violations"]] == ["warning"]


def test_a_finding_is_acknowledged_by_the_id_that_the_cdk_tells(checked_app: cdk.App) -> None:
    stack = stack_with(checked_app, {"Topic": ("AWS::SNS::Topic", {"TopicName": {"Ref": "Nothing"}})})
    acknowledgment = cdk.Acknowledgment(id="CloudFormation-Validate::F1020", reason="A test of acknowledgments")
    cdk.Validations.of(stack.node.find_child("Topic")).acknowledge(acknowledgment)
    checked_app.synth()
