"""Organizations: units, accounts and policies, and what members see of it."""

import json
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
