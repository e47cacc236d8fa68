"""Network access control lists, one a tier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from pavedroad.network.tiers import Tier
from pavedroad.security.acknowledgments import acknowledge


@dataclass(frozen=True, kw_only=True)
class TierNetworkAcl:
    """The stateless rules of one tier's subnets; what no entry allows is denied, answers included.

    Attributes:
        tier: The tier whose subnets it guards: ``public``, ``private``, ``isolated`` or ``transit``.
        entries: The rules, each with a number of its own for the direction.
    """

    tier: Tier
    entries: Sequence[ec2.CommonNetworkAclEntryOptions]


def add_network_acls(
    scope: Construct, vpc: ec2.IVpc, acls: Sequence[TierNetworkAcl], subnets: Mapping[Tier, Sequence[ec2.Subnet]]
) -> dict[Tier, ec2.NetworkAcl]:
    """Make each list and associate it with the subnets of its tier."""
    return {acl.tier: _network_acl(scope, vpc, acl, subnets[acl.tier]) for acl in acls}


def _network_acl(scope: Construct, vpc: ec2.IVpc, acl: TierNetworkAcl, subnets: Sequence[ec2.Subnet]) -> ec2.NetworkAcl:
    network_acl = ec2.NetworkAcl(
        scope,
        f"{acl.tier.capitalize()}NetworkAcl",
        vpc=vpc,
        subnet_selection=ec2.SubnetSelection(subnets=subnets),
    )
    acknowledge(
        network_acl,
        "AwsSolutions-VPC3",
        "The owner of the network asked for this list: a second, stateless boundary around a whole tier. Security "
        "groups remain what admits one workload to another.",
    )
    for options in acl.entries:
        direction = "Ingress" if options.direction == ec2.TrafficDirection.INGRESS else "Egress"
        entry = network_acl.add_entry(
            f"{direction}{options.rule_number}",
            cidr=options.cidr,
            rule_number=options.rule_number,
            traffic=options.traffic,
            direction=options.direction,
            rule_action=options.rule_action,
        )
        acknowledge(entry, "AwsSolutions-VPC3", f"An entry of the network access control list of the {acl.tier} tier.")
    return network_acl
