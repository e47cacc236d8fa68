"""Properties against the registry's schemas, in CloudFormation's words."""

import re
from typing import Any

import pytest

from pavedroad_platform.sandbox.emulator.property_validation import PropertyValidationError, validated
from pavedroad_platform.sandbox.emulator.registry_schemas import ResourceSchema, resource_schema, resource_types


def _schema(type_name: str) -> ResourceSchema:
    schema = resource_schema(type_name)
    assert schema is not None
    return schema


@pytest.mark.parametrize(
    ("type_name", "properties", "message"),
    [
        ("AWS::SNS::Topic", {"Colour": "red"}, "#: extraneous key [Colour] is not permitted"),
        ("AWS::SNS::Topic", {"TopicArn": "arn"}, "#: read-only property [TopicArn] cannot be set"),
        ("AWS::CloudTrail::Trail", {"IsLogging": True}, "#: required key [S3BucketName] not found"),
        ("AWS::SQS::Queue", {"DelaySeconds": "soon"}, "#/DelaySeconds: 'soon' is not of type 'integer'"),
        (
            "AWS::S3::Bucket",
            {"VersioningConfiguration": {"Status": "On"}},
            "#/VersioningConfiguration/Status: 'On' is not one of ['Enabled', 'Suspended']",
        ),
        (
            "AWS::Organizations::Account",
            {"AccountName": "orders", "Email": "nobody"},
            "#/Email: failed validation constraint for keyword [pattern]",
        ),
    ],
)
def test_what_breaks_the_schema_is_told(type_name: str, properties: dict[str, Any], message: str) -> None:
    with pytest.raises(PropertyValidationError) as refused:
        validated(_schema(type_name), properties)
    assert any(found.startswith(message) for found in refused.value.messages), refused.value.messages
    assert str(refused.value).startswith("Properties validation failed for resource with message:\n#")


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(PropertyValidationError) as refused:
        validated(_schema("AWS::CodePipeline::Pipeline"), {"Colour": "red"})
    assert refused.value.messages == (
        "#: extraneous key [Colour] is not permitted",
        "#: required key [Stages] not found",
        "#: required key [RoleArn] not found",
        "#: one of ['ArtifactStore', 'ArtifactStores'] is required",
    )


def test_scalars_take_the_types_of_the_schema() -> None:
    assert validated(_schema("AWS::SQS::Queue"), {"DelaySeconds": "5", "FifoQueue": "true", "QueueName": 7}) == {
        "DelaySeconds": 5,
        "FifoQueue": True,
        "QueueName": "7",
    }


def test_dynamic_references_are_not_matched_with_patterns() -> None:
    properties = {"AccountName": "orders", "Email": "{{resolve:ssm:address}}"}
    assert validated(_schema("AWS::Organizations::Account"), properties) == properties


def test_a_type_that_the_registry_does_not_know_has_no_schema() -> None:
    assert resource_schema("AWS::Nothing::AtAll") is None
    assert "AWS::S3::Bucket" in resource_types()


def test_a_schema_tells_identifiers_permissions_and_tags() -> None:
    bucket = _schema("AWS::S3::Bucket")
    assert bucket.primary_identifier == ["BucketName"]
    assert "BucketName" in bucket.create_only
    assert "s3:CreateBucket" in bucket.permissions("create")
    assert bucket.tag_property == ("Tags", "list")
    assert _schema("AWS::SSM::Parameter").tag_property == ("Tags", "map")
    assert "codebuild:CreateProject" in _schema("AWS::CodeBuild::Project").permissions("create")


def test_a_pattern_that_is_one_java_class_takes_what_the_class_has() -> None:
    pattern = _schema("AWS::ApplicationAutoScaling::ScalingPolicy").properties["PolicyName"]["pattern"]
    assert re.search(pattern, "Requests of 4711 tasks!")
    assert not re.search(pattern, "Größe")
