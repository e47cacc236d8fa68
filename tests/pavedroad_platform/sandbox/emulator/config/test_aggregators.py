"""Aggregators: what each sees of the accounts that record, page by page."""

import json
from typing import Any

import pytest

SEER, ONE, TWO, SILENT = "200000000061", "200000000062", "200000000063", "200000000064"
TOPICS = "SELECT accountId, resourceId WHERE resourceType = 'AWS::SNS::Topic'"


@pytest.fixture(scope="module")
def config(emulator: Any) -> Any:
    """AWS Config in the account of two aggregators."""
    role = "arn:aws:iam::{}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "seen", "Tags": [{"Key": "team", "Value": "a"}]}}
    for account in (ONE, TWO, SILENT):
        recorder = {"Type": "AWS::Config::ConfigurationRecorder", "Properties": {"RoleARN": role.format(account)}}
        recorded = {} if account == SILENT else {"Recorder": recorder}
        emulator.deploy({"Topic": topic, **recorded}, account=account)

    def aggregator(name: str, **source: Any) -> dict[str, Any]:
        properties = {"ConfigurationAggregatorName": name, "AccountAggregationSources": [source]}
        return {"Type": "AWS::Config::ConfigurationAggregator", "Properties": properties}

    resources = {
        "All": aggregator("all", AccountIds=[ONE, TWO, SILENT], AllAwsRegions=True),
        "Elsewhere": aggregator("elsewhere", AccountIds=[ONE], AwsRegions=["eu-central-1"]),
    }
    emulator.deploy(resources, account=SEER)
    return emulator.client("config", SEER)


def select(config: Any, **arguments: Any) -> Any:
    return config.select_aggregate_resource_config(
        **{"Expression": TOPICS, "ConfigurationAggregatorName": "all", **arguments}
    )


def test_accounts_that_record_are_seen_page_by_page(config: Any) -> None:
    first = select(config, Limit=1)
    second = select(config, Limit=1, NextToken=first["NextToken"])
    assert [json.loads(row)["accountId"] for page in (first, second) for row in page["Results"]] == [ONE, TWO]
    assert "NextToken" not in second
    assert first["QueryInfo"] == {"SelectFields": [{"Name": "accountId"}, {"Name": "resourceId"}]}


def test_tags_of_a_template_and_of_its_stack_are_seen(config: Any) -> None:
    expression = (
        "SELECT resourceName, tags WHERE tags.key = 'team' AND tags.tag = 'team=a' AND accountId = '" + ONE + "'"
    )
    (row,) = select(config, Expression=expression)["Results"]
    assert {"key": "team", "value": "a", "tag": "team=a"} in json.loads(row)["tags"]


def test_an_aggregator_sees_its_regions_only(config: Any) -> None:
    assert select(config, ConfigurationAggregatorName="elsewhere")["Results"] == []


def test_aggregators_are_described(config: Any) -> None:
    described = config.describe_configuration_aggregators()["ConfigurationAggregators"]
    assert sorted(each["ConfigurationAggregatorName"] for each in described) == ["all", "elsewhere"]
    with pytest.raises(config.exceptions.NoSuchConfigurationAggregatorException, match="unknown does not exist"):
        config.describe_configuration_aggregators(ConfigurationAggregatorNames=["unknown"])


def test_what_cannot_be_answered_is_refused(config: Any) -> None:
    refusals = config.exceptions
    with pytest.raises(refusals.NoSuchConfigurationAggregatorException, match="unknown does not exist"):
        select(config, ConfigurationAggregatorName="unknown")
    with pytest.raises(refusals.InvalidExpressionException, match="The property 'name' is invalid"):
        select(config, Expression="SELECT name WHERE accountId = '1'")
    with pytest.raises(refusals.InvalidLimitException, match="outside the allowed range"):
        select(config, Limit=101)
    with pytest.raises(refusals.InvalidNextTokenException, match="not valid"):
        select(config, NextToken="somewhere")


def test_iam_checks_the_aggregator_that_is_asked(emulator: Any, config: Any) -> None:
    described = config.describe_configuration_aggregators()["ConfigurationAggregators"]
    arns = {each["ConfigurationAggregatorName"]: each["ConfigurationAggregatorArn"] for each in described}
    allowed = emulator.allowing("config:SelectAggregateResourceConfig", resource=arns["all"])
    role = emulator.role("asks-all", emulator.trusting({"AWS": f"arn:aws:iam::{SEER}:root"}), allowed, account=SEER)
    session = emulator.client("config", credentials=emulator.assume(role, by=SEER))
    assert len(select(session)["Results"]) == 2
    with pytest.raises(session.exceptions.ClientError, match="AccessDenied"):
        select(session, ConfigurationAggregatorName="elsewhere")


def test_the_recorder_stays_ministacks(config: Any) -> None:
    assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []
