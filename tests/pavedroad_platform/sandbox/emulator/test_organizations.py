"""Organizations: units, accounts and policies, and what members see of it."""

import json
import time
import urllib.request
from typing import Any

import pytest

MANAGEMENT, MEMBER = "100000000001", "100000000002"


@pytest.fixture(scope="module")
def stack(emulator: Any) -> dict[str, str]:
    accounts = [{"id": MEMBER, "name": "orders", "email": "orders@example.com"}]
    request = urllib.request.Request(
        f"{emulator.endpoint}/_pavedroad/accounts", data=json.dumps(accounts).encode(), method="PUT"
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    made: dict[str, str] = emulator.deploy(
        {
            "Organization": {"Type": "AWS::Organizations::Organization", "Properties": {"FeatureSet": "ALL"}},
            "Unit": {
                "Type": "AWS::Organizations::OrganizationalUnit",
                "Properties": {"Name": "Workloads", "ParentId": {"Fn::GetAtt": ["Organization", "RootId"]}},
            },
            "Nested": {
                "Type": "AWS::Organizations::OrganizationalUnit",
                "Properties": {"Name": "Orders", "ParentId": {"Ref": "Unit"}},
            },
            "Account": {
                "Type": "AWS::Organizations::Account",
                "Properties": {
                    "AccountName": "orders",
                    "Email": "orders@example.com",
                    "ParentIds": [{"Ref": "Nested"}],
                },
            },
            "Policy": {
                "Type": "AWS::Organizations::Policy",
                "Properties": {
                    "Name": "deny-leaving",
                    "Type": "SERVICE_CONTROL_POLICY",
                    "TargetIds": [{"Ref": "Unit"}],
                    "Content": {
                        "Version": "2012-10-17",
                        "Statement": [{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}],
                    },
                },
            },
            "StackSet": {
                "Type": "AWS::CloudFormation::StackSet",
                "DependsOn": "Account",
                "Properties": {
                    "StackSetName": "baseline",
                    "PermissionModel": "SERVICE_MANAGED",
                    "AutoDeployment": {"Enabled": True, "RetainStacksOnAccountRemoval": False},
                    "TemplateBody": json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}),
                    "StackInstancesGroup": [
                        {
                            "DeploymentTargets": {"OrganizationalUnitIds": [{"Ref": "Unit"}]},
                            "Regions": ["eu-west-1"],
                        }
                    ],
                },
            },
        },
        outputs={
            "Account": {"Ref": "Account"},
            "Unit": {"Ref": "Unit"},
            "Nested": {"Ref": "Nested"},
            "Organization": {"Ref": "Organization"},
            "Policy": {"Ref": "Policy"},
        },
        account=MANAGEMENT,
    )
    return made


def test_an_expected_account_gets_its_id_and_its_place(emulator: Any, stack: dict[str, str]) -> None:
    assert stack["Account"] == MEMBER
    organizations = emulator.client("organizations", MANAGEMENT)
    assert organizations.list_parents(ChildId=MEMBER)["Parents"][0]["Id"] == stack["Nested"]


def test_policies_are_attached(emulator: Any, stack: dict[str, str]) -> None:
    organizations = emulator.client("organizations", MANAGEMENT)
    targets = organizations.list_targets_for_policy(PolicyId=stack["Policy"])["Targets"]
    assert [target["TargetId"] for target in targets] == [stack["Unit"]]


def test_a_member_sees_its_organization(emulator: Any, stack: dict[str, str]) -> None:
    organization = emulator.client("organizations", MEMBER).describe_organization()["Organization"]
    assert (organization["Id"], organization["MasterAccountId"]) == (stack["Organization"], MANAGEMENT)


def test_a_buckets_policy_may_name_the_organization(emulator: Any, stack: dict[str, str]) -> None:
    emulator.deploy(
        {
            "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "organization-assets"}},
            "Policy": {
                "Type": "AWS::S3::BucketPolicy",
                "Properties": {
                    "Bucket": {"Ref": "Bucket"},
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": "*",
                                "Action": "s3:GetObject",
                                "Resource": "arn:aws:s3:::organization-assets/*",
                                "Condition": {"StringEquals": {"aws:PrincipalOrgID": stack["Organization"]}},
                            }
                        ],
                    },
                },
            },
        },
        account=MANAGEMENT,
    )
    emulator.client("s3", MANAGEMENT).put_object(Bucket="organization-assets", Key="a", Body=b"content")
    bodies = []
    for account in (MEMBER, "888888888888"):
        trust = emulator.trusting({"AWS": f"arn:aws:iam::{account}:root"})
        role = emulator.role("reader", trust, emulator.allowing("s3:GetObject"), account=account)
        s3 = emulator.client("s3", credentials=emulator.assume(role, by=account))
        try:
            bodies.append(s3.get_object(Bucket="organization-assets", Key="a")["Body"].read())
        except s3.exceptions.ClientError as error:
            bodies.append(error.response["Error"]["Code"])
    assert bodies == [b"content", "AccessDenied"]


