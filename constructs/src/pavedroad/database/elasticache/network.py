"""Where a cache stands: closed subnets in several zones."""

from aws_cdk import Token
from aws_cdk import aws_ec2 as ec2

from pavedroad.arguments import Arguments


def closed_subnets(arguments: Arguments, vpc: ec2.IVpc, selection: ec2.SubnetSelection | None) -> list[ec2.ISubnet]:
    """The isolated tier, or what was selected; never public subnets, and never one zone alone."""
    if selection is None and not vpc.isolated_subnets:
        arguments.refuse("vpc", vpc.node.path, "has no isolated subnets; add that tier, or choose with vpc_subnets")
        return []
    chosen = selection or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    selected = vpc.select_subnets(
        availability_zones=chosen.availability_zones,
        one_per_az=chosen.one_per_az,
        subnet_filters=chosen.subnet_filters,
        subnet_group_name=chosen.subnet_group_name,
        subnets=chosen.subnets,
        subnet_type=chosen.subnet_type,
    )
    if selected.has_public:
        arguments.refuse("vpc_subnets", vpc.node.path, "must not be public: a cache is never reached from the internet")
    if len(selected.subnets) == 1 and not Token.is_unresolved(selected.subnet_ids):
        arguments.refuse("vpc_subnets", vpc.node.path, "must be in two zones or more")
    return selected.subnets
