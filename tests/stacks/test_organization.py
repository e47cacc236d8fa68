from itertools import pairwise
from typing import Any

import pytest

from pavedroad_platform.guardrails.policy_document import size_in_bytes

ORGANIZATION = "pavedroad-organization"


def test_organizational_units_stand_under_their_parents(resources) -> None:
    units = resources(ORGANIZATION, "AWS::Organizations::OrganizationalUnit")
    assert {
        logical_id: (unit["Properties"]["Name"], unit["Properties"]["ParentId"]) for logical_id, unit in units.items()
    } == {
        "UnitSecurity": ("Security", "r-exam"),
        "UnitInfrastructure": ("Infrastructure", "r-exam"),
        "UnitCatalogTest": ("Catalog Test", "r-exam"),
        "UnitWorkloads": ("Workloads", "r-exam"),
        "UnitWorkloadsDevelopment": ("Development", {"Fn::GetAtt": ["UnitWorkloads", "Id"]}),
        "UnitWorkloadsProduction": ("Production", {"Fn::GetAtt": ["UnitWorkloads", "Id"]}),
    }


def test_every_member_account_is_moved_to_its_unit(resources) -> None:
    placements = resources(ORGANIZATION, "Custom::AccountPlacement").values()
    assert {
        placement["Properties"]["AccountId"]: placement["Properties"]["ParentId"]["Fn::GetAtt"][0]
        for placement in placements
    } == {
        "222222222222": "UnitSecurity",
        "333333333333": "UnitSecurity",
        "444444444444": "UnitSecurity",
        "555555555555": "UnitInfrastructure",
        "666666666666": "UnitWorkloadsDevelopment",
        "777777777777": "UnitWorkloadsProduction",
        "888888888888": "UnitCatalogTest",
    }


def test_nothing_changes_in_the_organisation_at_the_same_time(resources) -> None:
    changes: dict[str, Any] = {}
    for resource_type in ("OrganizationalUnit", "Policy"):
        changes |= resources(ORGANIZATION, f"AWS::Organizations::{resource_type}")
    changes |= resources(ORGANIZATION, "Custom::AccountPlacement")
    order = list(changes)
    for earlier, later in pairwise(order):
        assert earlier in changes[later]["DependsOn"], f"{later} does not wait for {earlier}"


@pytest.mark.parametrize(
    ("logical_id", "targets"),
    [
        ("PolicyProtectPlatform", ["r-exam"]),
        ("PolicyDenyRootUser", ["r-exam"]),
        ("PolicyAllowedRegions", ["r-exam"]),
        ("PolicyProtectData", [{"Fn::GetAtt": [unit, "Id"]} for unit in ("UnitWorkloads", "UnitCatalogTest")]),
        ("PolicyRequireEncryption", [{"Fn::GetAtt": [unit, "Id"]} for unit in ("UnitWorkloads", "UnitCatalogTest")]),
    ],
)
def test_service_control_policies_are_attached_and_within_their_quota(resources, logical_id, targets) -> None:
    properties = resources(ORGANIZATION, "AWS::Organizations::Policy")[logical_id]["Properties"]
    assert properties["Type"] == "SERVICE_CONTROL_POLICY"
    assert properties["TargetIds"] == targets
    assert size_in_bytes(properties["Content"]) <= 5120


def test_policies_of_every_account_are_attached_to_the_root(resources) -> None:
    policies = resources(ORGANIZATION, "AWS::Organizations::Policy", TargetIds=["r-exam"]).values()
    assert {policy["Properties"]["Type"] for policy in policies} == {
        "SERVICE_CONTROL_POLICY",
        "RESOURCE_CONTROL_POLICY",
        "TAG_POLICY",
        "S3_POLICY",
        "DECLARATIVE_POLICY_EC2",
    }


def test_the_trail_records_all_accounts_and_regions_into_the_locked_archive(resources) -> None:
    (trail,) = resources(ORGANIZATION, "AWS::CloudTrail::Trail").values()
    properties = trail["Properties"]
    assert properties["TrailName"] == "pavedroad-organization-trail"
    for setting in (
        "IsLogging",
        "IsOrganizationTrail",
        "IsMultiRegionTrail",
        "IncludeGlobalServiceEvents",
        "EnableLogFileValidation",
    ):
        assert properties[setting] is True, setting
    assert properties["S3BucketName"] == "pavedroad-log-archive-333333333333-eu-west-1"
    assert properties["KMSKeyId"] == "arn:aws:kms:eu-west-1:333333333333:alias/pavedroad/log-archive"


def test_the_archive_does_not_record_its_own_deliveries(resources) -> None:
    (trail,) = resources(ORGANIZATION, "AWS::CloudTrail::Trail").values()
    selectors = {
        selector["Name"]: selector["FieldSelectors"] for selector in trail["Properties"]["AdvancedEventSelectors"]
    }
    assert selectors["Management events"] == [{"Field": "eventCategory", "Equals": ["Management"]}]
    assert selectors["Objects in S3"][-1] == {
        "Field": "resources.ARN",
        "NotStartsWith": [
            "arn:aws:s3:::pavedroad-log-archive-333333333333-eu-west-1/",
            "arn:aws:s3:::pavedroad-flow-logs-333333333333-eu-west-1/",
            "arn:aws:s3:::pavedroad-access-logs-333333333333-eu-west-1/",
        ],
    }
    assert set(selectors) == {"Management events", "Objects in S3", "Invocations of functions"}


def test_the_use_of_a_root_user_raises_an_alarm(resources) -> None:
    (metric,) = resources(ORGANIZATION, "AWS::Logs::MetricFilter").values()
    assert '$.userIdentity.type = "Root"' in metric["Properties"]["FilterPattern"]
    (alarm,) = resources(ORGANIZATION, "AWS::CloudWatch::Alarm").values()
    ((topic, _),) = resources(ORGANIZATION, "AWS::SNS::Topic").items()
    (transformation,) = metric["Properties"]["MetricTransformations"]
    assert alarm["Properties"]["MetricName"] == transformation["MetricName"]
    assert alarm["Properties"]["Namespace"] == transformation["MetricNamespace"]
    assert alarm["Properties"]["Threshold"] == 1
    assert alarm["Properties"]["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["Properties"]["AlarmActions"] == [{"Ref": topic}]


def test_the_budget_of_a_team_counts_all_of_its_accounts(resources) -> None:
    (budget,) = resources(ORGANIZATION, "AWS::Budgets::Budget").values()
    assert budget["Properties"]["Budget"]["CostFilters"] == {"LinkedAccount": ["666666666666", "777777777777"]}
    assert budget["Properties"]["Budget"]["BudgetLimit"] == {"Amount": 6000, "Unit": "USD"}
    told = [
        (it["Notification"]["NotificationType"], it["Notification"]["Threshold"], it["Subscribers"][0]["Address"])
        for it in budget["Properties"]["NotificationsWithSubscribers"]
    ]
    assert told == [
        ("ACTUAL", 80, "orders@example.com"),
        ("ACTUAL", 100, "orders@example.com"),
        ("FORECASTED", 100, "orders@example.com"),
    ]


def test_logical_ids_are_a_contract(resources) -> None:
    assert set(resources(ORGANIZATION, "AWS::CloudTrail::Trail")) == {"Trail022F0CF2"}
    assert set(resources(ORGANIZATION, "AWS::Logs::LogGroup")) == {
        "AccountPlacementFunctionLogGroupC93963BC",
        "TrailLogGroup4CBE3AF5",
    }
    assert set(resources(ORGANIZATION, "AWS::KMS::Key")) == {"Key961B73FD", "TrailAlarmsKeyB253C05E"}
