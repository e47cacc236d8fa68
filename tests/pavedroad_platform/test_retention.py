import pytest

from pavedroad_platform.retention import is_retained, is_stateful


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate", "Snapshot"])
def test_what_outlives_its_stack_is_retained_and_holds_something(policy) -> None:
    assert is_retained({"Type": "AWS::SNS::Topic", "DeletionPolicy": policy})
    assert is_stateful({"Type": "AWS::SNS::Topic", "DeletionPolicy": policy})


def test_what_holds_data_does_so_without_a_policy() -> None:
    assert is_stateful({"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Delete"})
    assert not is_retained({"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Delete"})
    assert not is_stateful({"Type": "AWS::SNS::Topic"})


def test_staying_when_replaced_is_another_policy() -> None:
    resource = {"Type": "AWS::S3::Bucket", "UpdateReplacePolicy": "Retain"}
    assert is_retained(resource, "UpdateReplacePolicy")
    assert not is_retained(resource)
