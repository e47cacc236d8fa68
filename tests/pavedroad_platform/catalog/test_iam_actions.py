import pytest

from pavedroad_platform.catalog import iam_actions


@pytest.mark.parametrize("action", ["s3:CreateBucket", "iam:PassRole", "elasticloadbalancing:CreateLoadBalancer"])
def test_actions_exist(action) -> None:
    assert iam_actions.exists(action)


@pytest.mark.parametrize("action", ["s3:REST.PUT.OBJECT", "s3:DeleteBucketCors", "s3:*", "nothing:AtAll", "s3"])
def test_what_registry_schemas_list_besides_is_no_action(action) -> None:
    assert not iam_actions.exists(action)


def test_an_action_says_what_it_can_be_confined_to() -> None:
    assert iam_actions.resource_kinds("iam:CreateRole") == {"iam:role": ("arn:${Partition}:iam::${Account}:role/*",)}
    assert iam_actions.resource_kinds("kms:CreateKey") == {}


def test_variables_of_single_services_are_wildcards() -> None:
    formats = iam_actions.resource_kinds("kafka:DeleteVpcConnection")["kafka:vpc-connection"]
    assert formats == ("arn:${Partition}:kafka:${Region}:*:vpc-connection/*",)


def test_a_service_is_known_by_its_prefix() -> None:
    assert iam_actions.has_service("s3")
    assert not iam_actions.has_service("s4")


def test_a_pattern_stands_for_the_actions_that_match_it() -> None:
    assert iam_actions.matching("S3:*BucketPolicy") == {
        "s3:deletebucketpolicy",
        "s3:getbucketpolicy",
        "s3:putbucketpolicy",
    }
    assert iam_actions.matching("s3:GetBucketPolicies") == iam_actions.matching("s4:*") == frozenset()
