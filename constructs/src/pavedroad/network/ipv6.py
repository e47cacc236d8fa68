"""IPv6 beside IPv4 in a network."""

from collections.abc import Sequence

from aws_cdk import Fn
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge


class Ipv6Range(Construct):
    """A /56 of AWS's addresses for a VPC, and the way out for those who may not be reached.

    Args:
        scope: The network.
        construct_id: The id in it.
        vpc: The VPC.

    Attributes:
        cidr: The range, known at deployment.
    """

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.CfnVPC) -> None:
        super().__init__(scope, construct_id)
        self._vpc = vpc
        self._block = ec2.CfnVPCCidrBlock(
            self, "Resource", vpc_id=vpc.attr_vpc_id, amazon_provided_ipv6_cidr_block=True
        )
        self.cidr = Fn.select(0, vpc.attr_ipv6_cidr_blocks)

    def precede(self, subnets: Sequence[ec2.Subnet]) -> None:
        """Let the subnets wait for the range that they are cut from."""
        for subnet in subnets:
            resource = subnet.node.default_child
            assert isinstance(resource, ec2.CfnSubnet)
            resource.add_resource_dependency(self._block)

    def route_to_internet(
        self,
        subnets: Sequence[ec2.Subnet],
        gateway: ec2.CfnInternetGateway,
        attachment: ec2.CfnVPCGatewayAttachment,
    ) -> None:
        """Let the public subnets be reached."""
        for subnet in subnets:
            subnet.add_ipv6_default_internet_route(gateway.attr_internet_gateway_id, attachment)
            acknowledge(
                subnet.node.find_child("DefaultRoute6"),
                "NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW",
                "The public tier is for load balancers, which need this route; the other tiers have none to the "
                "internet gateway.",
            )

    def route_out(self, subnets: Sequence[ec2.Subnet]) -> None:
        """Let the private subnets open connections that nobody can open towards them."""
        gateway = ec2.CfnEgressOnlyInternetGateway(self, "EgressOnlyInternetGateway", vpc_id=self._vpc.attr_vpc_id)
        for subnet in subnets:
            subnet.add_ipv6_default_egress_only_internet_route(gateway.attr_id)
