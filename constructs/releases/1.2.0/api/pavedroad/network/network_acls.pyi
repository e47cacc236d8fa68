from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from aws_cdk import aws_ec2 as ec2
from constructs import Construct
from pavedroad.network.tiers import Tier
from pavedroad.security.acknowledgments import acknowledge

@dataclass(frozen=True, kw_only=True)
class TierNetworkAcl:
    tier: Tier
    entries: Sequence[ec2.CommonNetworkAclEntryOptions]

def add_network_acls(scope: Construct, vpc: ec2.IVpc, acls: Sequence[TierNetworkAcl], subnets: Mapping[Tier, Sequence[ec2.Subnet]]) -> dict[Tier, ec2.NetworkAcl]:
    ...
