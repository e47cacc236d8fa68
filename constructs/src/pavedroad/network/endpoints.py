"""Endpoints: AWS services reached without leaving the network."""

from collections.abc import Sequence

from aws_cdk import Token
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge

_UNREADABLE_RANGE = (
    "AwsSolutions-EC23",
    "NIST.800.53.R5-EC2RestrictedCommonPorts",
    "NIST.800.53.R5-EC2RestrictedSSH",
)


def gateway_endpoints(
    scope: Construct,
    vpc: ec2.IVpc,
    services: Sequence[ec2.GatewayVpcEndpointAwsService] | None,
    subnets: Sequence[ec2.Subnet],
) -> dict[str, ec2.GatewayVpcEndpoint]:
    """Endpoints in the route tables of ``subnets``, by the service's short name; both that there are, if not told."""
    if services is None:
        services = (ec2.GatewayVpcEndpointAwsService.S3, ec2.GatewayVpcEndpointAwsService.DYNAMODB)
    names = {service.name.rpartition(".")[2]: service for service in services}
    selection = ec2.SubnetSelection(subnets=subnets)
    return {
        name: ec2.GatewayVpcEndpoint(scope, f"Endpoint-{name}", vpc=vpc, service=service, subnets=[selection])
        for name, service in names.items()
    }


def interface_endpoints(
    scope: Construct,
    vpc: ec2.IVpc,
    services: Sequence[ec2.InterfaceVpcEndpointAwsService],
    subnets: Sequence[ec2.Subnet],
) -> dict[str, ec2.InterfaceVpcEndpoint]:
    """Endpoints with private DNS in ``subnets``, by the service's short name, open to HTTPS from the network alone.

    They share one security group, which has no way out: an endpoint answers and never calls.
    """
    if not services:
        return {}
    group = ec2.SecurityGroup(
        scope,
        "EndpointSecurityGroup",
        vpc=vpc,
        description="Interface endpoints: HTTPS from the network",
        allow_all_outbound=False,
    )
    group.add_ingress_rule(ec2.Peer.ipv4(vpc.vpc_cidr_block), ec2.Port.tcp(443), "HTTPS from the network")
    if Token.is_unresolved(vpc.vpc_cidr_block):
        for finding in _UNREADABLE_RANGE:
            acknowledge(
                group,
                finding,
                "The check cannot read the range, which is known at deployment only: it is the VPC's own.",
            )
    selection = ec2.SubnetSelection(subnets=subnets)
    return {
        service.short_name: ec2.InterfaceVpcEndpoint(
            scope,
            f"Endpoint-{service.short_name}",
            vpc=vpc,
            service=service,
            subnets=selection,
            security_groups=[group],
            private_dns_enabled=True,
            open=False,
        )
        for service in services
    }
