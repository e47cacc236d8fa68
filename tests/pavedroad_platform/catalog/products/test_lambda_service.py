import re

import pytest

from pavedroad.compute.functions.runtimes import SELECTABLE
from pavedroad_platform.catalog import products


@pytest.fixture
def template(templates):
    return templates["lambda-service"]


@pytest.fixture
def by_type(template):
    return {resource["Type"]: resource["Properties"] for resource in template["Resources"].values()}


def conditional(template, condition: str) -> set[str]:
    return {r["Type"] for r in template["Resources"].values() if r.get("Condition") == condition}


def test_the_form_decides_the_code_and_how_it_runs(by_type) -> None:
    function = by_type["AWS::Lambda::Function"]
    assert function["Code"] == {
        "S3Bucket": {"Ref": "CodeBucket"},
        "S3Key": {"Ref": "CodeKey"},
        "S3ObjectVersion": {"Ref": "CodeVersion"},
    }
    assert function["Runtime"] == {"Ref": "Runtime"}
    assert function["Handler"] == {"Ref": "Handler"}
    assert function["Architectures"] == [{"Ref": "Architecture"}]
    assert function["MemorySize"] == {"Ref": "MemoryMiB"}
    assert function["Timeout"] == {"Ref": "TimeoutSeconds"}
    assert function["ReservedConcurrentExecutions"] == {"Ref": "ReservedConcurrency"}


def test_the_runtimes_are_those_that_aws_patches(template) -> None:
    assert template["Parameters"]["Runtime"]["AllowedValues"] == list(SELECTABLE)


def test_every_field_that_changes_the_function_publishes_a_version(by_type) -> None:
    ((separator, parts),) = by_type["AWS::Lambda::Version"]["Description"].values()
    assert {part["Ref"] for part in parts} == {
        "Architecture",
        "CodeKey",
        "CodeVersion",
        "Handler",
        "MemoryMiB",
        "Runtime",
        "TimeoutSeconds",
    }
    assert separator == " "


def test_the_longest_description_of_a_version_is_one_that_lambda_takes(template, by_type) -> None:
    ((separator, parts),) = by_type["AWS::Lambda::Version"]["Description"].values()

    def longest(parameter) -> int:
        if "AllowedValues" in parameter:
            return max(map(len, parameter["AllowedValues"]))
        if parameter["Type"] == "Number":
            return len(str(parameter["MaxValue"]))
        return int(re.search(r"\{1,(\d+)\}$", parameter["AllowedPattern"])[1])

    sizes = [longest(template["Parameters"][part["Ref"]]) for part in parts]
    assert sum(sizes) + len(separator) * (len(sizes) - 1) <= 256


def test_a_schedule_is_made_only_where_one_is_asked_for(template, by_type) -> None:
    assert template["Conditions"]["HasSchedule"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "Schedule"}, "OFF"]}]}
    assert conditional(template, "HasSchedule") == {
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Role",
        "AWS::Scheduler::Schedule",
    }
    assert by_type["AWS::Scheduler::Schedule"]["ScheduleExpression"] == {"Ref": "Schedule"}


@pytest.mark.parametrize(
    ("schedule", "is_taken"),
    [
        ("OFF", True),
        ("rate(1 hour)", True),
        ("cron(0 6 ? * MON-FRI *)", True),
        ("every day", False),
        ("cron(0 6 * * *)", False),
        ("rate(1 second)", False),
    ],
)
def test_what_is_no_schedule_is_refused_by_the_form(template, schedule, is_taken) -> None:
    assert bool(re.fullmatch(template["Parameters"]["Schedule"]["AllowedPattern"], schedule)) is is_taken


def test_an_address_is_made_only_where_one_is_asked_for_and_only_for_signed_requests(template, by_type) -> None:
    assert template["Conditions"]["HasFunctionUrl"] == {"Fn::Equals": [{"Ref": "FunctionUrl"}, "AWS_IAM"]}
    assert conditional(template, "HasFunctionUrl") == {"AWS::Lambda::Url"}
    assert by_type["AWS::Lambda::Url"]["AuthType"] == "AWS_IAM"
    condition, _, otherwise = template["Outputs"]["HttpsAddress"]["Value"]["Fn::If"]
    assert (condition, otherwise) == ("HasFunctionUrl", "none")


def test_code_comes_from_buckets_that_the_launch_role_may_read(template) -> None:
    pattern = template["Parameters"]["CodeBucket"]["AllowedPattern"]
    assert re.fullmatch(pattern, "sc-111111111111-pp-orders-bucket-1a2b3c4d5e6f")
    assert not re.fullmatch(pattern, "somebody-elses-bucket")


def test_the_form_decides_how_long_the_log_is_kept(by_type) -> None:
    assert by_type["AWS::Logs::LogGroup"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_the_defaults_ask_for_neither_schedule_nor_address() -> None:
    defaults = {parameter.name: parameter.default for parameter in products.load("lambda-service").parameters}
    assert defaults["Schedule"] == defaults["FunctionUrl"] == "OFF"
