"""How a network's address range is cut into subnets."""

from ipaddress import IPv4Network

from aws_cdk import Fn, Token

from pavedroad.arguments import Arguments

ZONES = 4
_BLOCKS = 16
_LARGEST, _SMALLEST = 16, 24  # What AWS allows a VPC to be, and what leaves a sixteenth that AWS allows a subnet to be.


class SubnetAddresses:
    """Sixteen equal blocks: four tiers of four zones, so that a further zone or tier moves no subnet.

    A /16 gives blocks of /20, a /24 gives the smallest that AWS allows, /28.

    Args:
        cidr: The network's range; a token is cut by CloudFormation (``Fn::Cidr``).
        netmask_length: The length of the range's prefix, 16 to 24.
        ipv6_range: The IPv6 range, which AWS chooses; ``None`` for a network of IPv4 alone.
    """

    def __init__(self, cidr: str, netmask_length: int, ipv6_range: str | None = None) -> None:
        self._cidr = cidr
        self._netmask_length = netmask_length
        self._ipv6_range = ipv6_range

    def block(self, tier: int, zone: int) -> str:
        """The range of the subnet in the tier and zone, both counted from 0."""
        place = tier * ZONES + zone
        if Token.is_unresolved(self._cidr):
            return Fn.select(place, Fn.cidr(self._cidr, _BLOCKS, str(28 - self._netmask_length)))
        return str(list(IPv4Network(self._cidr).subnets(prefixlen_diff=4))[place])

    def ipv6_block(self, tier: int, zone: int) -> str | None:
        """The subnet's /64 of the network's IPv6 range, a /56; ``None`` without one."""
        if self._ipv6_range is None:
            return None
        return Fn.select(tier * ZONES + zone, Fn.cidr(self._ipv6_range, _BLOCKS, "64"))


def check_range(
    arguments: Arguments, cidr: str | None, ipam_pool_id: str | None, netmask_length: int | None
) -> int | None:
    """The length of the range's prefix, or ``None`` where the arguments, which are then refused, do not tell it."""
    if cidr is not None and ipam_pool_id is not None:
        arguments.refuse("cidr", cidr, "give either cidr or ipam_pool_id, not both")
    if netmask_length is not None and Token.is_unresolved(netmask_length):
        arguments.refuse("netmask_length", "<token>", "must be known at synthesis, because the subnets are cut by it")
        return None
    if cidr is not None and not Token.is_unresolved(cidr):
        return _check_literal(arguments, cidr, netmask_length)
    if netmask_length is None:
        source = "ipam_pool_id" if cidr is None else "a cidr that is known at deployment only"
        arguments.refuse("netmask_length", None, f"{source} needs it, from {_LARGEST} to {_SMALLEST}")
    arguments.between("netmask_length", netmask_length, _LARGEST, _SMALLEST)
    return netmask_length


def _check_literal(arguments: Arguments, cidr: str, netmask_length: int | None) -> int | None:
    try:
        length = IPv4Network(cidr).prefixlen
    except ValueError as error:
        arguments.refuse("cidr", cidr, f"must be an IPv4 range such as 10.20.0.0/16; {error}")
        return None
    if not _LARGEST <= length <= _SMALLEST:
        arguments.refuse("cidr", cidr, f"must be from /{_LARGEST} to /{_SMALLEST}")
    if netmask_length not in (None, length):
        arguments.refuse("netmask_length", netmask_length, f"cidr {cidr} has {length}; leave it out")
    return length
