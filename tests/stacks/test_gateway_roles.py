import pytest

from pavedroad_platform.organization.models import PermissionSet


def trust(gateway_role: str, **conditions: str) -> dict:
    person = {"aws:PrincipalTag/mfa": "true", "aws:SourceIdentity": "${aws:PrincipalTag/user}", **conditions}
    shared = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::222222222222:role/{gateway_role}"},
        "Condition": {"StringEquals": person},
    }
    return {
        "Version": "2012-10-17",
        "Statement": [
            {**shared, "Action": "sts:AssumeRole"},
            {**shared, "Action": ["sts:SetSourceIdentity", "sts:TagSession"]},
        ],
    }


@pytest.fixture
def role(resources):
    def find(stack, name):
        (found,) = resources(stack, "AWS::IAM::Role", RoleName=name).values()
        return found["Properties"]

    return find


@pytest.mark.parametrize("account", ["orders-development", "orders-production"])
def test_a_developer_comes_from_the_gateway_and_is_of_the_team(role, account) -> None:
    found = role(f"pavedroad-workload-{account}", "PavedRoadDeveloper")
    assert found["AssumeRolePolicyDocument"] == trust(
        "PavedRoadGatewayDeveloper", **{"aws:PrincipalTag/team": "orders"}
    )


@pytest.mark.parametrize(
    ("stack", "name"),
    [
        ("organization", "Auditor"),
        ("organization", "BreakGlass"),
        ("gateway", "Auditor"),
        ("gateway", "BreakGlass"),
        ("logging", "PlatformEngineer"),
        ("logging", "Auditor"),
        ("security", "Auditor"),
        ("catalog", "PlatformEngineer"),
        ("workload-orders-production", "PlatformEngineer"),
        ("workload-orders-production", "BreakGlass"),
    ],
)
def test_every_other_role_trusts_the_gateway_role_of_its_name_alone(role, stack, name) -> None:
    found = role(f"pavedroad-{stack}", f"PavedRoad{name}")
    assert found["AssumeRolePolicyDocument"] == trust(f"PavedRoadGateway{name}")


# Their own tests say whom these let in: roles of the shared services account that people reach through the gateway.
_FROM_SHARED_SERVICES = {"PavedRoadCatalogProof", "PavedRoadAdoption"}


def test_no_role_of_any_stack_lets_in_people_from_elsewhere(templates) -> None:
    admitted = {
        principal
        for template in templates.values()
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::IAM::Role" and resource["Properties"].get("RoleName") not in _FROM_SHARED_SERVICES
        for statement in resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        # An account with this condition stands for the roles that it names: IAM wants principals to exist already.
        if "aws:PrincipalArn" not in str(statement.get("Condition"))
        for principal in _people(statement["Principal"])
    }
    assert admitted == {
        f"arn:aws:iam::222222222222:role/PavedRoadGateway{name}"
        for name in ("PlatformEngineer", "Developer", "Auditor", "BreakGlass")
    }


def _people(principal: dict) -> list[str]:
    people = principal.get("AWS", [])
    return people if isinstance(people, list) else [people]


def test_a_developer_launches_products_and_makes_no_bucket(resources, role) -> None:
    stack = "pavedroad-workload-orders-development"
    ((logical_id, _),) = resources(stack, "AWS::IAM::Role", RoleName="PavedRoadDeveloper").items()
    statements = [
        statement
        for policy in resources(stack, "AWS::IAM::ManagedPolicy").values()
        if {"Ref": logical_id} in policy["Properties"].get("Roles", [])
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]
    actions = {action for statement in statements for action in statement["Action"]}
    assert "servicecatalog:ProvisionProduct" in actions
    assert {action.split(":")[0] for action in actions} == {"cloudformation", "servicecatalog"}
    assert {action for action in actions if action.startswith("cloudformation:")} == {
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStackResources",
    }
    managed = role(stack, "PavedRoadDeveloper")["ManagedPolicyArns"]
    assert [arn["Fn::Join"][1][-1] for arn in managed] == [
        ":iam::aws:policy/job-function/ViewOnlyAccess",
        ":iam::aws:policy/CloudWatchReadOnlyAccess",
    ]


def test_only_the_break_glass_role_administers(templates) -> None:
    administrators = {
        resource["Properties"]["RoleName"]
        for template in templates.values()
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::IAM::Role"
        and "AdministratorAccess" in str(resource["Properties"].get("ManagedPolicyArns", []))
    }
    assert administrators == {"PavedRoadBreakGlass"}


def test_platform_engineers_deploy_from_shared_services_only(templates) -> None:
    deploying = {
        name
        for name, template in templates.items()
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::IAM::ManagedPolicy"
        and "arn:aws:iam::*:role/cdk-*" in str(resource["Properties"]["PolicyDocument"]["Statement"])
        and resource["Properties"].get("ManagedPolicyName") == "PavedRoadPlatformEngineerAccess"
    }
    assert deploying == {"pavedroad-catalog"}


def test_roles_are_found_by_what_they_may_do(landing_zone) -> None:
    roles = landing_zone["pavedroad-logging"].gateway_roles
    assert roles.with_permission(PermissionSet.AUDIT_SECURITY) == [roles.roles["auditor"]]
    assert roles.with_permission(PermissionSet.ADMINISTER) == [roles.roles["break-glass"]]
