"""The attachment of a network to a transit gateway."""

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct


class TransitGatewayAttachment(Construct):
    """Attaches a network to a transit gateway and routes to it.

    Args:
        scope: The network.
        construct_id: The id in it.
        vpc_id: The id of its VPC.
        transit_gateway_id: The gateway, of this account or shared with it.
        attached: One subnet a zone, for the gateway's interfaces alone.
        routed: The subnets whose traffic to ``destinations`` goes to the gateway.
        destinations: Address ranges that lie behind the gateway.

    Source: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-best-design-practices.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc_id: str,
        transit_gateway_id: str,
        attached: Sequence[ec2.Subnet],
        routed: Sequence[ec2.Subnet],
        destinations: Sequence[str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.attachment = ec2.CfnTransitGatewayVpcAttachment(
            self,
            "Resource",
            vpc_id=vpc_id,
            transit_gateway_id=transit_gateway_id,
            subnet_ids=[subnet.subnet_id for subnet in attached],
        )
        for subnet in routed:
            for number, destination in enumerate(destinations, start=1):
                route = ec2.CfnRoute(
                    self,
                    f"{subnet.node.id}Route{number}",
                    route_table_id=subnet.route_table.route_table_id,
                    destination_cidr_block=destination,
                    transit_gateway_id=transit_gateway_id,
                )
                # A route to a gateway that is not attached yet is refused.
                route.node.add_dependency(self.attachment)
