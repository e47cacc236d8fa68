"""The launch roles reach every account that a portfolio reaches."""

import json
import re

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from pavedroad_platform.catalog.launch_role_stack import render_launch_roles
from stacks.launch_role_stack_sets import LaunchRoleStackSets

STACK = "pavedroad-organization"


@pytest.fixture
def stack_sets(resources):
    made = resources(STACK, "AWS::CloudFormation::StackSet")
    return {stack_set["Properties"]["StackSetName"]: stack_set for stack_set in made.values()}


@pytest.fixture
def unit_ids(resources):
    """``Fn::GetAtt`` of each organizational unit's id, by its name."""
    units = resources(STACK, "AWS::Organizations::OrganizationalUnit").items()
    return {unit["Properties"]["Name"]: {"Fn::GetAtt": [logical_id, "Id"]} for logical_id, unit in units}


def targets(stack_set):
    (group,) = stack_set["Properties"]["StackInstancesGroup"]
    assert group["Regions"] == ["eu-west-1"]
    return group["DeploymentTargets"]


def test_accounts_of_shared_units_have_them_as_soon_as_they_join_and_keep_them_when_they_leave(
    stack_sets, unit_ids
) -> None:
    stack_set = stack_sets["pavedroad-launch-roles-of-units"]
    assert targets(stack_set) == {"OrganizationalUnitIds": [unit_ids["Workloads"]]}
    assert stack_set["Properties"]["AutoDeployment"] == {"Enabled": True, "RetainStacksOnAccountRemoval": True}
    assert stack_set["Properties"]["PermissionModel"] == "SERVICE_MANAGED"


def test_the_catalogues_account_has_them_and_nobody_else_in_its_unit(stack_sets, unit_ids) -> None:
    stack_set = stack_sets["pavedroad-launch-roles-of-accounts"]
    assert targets(stack_set) == {
        "AccountFilterType": "INTERSECTION",
        "Accounts": ["555555555555"],
        "OrganizationalUnitIds": [unit_ids["Infrastructure"]],
    }
    assert stack_set["Properties"]["AutoDeployment"] == {"Enabled": False}


def test_both_carry_the_rendered_template_which_the_app_publishes(stack_sets, organization, assembly) -> None:
    _, text = render_launch_roles(organization)
    for stack_set in stack_sets.values():
        (digest,) = re.findall(r"/([0-9a-f]{64})\.json", json.dumps(stack_set["Properties"]["TemplateURL"]))
        (published,) = assembly.glob(f"asset.{digest}.json")
        assert published.read_text() == text


def test_a_wrong_template_stops_early_and_a_joining_account_waits(stack_sets) -> None:
    for stack_set in stack_sets.values():
        preferences = stack_set["Properties"]["OperationPreferences"]
        assert preferences["FailureTolerancePercentage"] < preferences["MaxConcurrentPercentage"] < 100
        assert stack_set["Properties"]["ManagedExecution"] == {"Active": True}


def test_they_follow_the_placement_of_accounts_and_each_other(stack_sets, resources) -> None:
    placements = resources(STACK, "Custom::AccountPlacement")
    for stack_set in stack_sets.values():
        assert placements.keys() <= set(stack_set["DependsOn"])
    ((of_accounts, _),) = resources(
        STACK, "AWS::CloudFormation::StackSet", StackSetName="pavedroad-launch-roles-of-accounts"
    ).items()
    assert of_accounts in stack_sets["pavedroad-launch-roles-of-units"]["DependsOn"]


def test_an_account_that_a_portfolio_is_shared_with_by_itself_has_them(stack: cdk.Stack, organization) -> None:
    catalog = organization.catalog
    portfolios = {
        key: portfolio.model_copy(update={"shared_with": ("orders-production",)})
        for key, portfolio in catalog.portfolios.items()
    }
    single = organization.model_copy(update={"catalog": catalog.model_copy(update={"portfolios": portfolios})})
    ids = {unit: f"ou-{unit}" for unit in organization.organizational_units}
    LaunchRoleStackSets(stack, "LaunchRoles", organization=single, organizational_unit_ids=ids)
    (stack_set,) = Template.from_stack(stack).find_resources("AWS::CloudFormation::StackSet").values()
    assert targets(stack_set) == {
        "AccountFilterType": "INTERSECTION",
        "Accounts": ["555555555555", "777777777777"],
        "OrganizationalUnitIds": ["ou-infrastructure", "ou-workloads-production"],
    }
