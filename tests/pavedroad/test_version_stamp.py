"""Which construct of which version made a resource is told by a tag, once."""

import re
from importlib.metadata import PackageNotFoundError
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template
from constructs import Construct

from pavedroad import ApplicationKey, SecureBucket, Table
from pavedroad import version_stamp as stamps
from pavedroad.version_stamp import STAMP_CONTEXT, STAMP_TAG, VersionStamp, installed_version, stamp

BUCKET = f"SecureBucket/{installed_version()}"


def stamps_in(stack: cdk.Stack) -> dict[str, list[str]]:
    """The values of the tag by resource type."""
    found: dict[str, list[str]] = {}
    for resource in Template.from_stack(stack).to_json()["Resources"].values():
        properties = resource.get("Properties", {})
        tags = properties.get("Tags", []) + properties.get("Replicas", [{}])[0].get("Tags", [])
        found.setdefault(resource["Type"], []).extend(tag["Value"] for tag in tags if tag["Key"] == STAMP_TAG)
    return {kind: values for kind, values in found.items() if values}


def test_a_construct_tags_its_main_resource_with_its_name_and_the_librarys_version(stack: cdk.Stack) -> None:
    SecureBucket(stack, "Bucket")
    assert stamps_in(stack) == {"AWS::S3::Bucket": [BUCKET]}, "the bucket for access logs is a part of the first"


def test_what_keeps_its_tags_elsewhere_is_stamped_there(stack: cdk.Stack) -> None:
    Table(stack, "Orders", partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING))
    assert stamps_in(stack) == {"AWS::DynamoDB::GlobalTable": [f"Table/{installed_version()}"]}


def test_a_teams_own_subclass_counts_as_what_it_is_made_of(stack: cdk.Stack) -> None:
    class Uploads(SecureBucket):
        """A team's own."""

    Uploads(stack, "Uploads")
    assert stamps_in(stack) == {"AWS::S3::Bucket": [BUCKET]}


def test_a_construct_in_a_teams_own_construct_is_stamped(stack: cdk.Stack) -> None:
    SecureBucket(Construct(stack, "Storefront"), "Bucket")
    assert stamps_in(stack) == {"AWS::S3::Bucket": [BUCKET]}


def test_a_construct_made_later_beneath_another_one_is_a_part_of_it(stack: cdk.Stack) -> None:
    SecureBucket(ApplicationKey(stack, "Key"), "Bucket")
    assert stamps_in(stack) == {"AWS::KMS::Key": [f"ApplicationKey/{installed_version()}"]}


@pytest.mark.parametrize("value", [False, "false"])
def test_a_team_switches_stamps_off_by_context(value: Any) -> None:
    stack = cdk.Stack(cdk.App(context={STAMP_CONTEXT: value}, analytics_reporting=False), "Stack")
    SecureBucket(stack, "Bucket")
    assert not any(cdk.TagManager.of(it).has_tags() for it in stack.node.find_all() if cdk.TagManager.of(it))


def test_a_construct_of_somebody_else_is_not_stamped(stack: cdk.Stack) -> None:
    group = ec2.CfnInternetGateway(stack, "Gateway")
    stamp(stack, group)
    assert stamps_in(stack) == {}


def test_instances_of_a_group_do_not_carry_the_stamp(stack: cdk.Stack) -> None:
    class Fleet(SecureBucket):
        def __init__(self, scope: Construct) -> None:
            Construct.__init__(self, scope, "Fleet")
            group = autoscaling.CfnAutoScalingGroup(self, "Resource", min_size="1", max_size="1")
            stamp(self, group)

    Fleet(stack)
    (group,) = Template.from_stack(stack).find_resources("AWS::AutoScaling::AutoScalingGroup").values()
    (tag,) = group["Properties"]["Tags"]
    assert tag == {"Key": STAMP_TAG, "Value": BUCKET, "PropagateAtLaunch": False}


def test_a_library_that_was_copied_instead_of_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_installed(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(stamps, "version", not_installed)
    assert stamps.installed_version.__wrapped__() == "unknown"


def test_a_stamp_is_read_back_and_what_others_wrote_is_not() -> None:
    assert VersionStamp.read(BUCKET) == VersionStamp("SecureBucket", installed_version())
    assert VersionStamp.read("SecureBucket/unknown") == VersionStamp("SecureBucket", "unknown")
    for value in ("", "SecureBucket", "SecureBucket/", "a b/1.0.0", "A/1/2"):
        assert VersionStamp.read(value) is None


def test_the_tag_has_only_characters_that_every_service_takes() -> None:
    assert re.fullmatch(r"[a-z:]+", STAMP_TAG), "Data Lifecycle Manager takes no digits"
    assert re.fullmatch(r"[\w+\-=. :/]{1,256}", BUCKET), "DynamoDB and Keyspaces take no @"
