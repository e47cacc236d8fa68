from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2
from constructs import Construct
from pavedroad.network.addresses import SubnetAddresses
from pavedroad.security.acknowledgments import acknowledge
Tier = Literal['public', 'private', 'isolated', 'transit']
_PLACES: dict[Tier, int] = {'private': 0, 'isolated': 1, 'public': 2, 'transit': 3}

@dataclass(frozen=True, kw_only=True)
class Subnets:
    scope: Construct
    vpc_id: str
    zones: Sequence[str]
    addresses: SubnetAddresses

    def public(self, gateway: ec2.CfnInternetGateway, attachment: ec2.CfnVPCGatewayAttachment) -> list[ec2.Subnet]:
        ...

    def private(self) -> list[ec2.Subnet]:
        ...

    def isolated(self) -> list[ec2.Subnet]:
        ...

    def transit(self) -> list[ec2.Subnet]:
        ...
