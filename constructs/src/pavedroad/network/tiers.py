"""The subnets of a network, tier by tier, each with a route table of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from pavedroad.network.addresses import SubnetAddresses
from pavedroad.security.acknowledgments import acknowledge

Tier = Literal["public", "private", "isolated", "transit"]

# The order is where each tier lies in the address range: a contract, for a moved subnet is a replaced one.
_PLACES: dict[Tier, int] = {"private": 0, "isolated": 1, "public": 2, "transit": 3}


@dataclass(frozen=True, kw_only=True)
class Subnets:
    """Makes the subnets of one network.

    Attributes:
        scope: The network.
        vpc_id: The id of its VPC.
        zones: The availability zones, one subnet a tier in each.
        addresses: How its range is cut.
    """

    scope: Construct
    vpc_id: str
    zones: Sequence[str]
    addresses: SubnetAddresses

    def public(self, gateway: ec2.CfnInternetGateway, attachment: ec2.CfnVPCGatewayAttachment) -> list[ec2.Subnet]:
        """Subnets with a route to the internet; nothing in them gets a public address unless it asks for one."""
        subnets = self._make("public", ec2.PublicSubnet)
        for subnet in subnets:
            subnet.add_default_internet_route(gateway.attr_internet_gateway_id, attachment)
            acknowledge(
                subnet.node.find_child("DefaultRoute"),
                "NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW",
                "The public tier is for load balancers and NAT gateways, which need this route; nothing in it gets a "
                "public address on launch, and the private and isolated tiers have no route to the internet gateway.",
            )
        return subnets

    def private(self) -> list[ec2.Subnet]:
        """Subnets without a way in; the way out, if any, is added by the network."""
        return self._make("private", ec2.PrivateSubnet)

    def isolated(self) -> list[ec2.Subnet]:
        """Subnets that reach the network itself and its endpoints, nothing else."""
        return self._make("isolated", ec2.PrivateSubnet)

    def transit(self) -> list[ec2.Subnet]:
        """Subnets for the transit gateway's interfaces alone: their routes and rules are apart, as AWS advises."""
        return self._make("transit", ec2.PrivateSubnet)

    def _make(self, tier: Tier, kind: Callable[..., ec2.Subnet]) -> list[ec2.Subnet]:
        subnets = []
        for index, zone in enumerate(self.zones):
            name = f"{tier.capitalize()}Subnet{index + 1}"
            subnet = kind(
                self.scope,
                name,
                vpc_id=self.vpc_id,
                availability_zone=zone,
                cidr_block=self.addresses.block(_PLACES[tier], index),
                map_public_ip_on_launch=False,
                ipv6_cidr_block=self.addresses.ipv6_block(_PLACES[tier], index),
            )
            Tags.of(subnet).add("Name", f"{self.scope.node.path}/{name}")
            subnets.append(subnet)
        return subnets
