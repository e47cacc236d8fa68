"""Alarms on what a network can run out of."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm

_NO_PORTS = (
    "A NAT gateway has no free port for a destination: connections fail. Look for a workload that opens many "
    "connections to one address; reuse connections, use an endpoint, or add gateways."
)
_DROPPED = (
    "A NAT gateway drops packets: AWS may have a fault in its zone, or its bandwidth is used up. See the AWS Health "
    "Dashboard and the gateway's BytesOutToDestination."
)


@dataclass(frozen=True, kw_only=True)
class SecureVpcAlarmThresholds:
    """When the alarms of a network go off.

    Attributes:
        nat_port_allocation_errors: Connections that a NAT gateway could not open in 5 minutes because no port was free.
        nat_packets_dropped: Packets that a NAT gateway dropped in 5 minutes.
    """

    nat_port_allocation_errors: float = 0
    nat_packets_dropped: float = 1000


def nat_gateway_alarms(
    scope: Construct,
    gateways: Sequence[ec2.CfnNatGateway],
    topic: sns.ITopic,
    thresholds: SecureVpcAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """Two alarms a NAT gateway.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-cloudwatch.html
    """
    watched = (
        ("ErrorPortAllocation", thresholds.nat_port_allocation_errors, _NO_PORTS),
        ("PacketsDropCount", thresholds.nat_packets_dropped, _DROPPED),
    )
    return [
        notifying_alarm(
            scope,
            f"Nat{number}{name}",
            metric=_metric(name, gateway),
            threshold=threshold,
            description=description,
            topic=topic,
            evaluation_periods=1,
            missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        for number, gateway in enumerate(gateways, start=1)
        for name, threshold, description in watched
    ]


def _metric(name: str, gateway: ec2.CfnNatGateway) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/NATGateway",
        metric_name=name,
        dimensions_map={"NatGatewayId": gateway.attr_nat_gateway_id},
        statistic="Sum",
        period=Duration.minutes(5),
    )
