"""What somebody may do afterwards, and may not do now."""

import json
from typing import Any

import pytest

from pavedroad_platform.deployment.access import Widening, widened


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"Resources": {"Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}}}


def allow(action: Any = "s3:GetObject", resource: Any = "arn:aws:s3:::orders/*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


READ = "s3:GetObject on arn:aws:s3:::orders/*"


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ([], [allow()], [READ]),
        ([allow()], [allow(["s3:GetObject", "s3:PutObject"])], ["s3:PutObject on arn:aws:s3:::orders/*"]),
        ([allow(["s3:GetObject", "s3:PutObject"])], [allow()], []),
        ([allow(Condition={"Bool": {"aws:SecureTransport": "true"}})], [allow()], [READ]),
        ([{**allow(), "Effect": "Deny"}], [], [f"no longer denied: {READ}"]),
        ([], [{**allow(), "Effect": "Deny"}], []),
        ([], [allow(resource={"Fn::GetAtt": ["Key", "Arn"]})], ["s3:GetObject on Key.Arn"]),
        (
            [],
            [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*", "Principal": {"AWS": "*"}}],
            ['all but iam:* on * by {"AWS": "*"}'],
        ),
    ],
)
def test_what_widens_is_told_and_what_narrows_is_not(before: list[Any], after: list[Any], what: list[str]) -> None:
    assert widened(policy(*before), policy(*after)) == [Widening(resource="Policy", what=each) for each in what]


def test_access_that_no_policy_document_gives_is_seen() -> None:
    rule = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp"}
    resources = {
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"SecurityGroupIngress": [rule]}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnly"]}},
        "Call": {"Type": "AWS::Lambda::Permission", "Properties": {"Principal": "s3.amazonaws.com"}},
    }
    found = widened({"Resources": {}}, {"Resources": resources})
    assert [each.resource for each in found] == ["Call", "Group", "Role"]


def test_a_policy_that_is_written_as_text_is_read() -> None:
    def control(*statements: dict[str, Any]) -> dict[str, Any]:
        content = json.dumps({"Statement": list(statements)})
        return {"Resources": {"Guard": {"Type": "AWS::Organizations::Policy", "Properties": {"Content": content}}}}

    deny = {"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}
    [found] = widened(control(deny), control())
    assert found.what == "no longer denied: organizations:LeaveOrganization on *"
