from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.dynamodb.billing import CapacityScaling, OnDemandBilling, ProvisionedBilling, TableBilling
from pavedroad.database.dynamodb.table import Table

INDEXES = [
    dynamodb.GlobalSecondaryIndexPropsV2(
        index_name=name,
        partition_key=dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING),
        max_read_request_units=most,
    )
    for name, most in (("date", None), ("state", 5))
]


def scaled(low: float, high: float, target: float = 70, **cooldowns: int) -> dict[str, Any]:
    tracking = {"TargetValue": target, "DisableScaleIn": False, **cooldowns}
    return {"MinCapacity": low, "MaxCapacity": high, "TargetTrackingScalingPolicyConfiguration": tracking}


def test_on_demand_can_be_bounded_for_the_table_and_for_an_index(
    make: Callable[..., Table], properties: Callable[[], dict[str, Any]]
) -> None:
    billing = OnDemandBilling(max_read_request_units=100, max_write_request_units=50)
    make(billing=billing, global_secondary_indexes=INDEXES)
    table = properties()
    (replica,) = table["Replicas"]
    assert table["WriteOnDemandThroughputSettings"] == {"MaxWriteRequestUnits": 50}
    assert replica["ReadOnDemandThroughputSettings"] == {"MaxReadRequestUnits": 100}
    assert [index["ReadOnDemandThroughputSettings"] for index in replica["GlobalSecondaryIndexes"]] == [
        {"MaxReadRequestUnits": 100},
        {"MaxReadRequestUnits": 5},
    ]


def test_provisioned_capacity_is_scaled_out_and_in_for_the_table_and_each_index(
    make: Callable[..., Table], properties: Callable[[], dict[str, Any]]
) -> None:
    make(
        billing=ProvisionedBilling(
            read=CapacityScaling(min_capacity=5, max_capacity=500, target_utilization_percent=60),
            write=CapacityScaling(
                min_capacity=2,
                max_capacity=200,
                scale_in_cooldown=Duration.minutes(10),
                scale_out_cooldown=Duration.minutes(1),
            ),
        ),
        global_secondary_indexes=INDEXES,
    )
    table = properties()
    (replica,) = table["Replicas"]
    writes = scaled(2, 200, ScaleInCooldown=600, ScaleOutCooldown=60)
    assert table["BillingMode"] == "PROVISIONED"
    for part in (table, *table["GlobalSecondaryIndexes"]):
        assert part["WriteProvisionedThroughputSettings"] == {"WriteCapacityAutoScalingSettings": writes}
    for part in (replica, *replica["GlobalSecondaryIndexes"]):
        assert part["ReadProvisionedThroughputSettings"] == {"ReadCapacityAutoScalingSettings": scaled(5, 500, 60)}


@pytest.mark.parametrize(
    ("billing", "message"),
    [
        (OnDemandBilling(max_write_request_units=0), "billing.max_write_request_units=0: must be 1 or more"),
        (
            ProvisionedBilling(
                read=CapacityScaling(min_capacity=0, max_capacity=5),
                write=CapacityScaling(min_capacity=9, max_capacity=5),
            ),
            "billing.read.min_capacity=0: must be 1 or more; billing.write.max_capacity=5: must be 9 or more",
        ),
        (
            ProvisionedBilling(
                read=CapacityScaling(min_capacity=1, max_capacity=5, target_utilization_percent=95),
                write=CapacityScaling(min_capacity=1, max_capacity=5),
            ),
            "billing.read.target_utilization_percent=95: must be from 20 to 90",
        ),
    ],
)
def test_bounds_that_cannot_work_are_refused(make: Callable[..., Table], billing: TableBilling, message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=message):
        make(billing=billing)


def test_bounds_may_be_parameters(
    stack: cdk.Stack, make: Callable[..., Table], properties: Callable[[], dict[str, Any]]
) -> None:
    most = cdk.CfnParameter(stack, "Most", type="Number").value_as_number
    make(billing=OnDemandBilling(max_read_request_units=most, max_write_request_units=most))
    assert properties()["WriteOnDemandThroughputSettings"] == {"MaxWriteRequestUnits": {"Ref": "Most"}}
