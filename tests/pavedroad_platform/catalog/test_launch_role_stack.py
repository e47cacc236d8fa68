import json

import pytest

from pavedroad.governance.mandatory_tags import TAG_KEYS
from pavedroad_platform.catalog.launch_role_stack import render_launch_roles, require_that_it_fits
from pavedroad_platform.errors import PlatformError


@pytest.fixture(scope="module")
def rendered(organization):
    stack, text = render_launch_roles(organization)
    assert render_launch_roles(organization, acknowledged=False)[1] == text
    return stack, text, json.loads(text)


def test_it_has_the_boundary_and_the_role_of_every_offered_product(rendered, organization) -> None:
    resources = rendered[2]["Resources"]
    ((boundary, _),) = [
        item for item in resources.items() if item[1]["Properties"].get("ManagedPolicyName") == "PavedRoadBoundary"
    ]
    roles = [resource["Properties"] for resource in resources.values() if resource["Type"] == "AWS::IAM::Role"]
    assert {role["RoleName"] for role in roles} == {
        organization.names.launch_role(product) for product in organization.catalog.products
    }
    assert all(role["PermissionsBoundary"] == {"Ref": boundary} for role in roles)


def test_it_is_the_same_in_every_account_and_needs_no_bootstrap(rendered, organization) -> None:
    text, template = rendered[1:]
    assert not [account.id for account in organization.accounts.values() if account.id in text]
    assert organization.home_region not in text
    assert template.keys() == {"Description", "Resources"}


def test_everything_in_it_has_the_mandatory_tags_of_the_platform(rendered) -> None:
    for resource in rendered[2]["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            tags = {tag["Key"]: tag["Value"] for tag in resource["Properties"]["Tags"]}
            assert tags.keys() >= set(TAG_KEYS.values())
            assert tags["team"] == "platform"


def test_the_text_is_the_same_each_time(rendered, organization) -> None:
    assert render_launch_roles(organization)[1] == rendered[1]


def test_packs_find_nothing(rendered, pack_findings) -> None:
    assert pack_findings(rendered[0]) == []


def test_more_than_cloudformation_takes_is_told_at_once() -> None:
    with pytest.raises(PlatformError) as told:
        require_that_it_fits({"Resources": dict.fromkeys(map(str, range(501)))}, "x" * 1_000_001)
    assert "has 501 resources; CloudFormation takes 500." in str(told.value)
    assert "has 1,000,001 bytes; CloudFormation takes 1,000,000." in str(told.value)
    assert "Retire old versions of products" in str(told.value)
