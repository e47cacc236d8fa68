from dataclasses import dataclass
from typing import Any
from aws_cdk import Duration, Token
from aws_cdk import aws_dynamodb as dynamodb
from pavedroad.arguments import Arguments

@dataclass(frozen=True, kw_only=True)
class OnDemandBilling:
    max_read_request_units: float | None = None
    max_write_request_units: float | None = None

@dataclass(frozen=True, kw_only=True)
class CapacityScaling:
    min_capacity: float
    max_capacity: float
    target_utilization_percent: float = 70
    scale_in_cooldown: Duration | None = None
    scale_out_cooldown: Duration | None = None

    def settings(self) -> dynamodb.CfnGlobalTable.CapacityAutoScalingSettingsProperty:
        ...

@dataclass(frozen=True, kw_only=True)
class ProvisionedBilling:
    read: CapacityScaling
    write: CapacityScaling
TableBilling = OnDemandBilling | ProvisionedBilling

def check_billing(arguments: Arguments, billing: TableBilling) -> None:
    ...

def construct_billing(billing: TableBilling) -> dynamodb.Billing:
    ...

def set_write_capacity(resource: dynamodb.CfnGlobalTable, billing: TableBilling, indexes: int) -> None:
    ...
