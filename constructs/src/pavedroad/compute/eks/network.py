"""Where a cluster and its nodes are, and from where its API is reached."""

from collections.abc import Sequence
from ipaddress import ip_network

from aws_cdk import Token
from aws_cdk import aws_eks_v2 as eks

from pavedroad.arguments import Arguments

_WIDEST = 8
_LARGEST, _SMALLEST = 12, 24
_SERVICE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")


def endpoint_access(public_access_cidrs: Sequence[str]) -> eks.EndpointAccess:
    """Private access always; public access from the named ranges only."""
    if not public_access_cidrs:
        return eks.EndpointAccess.PRIVATE
    return eks.EndpointAccess.PUBLIC_AND_PRIVATE.only_from(*public_access_cidrs)


def is_everybody(cidr: str) -> bool:
    """Whether the range is wider than any that one organisation has.

    Raises:
        ValueError: It is no range.
    """
    return ip_network(cidr).prefixlen < _WIDEST


def check_ranges(arguments: Arguments, public_access_cidrs: Sequence[str], service_ipv4_cidr: str | None) -> None:
    """Refuse what is no range, a public range of everybody, and a service range that EKS does not accept."""
    for cidr in public_access_cidrs:
        if Token.is_unresolved(cidr):
            continue
        try:
            everybody = is_everybody(cidr)
        except ValueError as error:
            arguments.refuse("public_access_cidrs", cidr, f"must be ranges such as 203.0.113.0/24; {error}")
            continue
        if everybody:
            arguments.refuse("public_access_cidrs", cidr, f"must name who may connect: /{_WIDEST} or narrower")
    if service_ipv4_cidr is not None and not Token.is_unresolved(service_ipv4_cidr):
        _check_service_range(arguments, service_ipv4_cidr)


def _check_service_range(arguments: Arguments, cidr: str) -> None:
    try:
        network = ip_network(cidr)
        private = any(network.subnet_of(ip_network(each)) for each in _SERVICE_RANGES)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        private = False
    if not private or not _LARGEST <= network.prefixlen <= _SMALLEST:
        arguments.refuse(
            "service_ipv4_cidr",
            cidr,
            f"must be a range from /{_LARGEST} to /{_SMALLEST} within {', '.join(_SERVICE_RANGES)}",
        )