def test_a_stack_set_deploys_to_the_accounts_under_a_unit(emulator: Any, stack: dict[str, str]) -> None:
    stacks = emulator.client("cloudformation", MEMBER).describe_stacks()["Stacks"]
    assert [(each["StackName"], each["StackStatus"]) for each in stacks] == [("StackSet-baseline", "CREATE_COMPLETE")]
    assert len(emulator.client("sns", MEMBER).list_topics()["Topics"]) == 1


@pytest.mark.parametrize("retained", [False, True])
def test_an_account_gets_the_stack_when_it_joins_a_unit_and_loses_it_or_keeps_it_when_it_leaves(
    emulator: Any, stack: dict[str, str], retained: bool
) -> None:
    name = f"following-{retained}"
    stack_set = {
        "Type": "AWS::CloudFormation::StackSet",
        "Properties": {
            "StackSetName": name,
            "PermissionModel": "SERVICE_MANAGED",
            "AutoDeployment": {"Enabled": True, "RetainStacksOnAccountRemoval": retained},
            "TemplateBody": json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}),
            "StackInstancesGroup": [
                {"DeploymentTargets": {"OrganizationalUnitIds": [stack["Unit"]]}, "Regions": ["eu-west-1"]}
            ],
        },
    }
    made = emulator.deploy({"StackSet": stack_set}, account=MANAGEMENT)
    organizations = emulator.client("organizations", MANAGEMENT)
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.move_account(AccountId=MEMBER, SourceParentId=stack["Nested"], DestinationParentId=root)
    after_leaving = _settled_status(emulator, f"StackSet-{name}", absent=not retained)
    organizations.move_account(AccountId=MEMBER, SourceParentId=root, DestinationParentId=stack["Nested"])
    after_joining = _settled_status(emulator, f"StackSet-{name}", absent=False)
    emulator.delete(made["StackName"], MANAGEMENT)
    assert after_leaving == ("CREATE_COMPLETE" if retained else None)
    assert after_joining == "CREATE_COMPLETE"


def _settled_status(emulator: Any, name: str, *, absent: bool) -> str | None:
    """The status of a stack of the member once it is there, or once it is not."""
    deadline, status = time.monotonic() + 20, None
    while time.monotonic() < deadline:
        stacks = emulator.client("cloudformation", MEMBER).describe_stacks()["Stacks"]
        status = next((each["StackStatus"] for each in stacks if each["StackName"] == name), None)
        if (status is None) == absent and not (status or "").endswith("IN_PROGRESS"):
            return status
        time.sleep(0.02)
    return status


def test_an_updated_stack_set_updates_its_stacks_and_leaves_former_targets(
    emulator: Any, stack: dict[str, str]
) -> None:
    def stack_set(resources: dict[str, Any], unit: str) -> dict[str, Any]:
        return {
            "Type": "AWS::CloudFormation::StackSet",
            "Properties": {
                "StackSetName": "changing",
                "PermissionModel": "SERVICE_MANAGED",
                "AutoDeployment": {"Enabled": False},
                "TemplateBody": json.dumps({"Resources": resources}),
                "StackInstancesGroup": [
                    {
                        "DeploymentTargets": {
                            "OrganizationalUnitIds": [unit],
                            "AccountFilterType": "INTERSECTION",
                            "Accounts": [MEMBER],
                        },
                        "Regions": ["eu-west-1"],
                    }
                ],
            },
        }

    queue, topic = {"Type": "AWS::SQS::Queue"}, {"Type": "AWS::SNS::Topic"}
    cloudformation = emulator.client("cloudformation", MEMBER)
    made = emulator.deploy({"StackSet": stack_set({"Queue": queue}, stack["Unit"])}, account=MANAGEMENT)
    emulator.deploy(
        {"StackSet": stack_set({"Queue": queue, "Topic": topic}, stack["Unit"])},
        account=MANAGEMENT,
        name=made["StackName"],
    )
    resources = cloudformation.list_stack_resources(StackName="StackSet-changing")["StackResourceSummaries"]
    assert {resource["LogicalResourceId"] for resource in resources} == {"Queue", "Topic"}
    other = emulator.client("organizations", MANAGEMENT).create_organizational_unit(
        ParentId=emulator.client("organizations", MANAGEMENT).list_roots()["Roots"][0]["Id"], Name="Empty"
    )["OrganizationalUnit"]["Id"]
    emulator.deploy({"StackSet": stack_set({"Queue": queue}, other)}, account=MANAGEMENT, name=made["StackName"])
    names = [each["StackName"] for each in cloudformation.describe_stacks()["Stacks"]]
    emulator.delete(made["StackName"], MANAGEMENT)
    assert "StackSet-changing" not in names
