"""What holds for every stack of the landing zone."""

import json
import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import CfnResource, TagManager
from syrupy.extensions.json import JSONSnapshotExtension

from pavedroad.governance.mandatory_tags import TAG_KEYS
from pavedroad.version_stamp import STAMP_TAG
from stacks.landing_zone import add_checks

ACCOUNTS = {
    "pavedroad-gateway": "222222222222",
    "pavedroad-logging": "333333333333",
    "pavedroad-organization": "111111111111",
    "pavedroad-security": "444444444444",
    "pavedroad-catalog": "555555555555",
    "pavedroad-catalog-test": "888888888888",
    "pavedroad-canaries": "888888888888",
    "pavedroad-pipeline": "555555555555",
    "pavedroad-workload-orders-development": "666666666666",
    "pavedroad-workload-orders-production": "777777777777",
}


@pytest.fixture(scope="session")
def artifacts(assembly) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    return found


def test_each_stack_stands_in_its_account(landing_zone, artifacts) -> None:
    assert {name: artifacts[name]["environment"] for name in landing_zone} == {
        name: f"aws://{account}/eu-west-1" for name, account in ACCOUNTS.items()
    }


@pytest.mark.parametrize(
    ("stack", "earlier"),
    [
        ("pavedroad-gateway", set()),
        ("pavedroad-logging", {"pavedroad-gateway"}),
        ("pavedroad-organization", {"pavedroad-gateway", "pavedroad-logging"}),
        ("pavedroad-security", {"pavedroad-gateway"}),
        ("pavedroad-catalog", {"pavedroad-gateway", "pavedroad-organization"}),
        ("pavedroad-catalog-test", {"pavedroad-gateway"}),
        ("pavedroad-canaries", {"pavedroad-catalog-test"}),
        ("pavedroad-pipeline", set()),
        ("pavedroad-workload-orders-production", {"pavedroad-gateway", "pavedroad-logging"}),
    ],
)
def test_what_a_stack_needs_is_deployed_before_it(artifacts, stack, earlier) -> None:
    dependencies = {name for name in artifacts[stack]["dependencies"] if not name.endswith(".assets")}
    assert dependencies == earlier


@pytest.mark.parametrize("stack", ACCOUNTS)
def test_no_stack_takes_a_value_from_a_stack_of_another_account(templates, stack) -> None:
    text = json.dumps(templates[stack])
    assert "Fn::ImportValue" not in text
    assert "Fn::GetStackOutput" not in text


@pytest.mark.parametrize("stack", ACCOUNTS)
def test_stacks_are_described_and_protected(landing_zone, templates, artifacts, stack) -> None:
    assert templates[stack]["Description"]
    assert artifacts[stack]["properties"]["terminationProtection"] is True


@pytest.mark.parametrize("stack", ACCOUNTS)
def test_everything_has_the_mandatory_tags(landing_zone, artifacts, stack) -> None:
    resources = [child for child in landing_zone[stack].node.find_all() if isinstance(child, CfnResource)]
    taggable = [resource for resource in resources if TagManager.of(resource)]
    assert taggable
    for resource in taggable:
        missing = set(TAG_KEYS.values()) - set(TagManager.of(resource).tag_values())
        assert not missing, f"{resource.node.path} lacks {missing}"
    assert set(artifacts[stack]["properties"]["tags"]) >= set(TAG_KEYS.values())


def test_there_is_no_user_and_no_access_key(templates) -> None:
    types = {resource["Type"] for template in templates.values() for resource in template["Resources"].values()}
    assert types.isdisjoint(
        {"AWS::IAM::User", "AWS::IAM::AccessKey", "AWS::IAM::Group", "AWS::IAM::UserToGroupAddition"}
    )


@pytest.mark.parametrize("stack", ACCOUNTS)
def test_packs_find_nothing(landing_zone, pack_findings, stack) -> None:
    assert pack_findings(landing_zone[stack]) == []


def test_a_finding_that_nobody_acknowledged_fails_the_synthesis(organization, feature_flags, tmp_path) -> None:
    app = cdk.App(
        context=feature_flags,
        builtin_cloud_formation_validation=False,
        analytics_reporting=False,
        outdir=str(tmp_path),
    )
    bare = cdk.Stack(app, "Bare")
    cdk.aws_s3.Bucket(bare, "Bucket")
    add_checks(app)
    with pytest.raises(RuntimeError, match="AwsSolutions-S1"):
        app.synth()


def test_stacks_come_in_an_order_of_deployment(landing_zone, artifacts) -> None:
    names = list(landing_zone)
    for name in names:
        before = [earlier for earlier in artifacts[name]["dependencies"] if earlier in names]
        assert all(names.index(earlier) < names.index(name) for earlier in before)


@pytest.mark.parametrize("stack", ACCOUNTS)
def test_templates_are_as_reviewed(templates, snapshot, stack) -> None:
    text = re.sub(r"[0-9a-f]{64}", "ASSET_HASH", json.dumps(templates[stack]))
    # A release of the library changes its stamps and nothing that needs a review.
    scrubbed = json.loads(re.sub(rf"({STAMP_TAG}\W+Value\W+\w+/)[\w.+-]+", r"\1VERSION", text))
    assert scrubbed == snapshot(extension_class=JSONSnapshotExtension)
