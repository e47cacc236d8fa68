"""No machine in the network is given a public address, and its traffic is recorded."""

from collections.abc import Iterator
from typing import Any

from pavedroad_platform.proving.acceptance import Launched

_TIERS = ("PublicSubnetIds", "PrivateSubnetIds", "IsolatedSubnetIds")
_ANYWHERE = "0.0.0.0/0"


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of network."""
    ec2, vpc = launched.client("ec2"), launched.outputs["VpcId"]
    subnets = {tier: launched.outputs[tier].split(",") for tier in _TIERS}
    described = ec2.describe_subnets(SubnetIds=[each for tier in subnets.values() for each in tier])["Subnets"]
    zones = {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in described}
    for tier, ids in subnets.items():
        if len({zones[each] for each in ids}) < len(ids):
            yield f"two subnets of {tier} are in the same zone"
    for subnet in described:
        if subnet["MapPublicIpOnLaunch"]:
            yield f"{subnet['SubnetId']} gives public addresses"
    recorded = ec2.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [vpc]}])["FlowLogs"]
    if not any(log["FlowLogStatus"] == "ACTIVE" and log["TrafficType"] == "ALL" for log in recorded):
        yield "the traffic of the network is not recorded"
    for subnet in subnets["IsolatedSubnetIds"]:
        if _ANYWHERE in _destinations(ec2, subnet):
            yield f"{subnet}, which is to be isolated, has a route to the internet"


def _destinations(ec2: Any, subnet: str) -> set[str]:
    tables = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["RouteTables"]
    return {route.get("DestinationCidrBlock", "") for table in tables for route in table["Routes"]}
