"""Where something stands in a VPC: closed subnets in several zones."""

from collections.abc import Sequence

from aws_cdk import Token
from aws_cdk import aws_ec2 as ec2

from pavedroad.arguments import Arguments
from pavedroad.network.selection import selected_subnets

_ISOLATED = ec2.SubnetType.PRIVATE_ISOLATED
_PRIVATE = ec2.SubnetType.PRIVATE_WITH_EGRESS


def closed_subnets(
    arguments: Arguments,
    vpc: ec2.IVpc,
    selection: ec2.SubnetSelection | None,
    *,
    what: str,
    asked_by: str,
    with_route_out: bool = False,
) -> list[ec2.ISubnet]:
    """The subnets of a tier, or what was selected; never public ones (RDS.46), and never one zone alone.

    Args:
        arguments: Collects what is wrong with the selection.
        vpc: The VPC.
        selection: What the caller chose. ``None``: the isolated tier.
        what: What stands there, with its verb, for the errors: ``a database is``.
        asked_by: The service that asks for two zones, for the errors.
        with_route_out: Prefer private subnets with a route out, where there are some.
    """
    tier = _PRIVATE if with_route_out and vpc.private_subnets else _ISOLATED
    if selection is None and not (vpc.private_subnets if tier is _PRIVATE else vpc.isolated_subnets):
        missing = "private" if with_route_out else "isolated"
        arguments.refuse(
            "vpc", vpc.node.path, f"has no {missing} subnets; add that tier, or say with vpc_subnets which to take"
        )
        return []
    selected = selected_subnets(vpc, selection or ec2.SubnetSelection(subnet_type=tier))
    if selected.has_public:
        arguments.refuse("vpc_subnets", vpc.node.path, f"must not be public: {what} never reached from the internet")
    if len(selected.subnets) == 1 and not Token.is_unresolved(selected.subnet_ids):
        arguments.refuse("vpc_subnets", vpc.node.path, f"must be in two zones or more, as {asked_by} asks")
    return selected.subnets


def zones_in_turn(subnets: Sequence[ec2.ISubnet], count: int, *, first: int = 0) -> list[str | None]:
    """The zones of ``count`` instances, beginning with the zone ``first``; AWS chooses where they are one parameter."""
    if Token.is_unresolved([subnet.subnet_id for subnet in subnets]):
        return [None] * count
    zones = list(dict.fromkeys(subnet.availability_zone for subnet in subnets))
    return [zones[number % len(zones)] for number in range(first, first + count)]
