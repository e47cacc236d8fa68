import pytest

from pavedroad_platform.catalog.launch_policies import Statement
from pavedroad_platform.reporting.launch_roles.measures import Grant, grants_of, measures


def grant(*actions: str, resource: str = "*", **more: bool) -> Grant:
    return Grant(actions=actions, resources=(resource,), **more)


def test_wildcards_are_expanded_and_actions_counted_once() -> None:
    found = measures([grant("s3:*BucketPolicy", "s3:GetBucketPolicy"), grant("s3:GetBucketPolicy")])
    assert (found.actions, found.wildcards, found.whole_services) == (3, 1, ())


def test_a_whole_service_is_told_by_its_name() -> None:
    found = measures([grant("sqs:*", "sns:Get*")])
    assert found.whole_services == ("sqs",)
    assert found.actions > 20


def test_what_could_be_confined_counts_only_where_it_is_not() -> None:
    assert measures([grant("s3:DeleteBucket", "s3:ListAllMyBuckets")]).unconfined == 1
    assert measures([grant("s3:DeleteBucket", resource="arn:aws:s3:::sc-*")]).unconfined == 0
    assert measures([grant("s3:DeleteBucket", has_condition=True)]).statements_for_everything == 0


@pytest.mark.parametrize(
    ("grants", "raises_itself"),
    [
        ([grant("iam:AttachRolePolicy", "iam:PassRole")], True),
        ([grant("iam:*")], True),
        ([grant("iam:AttachRolePolicy")], False),
        ([grant("iam:AttachRolePolicy"), grant("iam:PassRole", has_condition=True)], False),
        ([grant("iam:AttachRolePolicy", "iam:PassRole", resource="arn:aws:iam::*:role/SC-*")], False),
    ],
)
def test_a_role_that_gives_any_role_any_policy_and_passes_it_may_raise_itself(grants, raises_itself) -> None:
    assert measures(grants).may_raise_itself is raises_itself


def test_our_statements_are_measured_as_they_stand_in_the_policy() -> None:
    condition = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    assert grants_of([Statement(("s3:GetObject",), ("*",), condition), Statement(("s3:PutObject",), ("arn",))]) == [
        Grant(actions=("s3:GetObject",), resources=("*",), has_condition=True),
        Grant(actions=("s3:PutObject",), resources=("arn",)),
    ]
