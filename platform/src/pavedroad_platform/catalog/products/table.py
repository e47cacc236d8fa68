"""The product table: a DynamoDB table for an application."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Aws, CfnCondition, Duration, Fn, ICfnConditionExpression, Stack
from aws_cdk import aws_dynamodb as dynamodb

from pavedroad.database.dynamodb.table import Table
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER, alarm_topic
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product, Rule
from pavedroad_platform.catalog.recovery_parameters import BACKUP_RETENTION_PARAMETER, DELETION_PROTECTION_PARAMETER

_ITEMS = "Items"
_CAPACITY = "Capacity"
_FEWEST_UNITS = 5
_USE_PERCENT = 70
_ATTRIBUTE = r"[A-Za-z0-9_.-]{1,255}"
_ATTRIBUTE_OR_NOTHING = r"[A-Za-z0-9_.-]{0,255}"
_IN_WORDS = "1 to 255 letters, digits, underscores, dots and hyphens"
_TYPES = ("S", "N", "B")
_VIEWS = ("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES")


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    values = {name: parameter.value_as_string for name, parameter in parameters.items()}
    key = rotated_key(stack, "Key", description="Encrypts the table and its alarms")
    topic = alarm_topic(stack, encryption_key=key, email=values[ALARM_EMAIL_PARAMETER.name])
    table = Table(
        stack,
        "Table",
        partition_key=dynamodb.Attribute(name=values["PartitionKey"], type=dynamodb.AttributeType.STRING),
        encryption_key=key,
        backup_retention=Duration.days(parameters[BACKUP_RETENTION_PARAMETER.name].value_as_number),
    )
    table.add_alarms(topic)
    resource = table.table.node.default_child
    assert isinstance(resource, dynamodb.CfnGlobalTable)
    _take_keys(stack, resource, values)
    _expire_and_stream_if_asked(stack, resource, values)
    acknowledge(
        parameters["Stream"],
        "cloudformation-validate::W1030",
        "OFF never reaches the property: the whole specification is left out then, by the condition HasStream.",
    )
    _take_capacity(stack, resource, parameters)
    resource.add_property_override("Replicas.0.DeletionProtectionEnabled", values[DELETION_PROTECTION_PARAMETER.name])
    return {
        "TableName": table.table.table_name,
        "TableArn": table.table.table_arn,
        "EncryptionKeyArn": key.key_arn,
    }


# What a construct decides in Python is decided here at launch: the properties themselves carry the conditions.


def _where(stack: Stack, construct_id: str, expression: ICfnConditionExpression, value: Any) -> Any:
    """``value`` where the condition is true; the property is left out otherwise."""
    condition = stack.node.try_find_child(construct_id) or CfnCondition(stack, construct_id, expression=expression)
    assert isinstance(condition, CfnCondition)
    return Fn.condition_if(condition.logical_id, value, Aws.NO_VALUE)


def _given(value: str) -> ICfnConditionExpression:
    return Fn.condition_not(Fn.condition_equals(value, ""))


def _take_keys(stack: Stack, resource: dynamodb.CfnGlobalTable, values: Mapping[str, str]) -> None:
    def if_sorted(value: Mapping[str, str]) -> Any:
        return _where(stack, "HasSortKey", _given(values["SortKey"]), value)

    partition, sort = values["PartitionKey"], values["SortKey"]
    resource.add_property_override(
        "AttributeDefinitions",
        [
            {"AttributeName": partition, "AttributeType": values["PartitionKeyType"]},
            if_sorted({"AttributeName": sort, "AttributeType": values["SortKeyType"]}),
        ],
    )
    acknowledge(
        resource,
        "cloudformation-validate::W1030",
        "The empty sort key never reaches the properties: they are left out then, by the condition HasSortKey.",
    )
    resource.add_property_override(
        "KeySchema",
        [{"AttributeName": partition, "KeyType": "HASH"}, if_sorted({"AttributeName": sort, "KeyType": "RANGE"})],
    )


def _expire_and_stream_if_asked(stack: Stack, resource: dynamodb.CfnGlobalTable, values: Mapping[str, str]) -> None:
    attribute, view = values["TimeToLiveAttribute"], values["Stream"]
    resource.time_to_live_specification = _where(
        stack, "ExpiresItems", _given(attribute), {"AttributeName": attribute, "Enabled": True}
    )
    resource.stream_specification = _where(
        stack,
        "HasStream",
        Fn.condition_not(Fn.condition_equals(view, "OFF")),
        {"StreamViewType": view},
    )


def _take_capacity(stack: Stack, resource: dynamodb.CfnGlobalTable, parameters: Parameters) -> None:
    """One bound in both modes: what is throttled on demand, and how far provisioned capacity is scaled out."""
    mode = parameters["CapacityMode"].value_as_string

    def in_mode(construct_id: str, wanted: str, value: Mapping[str, Any]) -> Any:
        return _where(stack, construct_id, Fn.condition_equals(mode, wanted), value)

    resource.billing_mode = mode
    for kind, place in (("Read", "Replicas.0."), ("Write", "")):
        most = parameters[f"Max{kind}Units"].value_as_number
        on_demand = {f"Max{kind}RequestUnits": most}
        provisioned = {f"{kind}CapacityAutoScalingSettings": _scaling(most)}
        resource.add_property_override(
            f"{place}{kind}OnDemandThroughputSettings", in_mode("IsOnDemand", "PAY_PER_REQUEST", on_demand)
        )
        resource.add_property_override(
            f"{place}{kind}ProvisionedThroughputSettings", in_mode("IsProvisioned", "PROVISIONED", provisioned)
        )


def _scaling(most: float) -> dict[str, Any]:
    return {
        "MinCapacity": _FEWEST_UNITS,
        "MaxCapacity": most,
        "TargetTrackingScalingPolicyConfiguration": {"DisableScaleIn": False, "TargetValue": _USE_PERCENT},
    }


def _differs(one: str, other: str) -> Rule:
    return Rule(
        name=f"{one}IsNot{other}",
        description=f"Choose in {one} another attribute than in {other}.",
        assertion=lambda parameters: Fn.condition_not(
            Fn.condition_equals(parameters[one].value_as_string, parameters[other].value_as_string)
        ),
    )


PRODUCT = Product(
    key="table",
    title="Table",
    version="1.0.0",
    summary=(
        "A DynamoDB table that is encrypted with its own key, can be restored to any second, scales by itself and is "
        "watched."
    ),
    parameters=(
        Parameter(
            name="PartitionKey",
            label="Partition key",
            group=_ITEMS,
            help="The attribute that items are spread by, such as a customer's number. It cannot be changed later.",
            default="id",
            pattern=_ATTRIBUTE,
            constraint=_IN_WORDS + ".",
        ),
        Parameter(
            name="PartitionKeyType",
            label="Type of the partition key",
            group=_ITEMS,
            help="S: text. N: a number. B: bytes. It cannot be changed later.",
            default="S",
            allowed_values=_TYPES,
            constraint="One of S, N and B.",
        ),
        Parameter(
            name="SortKey",
            label="Sort key",
            group=_ITEMS,
            help=(
                "The attribute that items of one partition key are sorted by, such as a date. Left empty: one item for "
                "each partition key. It cannot be changed later."
            ),
            default="",
            pattern=_ATTRIBUTE_OR_NOTHING,
            constraint=_IN_WORDS + ", or nothing.",
        ),
        Parameter(
            name="SortKeyType",
            label="Type of the sort key",
            group=_ITEMS,
            help="S: text. N: a number. B: bytes. It counts only where there is a sort key.",
            default="S",
            allowed_values=_TYPES,
            constraint="One of S, N and B.",
        ),
        Parameter(
            name="TimeToLiveAttribute",
            label="Attribute of expiry",
            group=_ITEMS,
            help="The attribute with the second, since 1970, in which an item expires. Left empty: items stay.",
            default="",
            pattern=_ATTRIBUTE_OR_NOTHING,
            constraint=_IN_WORDS + ", or nothing.",
        ),
        Parameter(
            name="Stream",
            label="Stream of changes",
            group=_ITEMS,
            help="What functions and other readers are told of a changed item. OFF: there is no stream.",
            default="OFF",
            allowed_values=("OFF", *_VIEWS),
            constraint=f"One of OFF, {', '.join(_VIEWS)}.",
        ),
        Parameter(
            name="CapacityMode",
            label="Capacity mode",
            group=_CAPACITY,
            help=(
                "PAY_PER_REQUEST: every request is paid for. PROVISIONED: capacity is paid for, used or not, and "
                f"scaled out and in from {_FEWEST_UNITS} units; it costs less where the load is even."
            ),
            default="PAY_PER_REQUEST",
            allowed_values=("PAY_PER_REQUEST", "PROVISIONED"),
            constraint="Either PAY_PER_REQUEST or PROVISIONED.",
        ),
        *(
            Parameter(
                name=f"Max{kind}Units",
                label=f"{kind} units at most",
                group=_CAPACITY,
                help=f"{kind}s of {size} a second; what is above is throttled. It bounds the bill in both modes.",
                type="Number",
                default=4000,
                minimum=_FEWEST_UNITS,
                maximum=40000,
            )
            for kind, size in (("Read", "4 KiB"), ("Write", "1 KiB"))
        ),
        BACKUP_RETENTION_PARAMETER,
        DELETION_PROTECTION_PARAMETER,
        ALARM_EMAIL_PARAMETER,
    ),
    rules=(_differs("SortKey", "PartitionKey"),),
    outputs=(
        Output(name="TableName", purpose="The table that items are put into."),
        Output(name="TableArn", purpose="Goes into the policies of roles that may use the table, its stream included."),
        Output(name="EncryptionKeyArn", purpose="Roles that use the table need kms:Decrypt on it, through DynamoDB."),
    ),
    build=_build,
)
