import pytest


@pytest.fixture
def table(templates):
    return templates["table"]["Resources"]["Table7ABB320E"]["Properties"]


NOTHING = {"Ref": "AWS::NoValue"}


def test_keys_are_those_of_the_form_and_the_second_is_optional(templates, table) -> None:
    partition, sort = {"Ref": "PartitionKey"}, {"Ref": "SortKey"}
    assert table["KeySchema"] == [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"Fn::If": ["HasSortKey", {"AttributeName": sort, "KeyType": "RANGE"}, NOTHING]},
    ]
    assert table["AttributeDefinitions"] == [
        {"AttributeName": partition, "AttributeType": {"Ref": "PartitionKeyType"}},
        {"Fn::If": ["HasSortKey", {"AttributeName": sort, "AttributeType": {"Ref": "SortKeyType"}}, NOTHING]},
    ]
    assert templates["table"]["Conditions"]["HasSortKey"] == {"Fn::Not": [{"Fn::Equals": [sort, ""]}]}


def test_one_attribute_is_not_both_keys(templates) -> None:
    (assertion,) = templates["table"]["Rules"]["SortKeyIsNotPartitionKey"]["Assertions"]
    assert assertion["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "SortKey"}, {"Ref": "PartitionKey"}]}]}


def test_items_expire_and_changes_are_told_only_where_asked(table) -> None:
    expiry = {"AttributeName": {"Ref": "TimeToLiveAttribute"}, "Enabled": True}
    assert table["TimeToLiveSpecification"] == {"Fn::If": ["ExpiresItems", expiry, NOTHING]}
    assert table["StreamSpecification"] == {"Fn::If": ["HasStream", {"StreamViewType": {"Ref": "Stream"}}, NOTHING]}


@pytest.mark.parametrize("kind", ["Read", "Write"])
def test_the_bound_holds_in_both_capacity_modes(table, kind) -> None:
    most = {"Ref": f"Max{kind}Units"}
    place = table["Replicas"][0] if kind == "Read" else table
    assert table["BillingMode"] == {"Ref": "CapacityMode"}
    assert place[f"{kind}OnDemandThroughputSettings"] == {
        "Fn::If": ["IsOnDemand", {f"Max{kind}RequestUnits": most}, NOTHING]
    }
    condition, settings, otherwise = place[f"{kind}ProvisionedThroughputSettings"]["Fn::If"]
    assert (condition, otherwise) == ("IsProvisioned", NOTHING)
    scaling = settings[f"{kind}CapacityAutoScalingSettings"]
    assert (scaling["MinCapacity"], scaling["MaxCapacity"]) == (5, most)


def test_the_modes_exclude_each_other(templates) -> None:
    conditions = templates["table"]["Conditions"]
    assert conditions["IsOnDemand"] == {"Fn::Equals": [{"Ref": "CapacityMode"}, "PAY_PER_REQUEST"]}
    assert conditions["IsProvisioned"] == {"Fn::Equals": [{"Ref": "CapacityMode"}, "PROVISIONED"]}


def test_the_table_is_kept_encrypted_and_restored_as_asked(templates, table) -> None:
    (replica,) = table["Replicas"]
    assert replica["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True,
        "RecoveryPeriodInDays": {"Ref": "BackupRetentionDays"},
    }
    assert replica["DeletionProtectionEnabled"] == {"Ref": "DeletionProtection"}
    assert replica["SSESpecification"]["KMSMasterKeyId"]
    assert templates["table"]["Resources"]["Table7ABB320E"]["DeletionPolicy"] == "Retain"
