"""Policy variables, and the organisation of a resource, in conditions."""

import json
import urllib.request
from typing import Any

import pytest

ACCOUNT, MANAGEMENT, MEMBER, STRANGER = "222222222222", "100000000011", "100000000012", "100000000013"
ACTIONS = ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")
ORGANIZATION = "o-conditions01"


@pytest.fixture(scope="module")
def named_role(emulator: Any) -> str:
    """A role for sessions whose source identity is their tag ``user``."""
    trust = emulator.trusting(
        {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        *ACTIONS,
        StringEquals={"sts:SourceIdentity": "${aws:RequestTag/user}"},
    )
    arn: str = emulator.role("named", trust, account=ACCOUNT)
    return arn


def test_a_variable_stands_for_what_the_request_says(emulator: Any, named_role: str) -> None:
    ada = [{"Key": "user", "Value": "ada"}]
    assert emulator.assume(named_role, by=ACCOUNT, Tags=ada, SourceIdentity="ada")
    with pytest.raises(Exception, match="not authorized to perform: sts:AssumeRole"):
        emulator.assume(named_role, by=ACCOUNT, Tags=ada, SourceIdentity="eve")


def test_a_variable_without_a_value_matches_nothing(emulator: Any, named_role: str) -> None:
    with pytest.raises(Exception, match="not authorized to perform: sts:AssumeRole"):
        emulator.assume(named_role, by=ACCOUNT, SourceIdentity="ada")


def test_a_resource_belongs_to_the_organisation_of_its_account(emulator: Any) -> None:
    document = {
        "id": ORGANIZATION,
        "root_id": "r-cond",
        "management_account": MANAGEMENT,
        "accounts": [{"id": MEMBER, "name": "member", "email": "member@example.com"}],
    }
    request = urllib.request.Request(
        f"{emulator.endpoint}/_pavedroad/organization", data=json.dumps(document).encode(), method="PUT"
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    inside = emulator.allowing("sts:AssumeRole", Condition={"StringEquals": {"aws:ResourceOrgID": ORGANIZATION}})
    caller = emulator.role(
        "caller", emulator.trusting({"AWS": f"arn:aws:iam::{MEMBER}:root"}, *ACTIONS), inside, account=MEMBER
    )
    session = emulator.assume(caller, by=MEMBER)
    open_to_all = emulator.trusting({"AWS": caller}, *ACTIONS)
    assert emulator.assume(emulator.role("here", open_to_all, account=MANAGEMENT), by=session)
    elsewhere = emulator.role("elsewhere", open_to_all, account=STRANGER)
    with pytest.raises(Exception, match="not authorized to perform: sts:AssumeRole"):
        emulator.assume(elsewhere, by=session)
