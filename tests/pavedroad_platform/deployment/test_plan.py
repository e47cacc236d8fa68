"""What a deployment will change."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pavedroad_platform.deployment.assembly import AssemblyStack, deployed_template, stacks_in
from pavedroad_platform.deployment.plan import SUMMARY_LENGTH, make_plan
from pavedroad_platform.errors import PlatformError


def bucket(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": properties}


def stack(account: str, resources: Mapping[str, Any], name: str = "pavedroad-orders") -> AssemblyStack:
    return AssemblyStack(
        name=name,
        account=account,
        region="eu-west-1",
        lookup_role=f"arn:aws:iam::{account}:role/lookup",
        template={"Resources": resources},
    )


BEFORE = {"Resources": {"Kept": bucket(), "Renamed": bucket(BucketName="old"), "Gone": bucket(), "Same": bucket()}}
TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {}}
AFTER = {
    "Kept": bucket(BucketEncryption={}),
    "Renamed": bucket(BucketName="new"),
    "Same": bucket(),
    "New": TOPIC,
}


def test_the_gravest_comes_first_and_the_line_has_it_all() -> None:
    plan = make_plan([stack("777777777777", AFTER)], lambda _: BEFORE, {"777777777777": "orders-production"})
    [planned] = plan.stacks
    assert [(change.what, change.resource, change.loses_data) for change in planned.changes] == [
        ("deleted", "Gone", True),
        ("replaced", "Renamed", True),
        ("created", "New", False),
        ("changed", "Kept", False),
    ]
    assert plan.summary == (
        "1 of 1 stacks change: 1 deleted, 1 replaced, 1 created, 1 changed. DATA IS LOST in 2 resources."
        " No access widens. orders-production: 1 deleted, 1 replaced, 1 created, 1 changed."
    )
    assert plan.as_json()["stacks"][0]["account"] == "orders-production"


def test_nothing_changes_where_what_is_deployed_is_what_is_to_be() -> None:
    plan = make_plan([stack("777777777777", BEFORE["Resources"])], lambda _: BEFORE, {})
    assert plan.summary == "Nothing changes in 1 stacks."


def test_a_thousand_accounts_fit_into_the_message_of_an_approval() -> None:
    stacks = [stack(f"{number:012}", {"Topic": TOPIC}) for number in range(1000)]
    summary = make_plan(stacks, lambda _: {"Resources": {}}, {}).summary
    assert len(summary) <= SUMMARY_LENGTH
    assert summary.startswith("1000 of 1000 stacks change: 1000 created.")
    assert summary.endswith(" accounts more.")


def test_stacks_are_read_with_the_role_that_their_assembly_names(assembly: Path) -> None:
    stacks = {each.name: each for each in stacks_in(assembly)}
    found = stacks["pavedroad-workload-orders-production"]
    assert found.account == "777777777777"
    assert found.lookup_role == "arn:aws:iam::777777777777:role/cdk-hnb659fds-lookup-role-777777777777-eu-west-1"


class Refusing:
    """AWS, where a call is refused."""

    def __init__(self, code: str, message: str) -> None:
        self.error = ClientError({"Error": {"Code": code, "Message": message}}, "GetTemplate")

    def assume_role(self, **_: Any) -> dict[str, Any]:
        return {"Credentials": {"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c"}}

    def get_template(self, **_: Any) -> None:
        raise self.error


def test_a_stack_that_does_not_stand_yet_is_all_new() -> None:
    aws = Refusing("ValidationError", "Stack with id pavedroad-orders does not exist")
    assert deployed_template(stack("777777777777", AFTER), lambda *_, **__: aws) == {"Resources": {}}


def test_an_account_that_cannot_be_read_is_told_with_what_to_do() -> None:
    aws = Refusing("AccessDenied", "not authorized")
    with pytest.raises(PlatformError) as error:
        deployed_template(stack("777777777777", AFTER), lambda *_, **__: aws)
    assert "pavedroad-orders: what is deployed cannot be read" in str(error.value)
    assert "bootstrap the account 777777777777 in eu-west-1" in str(error.value)


def test_there_is_no_plan_without_an_assembly(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="there is no synthesised app"):
        stacks_in(tmp_path)
