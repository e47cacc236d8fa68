"""Where a database stands: closed subnets in several zones."""

from collections.abc import Sequence

from aws_cdk import Token
from aws_cdk import aws_ec2 as ec2

from pavedroad.arguments import Arguments


def select_subnets(arguments: Arguments, vpc: ec2.IVpc, selection: ec2.SubnetSelection | None) -> list[ec2.ISubnet]:
    """The subnets of the database: the isolated tier, or what was selected; never public ones (RDS.46)."""
    if selection is None and not vpc.isolated_subnets:
        arguments.refuse(
            "vpc", vpc.node.path, "has no isolated subnets; add that tier, or say with vpc_subnets which to take"
        )
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
        arguments.refuse(
            "vpc_subnets", vpc.node.path, "must not be public: a database is never reached from the internet"
        )
    if len(selected.subnets) == 1 and not Token.is_unresolved(selected.subnet_ids):
        arguments.refuse("vpc_subnets", vpc.node.path, "must be in two zones or more, as RDS asks of every database")
    return selected.subnets


def zones_in_turn(subnets: Sequence[ec2.ISubnet], count: int, *, first: int = 0) -> list[str | None]:
    """The zones of ``count`` instances, beginning with the zone ``first``; AWS chooses where they are one parameter."""
    if Token.is_unresolved([subnet.subnet_id for subnet in subnets]):
        return [None] * count
    zones = list(dict.fromkeys(subnet.availability_zone for subnet in subnets))
    return [zones[number % len(zones)] for number in range(first, first + count)]
