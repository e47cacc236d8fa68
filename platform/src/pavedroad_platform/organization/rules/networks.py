"""Rules for networks."""

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from typing import Final

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization import quotas
from pavedroad_platform.organization.document import Node
from pavedroad_platform.organization.models import Network, Purpose
from pavedroad_platform.organization.rules.files import Files, place_of, unknown

# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
_PRIVATE: Final = tuple(
    IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
_GATEWAY_ENDPOINTS: Final = ("s3", "dynamodb")
_SERVICE: Final = "com.amazonaws."


def networks_are_in_workload_accounts(files: Files) -> Iterator[Problem]:
    """Only workload accounts have networks of their own."""
    purposes = {account.key: account.word("purpose") for account in files.accounts}
    for network in _networks(files):
        account = network.word("account")
        yield from unknown("account", [account], files.keys("accounts", "accounts"))
        purpose = purposes.get(account.value) if account else None
        if account and purpose and purpose.value != Purpose.WORKLOAD:
            cause = f"{account.value} is the {purpose.value} account, and only workload accounts have networks"
            yield account.problem(cause, "Write the key of a workload account.")


def address_ranges_are_valid(files: Files) -> Iterator[Problem]:
    """A range is a network address and a prefix length, and private."""
    for network in _networks(files):
        cidr = network.word("cidr")
        if cidr and (mistake := _mistake(cidr.value)):
            yield cidr.problem(*mistake)


def address_ranges_have_room_for_subnets(files: Files) -> Iterator[Problem]:
    """A network is cut into sixteen blocks, four tiers of four zones, and the smallest subnet of AWS is a /28."""
    for network in _networks(files):
        cidr, addresses = network.word("cidr"), _addresses(network)
        if not cidr or not addresses:
            continue
        base, length = addresses.network_address, addresses.prefixlen
        if length > quotas.SMALLEST_NETWORK_PREFIX:
            cause = f"a /{length} is too small to be cut into subnets for every tier and availability zone"
            yield cidr.problem(cause, f"Write a range from {base}/16 to {base}/{quotas.SMALLEST_NETWORK_PREFIX}.")
        if length < quotas.LARGEST_NETWORK_PREFIX:
            cause = f"a /{length} is larger than the largest network of AWS"
            yield cidr.problem(cause, f"Write {base}/{quotas.LARGEST_NETWORK_PREFIX} or a smaller one.")


def address_ranges_do_not_overlap(files: Files) -> Iterator[Problem]:
    """Networks that overlap can never be connected."""
    ranges = [(addresses, network.at(("cidr",))) for network in _networks(files) if (addresses := _addresses(network))]
    taken = [addresses for addresses, _ in ranges]
    # Two ranges are apart, or one is within the other; in this order, what is within a range follows it.
    ranges.sort(key=lambda item: (item[0].network_address, item[0].prefixlen, item[1].line))
    around: tuple[IPv4Network, Node] | None = None
    for addresses, place in ranges:
        if around is None or not around[0].overlaps(addresses):
            around = (addresses, place)
            continue
        cause = f"{addresses} overlaps {around[0]} at {place_of(around[1])}, and they could never be connected"
        yield place.problem(cause, _free_range(addresses, taken))


def nat_gateways_fit_the_zones(files: Files) -> Iterator[Problem]:
    """No NAT gateway, one, or one for each availability zone: two for three zones is neither cheap nor available."""
    default = {name: Network.model_fields[name].default for name in ("nat_gateways", "availability_zones")}
    for network in _networks(files):
        count = network.number("nat_gateways")
        zones = network.number("availability_zones") or default["availability_zones"]
        if count is not None and count not in {0, 1, zones}:
            cause = f"{count} NAT gateways do not fit {zones} availability zones"
            yield network.at(("nat_gateways",)).problem(cause, f"Write 0, 1 or {zones}.")


def interface_endpoints_are_short_names(files: Files) -> Iterator[Problem]:
    """Endpoints are named as AWS names the service within the region; S3 and DynamoDB have gateway endpoints always."""
    for network in _networks(files):
        for service in network.words("interface_endpoints"):
            if service.value in _GATEWAY_ENDPOINTS:
                cause = f"every network has a gateway endpoint for {service.value}, which costs nothing"
                yield service.problem(cause, "Remove it.")
            elif service.value.startswith(_SERVICE):
                short = service.value.removeprefix(_SERVICE).partition(".")[2]
                yield service.problem("the service stands here with its region", f"Write {short}")


def _networks(files: Files) -> list[Node]:
    return files.items("network", "networks")


def _addresses(network: Node) -> IPv4Network | None:
    cidr = network.word("cidr")
    return IPv4Network(cidr.value) if cidr and not _mistake(cidr.value) else None


def _mistake(cidr: str) -> tuple[str, str] | None:
    address, slash, length = cidr.partition("/")
    if not slash or not length.isdigit():
        return f"{cidr} is no address range", "Write an address, a slash and a prefix length, such as 10.20.0.0/16."
    try:
        network = IPv4Network(cidr, strict=False)
    except (AddressValueError, NetmaskValueError) as error:
        return f"{cidr} is no IPv4 address range: {error}", "Write one such as 10.20.0.0/16."
    if str(network.network_address) != address:
        return f"{address} is an address inside of the range {network}", f"Write {network}"
    if not any(network.subnet_of(private) for private in _PRIVATE):
        ranges = ", ".join(map(str, _PRIVATE))
        return (
            f"{network} is no private range; its addresses belong to others on the internet",
            f"Write one in {ranges}.",
        )
    return None


def _free_range(wanted: IPv4Network, taken: list[IPv4Network]) -> str:
    for private in _PRIVATE:
        if wanted.prefixlen < private.prefixlen:
            continue
        for candidate in private.subnets(new_prefix=wanted.prefixlen):
            if not any(candidate.overlaps(network) for network in taken):
                return f"Write another range; {candidate} is free."
    return "Write smaller ranges; no private range of this size is free."
