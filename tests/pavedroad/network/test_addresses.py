import itertools
from ipaddress import IPv4Network

import aws_cdk as cdk
import pytest

from pavedroad.network.addresses import SubnetAddresses


@pytest.mark.parametrize(("cidr", "length"), [("10.20.0.0/16", 16), ("192.168.8.0/22", 22), ("10.0.0.0/24", 24)])
def test_sixteen_blocks_fill_the_range_without_overlap(cidr: str, length: int) -> None:
    addresses = SubnetAddresses(cidr, length)
    blocks = [IPv4Network(addresses.block(tier, zone)) for tier, zone in itertools.product(range(4), range(4))]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(blocks, 2))
    assert sum(block.num_addresses for block in blocks) == IPv4Network(cidr).num_addresses
    assert all(block.subnet_of(IPv4Network(cidr)) for block in blocks)


def test_a_range_known_at_deployment_is_cut_by_cloudformation_into_the_same_blocks(stack: cdk.Stack) -> None:
    parameter = cdk.CfnParameter(stack, "Cidr")
    block = SubnetAddresses(parameter.value_as_string, 20).block(tier=2, zone=1)
    # Fn::Cidr counts host bits: a sixteenth of a /20 is a /24, which has 8.
    assert stack.resolve(block) == {"Fn::Select": [9, {"Fn::Cidr": [{"Ref": "Cidr"}, 16, "8"]}]}
    assert SubnetAddresses("10.0.0.0/20", 20).block(tier=2, zone=1) == "10.0.9.0/24"
