"""What every product keeps, whichever it is."""

import json

import pytest
from cfnlint.api import ManualArgs, lint

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.ownership import OWNERSHIP_PARAMETERS
from pavedroad_platform.errors import PlatformError

TAGS = {"application", "cost-centre", "data-classification", "environment", "team"}


def test_every_product_has_a_module_of_its_name_and_is_offered(organization) -> None:
    assert [products.load(key).key for key in products.KEYS] == list(products.KEYS)
    assert sorted(organization.catalog.products) == list(products.KEYS)


def test_a_product_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(PlatformError, match="There is no product 'buckets'") as error:
        products.load("buckets")
    assert "secure-bucket" in error.value.problems[0].fix


def test_packs_find_nothing(live_products, pack_findings) -> None:
    assert pack_findings(live_products) == []


@pytest.mark.parametrize("key", products.KEYS)
def test_cfn_lint_finds_no_error(texts, key) -> None:
    found = lint(texts[key], config=ManualArgs(regions=["eu-west-1"]))
    assert [str(match) for match in found if match.rule.severity == "error"] == []


@pytest.mark.parametrize("key", products.KEYS)
def test_the_form_asks_for_all_that_the_template_takes_and_says_why(templates, key) -> None:
    template = templates[key]
    form = (*products.load(key).parameters, *OWNERSHIP_PARAMETERS)
    assert list(template["Parameters"]) == [parameter.name for parameter in form]
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(template["Parameters"])
    for parameter in form:
        assert parameter.label
        assert parameter.help.endswith(".")


@pytest.mark.parametrize("key", products.KEYS)
def test_the_template_needs_no_asset_no_capability_but_iam_and_no_other_stack(templates, key) -> None:
    template = templates[key]
    assert "Transform" not in template
    assert "cdk-hnb659fds" not in json.dumps(template)
    assert "Fn::ImportValue" not in json.dumps(template)
    types = {resource["Type"] for resource in template["Resources"].values()}
    assert not {name for name in types if name.startswith("Custom::") or name == "AWS::CloudFormation::CustomResource"}


@pytest.mark.parametrize("key", products.KEYS)
def test_everything_taggable_is_tagged_by_its_owner(templates, key) -> None:
    tagged = 0
    for resource in templates[key]["Resources"].values():
        tags = resource.get("Properties", {}).get("Tags")
        if isinstance(tags, list) and tags and "Key" in tags[0]:
            assert {tag["Key"] for tag in tags} >= TAGS
            tagged += 1
    assert tagged


def test_every_role_stays_within_the_boundary(templates) -> None:
    roles = [
        resource["Properties"]
        for template in templates.values()
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::IAM::Role"
    ]
    assert roles
    assert [role for role in roles if "PavedRoadBoundary" not in json.dumps(role["PermissionsBoundary"])] == []


@pytest.mark.parametrize("key", products.KEYS)
def test_the_template_can_be_launched_more_than_once_in_an_account(templates, key) -> None:
    """Whatever has a fixed name has something of the stack in it."""
    names = {
        "AlarmName",
        "BucketName",
        "DBClusterIdentifier",
        "DBInstanceIdentifier",
        "FunctionName",
        "LogGroupName",
        "QueueName",
        "RoleName",
        "TableName",
        "TopicName",
    }
    for resource in templates[key]["Resources"].values():
        for name in names & set(resource.get("Properties", {})):
            assert "AWS::Stack" in json.dumps(resource["Properties"][name]) or '"Ref"' in json.dumps(
                resource["Properties"][name]
            )
