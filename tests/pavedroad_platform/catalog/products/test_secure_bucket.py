import pytest


@pytest.fixture
def bucket(templates):
    return templates["secure-bucket"]["Resources"]["BucketE75EA64C"]["Properties"]


NOTHING = {"Ref": "AWS::NoValue"}


def test_objects_are_deleted_only_where_days_are_given(templates, bucket) -> None:
    (rule,) = (rule for rule in bucket["LifecycleConfiguration"]["Rules"] if rule["Id"] == "keep-then-delete")
    assert rule["ExpirationInDays"] == {"Fn::If": ["DeletesObjects", {"Ref": "DeleteAfterDays"}, NOTHING]}
    assert templates["secure-bucket"]["Conditions"]["DeletesObjects"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "DeleteAfterDays"}, "0"]}]
    }


def test_objects_are_locked_only_where_asked(bucket) -> None:
    retention = {"Mode": {"Ref": "ObjectLockMode"}, "Days": {"Ref": "ObjectLockDays"}}
    locked = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
    assert bucket["ObjectLockEnabled"] == {"Fn::If": ["LocksObjects", True, NOTHING]}
    assert bucket["ObjectLockConfiguration"] == {"Fn::If": ["LocksObjects", locked, NOTHING]}


def test_events_are_sent_only_where_asked(bucket) -> None:
    sent = {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert bucket["NotificationConfiguration"] == {"Fn::If": ["SendsEvents", sent, NOTHING]}


def test_the_bucket_keeps_its_logical_id(templates) -> None:
    buckets = {k for k, r in templates["secure-bucket"]["Resources"].items() if r["Type"] == "AWS::S3::Bucket"}
    assert buckets == {"BucketE75EA64C", "BucketAccessLogsFF6F5F45"}
