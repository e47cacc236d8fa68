"""The report on adoption: who makes it, what it may read, and where it is kept."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from pavedroad.version_stamp import STAMP_TAG

CATALOG, SECURITY, LOGGING = "pavedroad-catalog", "pavedroad-security", "pavedroad-logging"
WORKLOAD = "pavedroad-workload-orders-production"

Find = Callable[..., dict[str, dict[str, Any]]]


def statements(resources: Find, stack: str, action: str) -> list[Mapping[str, Any]]:
    """The statements of the stack's managed policies that allow an action."""
    policies = resources(stack, "AWS::IAM::ManagedPolicy").values()
    every = [each for policy in policies for each in policy["Properties"]["PolicyDocument"]["Statement"]]
    return [
        each for each in every if action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    ]


def test_the_audit_account_has_the_aggregator_of_the_organisation(resources: Find) -> None:
    (aggregator,) = resources(SECURITY, "AWS::Config::ConfigurationAggregator").values()
    assert aggregator["Properties"]["ConfigurationAggregatorName"] == "pavedroad-organization"
    assert aggregator["Properties"]["OrganizationAggregationSource"]["AllAwsRegions"] is True
    (allowed,) = statements(resources, SECURITY, "config:SelectAggregateResourceConfig")
    assert allowed["Resource"]["Fn::GetAtt"][1] == "ConfigurationAggregatorArn"


def test_every_workload_account_records_everything_and_delivers_to_the_log_archive(resources: Find) -> None:
    (recorder,) = resources(WORKLOAD, "AWS::Config::ConfigurationRecorder").values()
    assert recorder["Properties"]["RecordingGroup"] == {"AllSupported": True, "IncludeGlobalResourceTypes": True}
    assert recorder["Properties"]["RoleARN"]["Fn::Join"][1][-1].endswith("config.amazonaws.com/AWSServiceRoleForConfig")
    (channel,) = resources(WORKLOAD, "AWS::Config::DeliveryChannel").values()
    bucket = "pavedroad-configuration-history-333333333333-eu-west-1"
    assert channel["Properties"]["S3BucketName"] == bucket
    assert resources(LOGGING, "AWS::S3::Bucket", BucketName=bucket)


@pytest.mark.parametrize("name", ["configuration-history", "reports"])
def test_what_config_delivers_and_reports_are_kept_without_a_lock(resources: Find, name: str) -> None:
    bucket = f"pavedroad-{name}-333333333333-eu-west-1"
    (found,) = resources(LOGGING, "AWS::S3::Bucket", BucketName=bucket).values()
    assert "ObjectLockEnabled" not in found["Properties"]  # Config does not deliver into one
    assert found["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert (
        found["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"][0][
            "ServerSideEncryptionByDefault"
        ]["SSEAlgorithm"]
        == "aws:kms"
    )


def test_config_of_this_organisation_alone_delivers(resources: Find) -> None:
    policies = resources(LOGGING, "AWS::S3::BucketPolicy").values()
    every = [each for policy in policies for each in policy["Properties"]["PolicyDocument"]["Statement"]]
    delivering = [each for each in every if each.get("Principal") == {"Service": "config.amazonaws.com"}]
    assert len(delivering) == 2
    for each in delivering:
        assert each["Condition"]["StringEquals"]["aws:SourceOrgID"] == "o-exampleorgid"


@pytest.mark.parametrize("stack", [SECURITY, LOGGING, WORKLOAD])
def test_only_who_makes_reports_in_the_catalogues_account_takes_the_role(resources: Find, stack: str) -> None:
    (role,) = resources(stack, "AWS::IAM::Role", RoleName="PavedRoadAdoption").values()
    callers = [
        f"arn:aws:iam::555555555555:role/{name}"
        for name in ("PavedRoadAdoptionReport", "PavedRoadPlatformEngineer", "pavedroad-pipeline-*")
    ]
    statements_of_trust = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    # A person's tags and source identity come along from the gateway.
    assert [each["Action"] for each in statements_of_trust] == [
        "sts:AssumeRole",
        ["sts:SetSourceIdentity", "sts:TagSession"],
    ]
    for each in statements_of_trust:
        assert "555555555555" in json.dumps(each["Principal"])
        assert each["Condition"] == {"ArnLike": {"aws:PrincipalArn": callers}}


def test_a_workload_account_lets_a_report_search_and_nothing_else(resources: Find) -> None:
    (policy,) = (
        policy["Properties"]["PolicyDocument"]["Statement"]
        for logical_id, policy in resources(WORKLOAD, "AWS::IAM::ManagedPolicy").items()
        if logical_id.startswith("AdoptionPolicy")
    )
    assert [each["Action"] for each in policy] == ["servicecatalog:SearchProvisionedProducts"]


def test_reports_are_kept_under_one_prefix_and_never_deleted(resources: Find) -> None:
    (kept,) = statements(resources, LOGGING, "s3:PutObject")
    assert kept["Action"] == ["s3:GetObject", "s3:PutObject"]
    assert kept["Resource"]["Fn::Join"][1][-1] == "/adoption/*"


def test_a_function_makes_the_report_every_morning_and_its_failure_is_told(resources: Find) -> None:
    (schedule,) = resources(CATALOG, "AWS::Scheduler::Schedule").values()
    assert schedule["Properties"]["ScheduleExpression"] == "cron(0 6 * * ? *)"
    (function,) = resources(
        CATALOG, "AWS::Lambda::Function", Handler="pavedroad_platform.adoption.handler.handler"
    ).values()
    role = resources(CATALOG, "AWS::IAM::Role")[function["Properties"]["Role"]["Fn::GetAtt"][0]]
    assert role["Properties"]["RoleName"] == "PavedRoadAdoptionReport"
    (alarm,) = resources(CATALOG, "AWS::CloudWatch::Alarm").values()
    assert "pavedroad adoption --store --metrics" in alarm["Properties"]["AlarmDescription"]
    assert alarm["Properties"]["AlarmActions"]


def test_the_function_writes_metrics_of_its_namespace_alone(resources: Find) -> None:
    for allowed in statements(resources, CATALOG, "cloudwatch:PutMetricData"):
        assert allowed["Condition"] == {"StringEquals": {"cloudwatch:namespace": "PavedRoad/Adoption"}}
    assert statements(resources, CATALOG, "cloudwatch:PutMetricData")


def test_the_test_accounts_catalogue_makes_no_report(resources: Find) -> None:
    assert not resources("pavedroad-catalog-test", "AWS::Scheduler::Schedule")


def test_the_landing_zone_does_not_pass_for_an_app_of_a_team(templates: Mapping[str, dict[str, Any]]) -> None:
    assert [name for name, template in templates.items() if STAMP_TAG in json.dumps(template)] == []
