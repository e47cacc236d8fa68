from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
_NO_PORTS = 'A NAT gateway has no free port for a destination: connections fail. Look for a workload that opens many connections to one address; reuse connections, use an endpoint, or add gateways.'
_DROPPED = "A NAT gateway drops packets: AWS may have a fault in its zone, or its bandwidth is used up. See the AWS Health Dashboard and the gateway's BytesOutToDestination."

@dataclass(frozen=True, kw_only=True)
class SecureVpcAlarmThresholds:
    nat_port_allocation_errors: float = 0
    nat_packets_dropped: float = 1000

def nat_gateway_alarms(scope: Construct, gateways: Sequence[ec2.CfnNatGateway], topic: sns.ITopic, thresholds: SecureVpcAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
