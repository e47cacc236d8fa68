"""A virtual network in three tiers, recorded and closed by default."""

from collections.abc import Sequence
from typing import Literal

from aws_cdk import Annotations, Fn, Tags, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct, DependencyGroup

from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.network.addresses import ZONES, SubnetAddresses, check_range
from pavedroad.network.alarms import SecureVpcAlarmThresholds, nat_gateway_alarms
from pavedroad.network.default_security_group import ClosedDefaultSecurityGroup
from pavedroad.network.dns_firewall import add_dns_firewall
from pavedroad.network.endpoints import gateway_endpoints as make_gateway_endpoints
from pavedroad.network.endpoints import interface_endpoints as make_interface_endpoints
from pavedroad.network.flow_logs import FlowLogs
from pavedroad.network.ipv6 import Ipv6Range
from pavedroad.network.network_acls import TierNetworkAcl, add_network_acls
from pavedroad.network.tiers import Subnets, Tier
from pavedroad.network.transit import TransitGatewayAttachment
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad.storage.s3.secure_bucket import SecureBucket
from pavedroad.version_stamp import stamp

_DEFAULT_CIDR = "10.0.0.0/16"
_DEFAULT_THRESHOLDS = SecureVpcAlarmThresholds()


class SecureVpc(Construct):
    """A VPC of public, private and isolated subnets whose traffic is recorded and whose defaults are closed.

    The public tier is for load balancers and NAT gateways only. The private tier has no way in and, through NAT or a
    transit gateway, a way out. The isolated tier reaches the network and its endpoints. Subnets are equal sixteenths of
    the range, with room for four zones, so that a zone or tier is added without moving another.

    Nothing is looked up at synthesis: the zones are the first ones that CloudFormation names in the region deployed to.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        cidr: The address range, /16 to /24, or a token together with ``netmask_length``. Left out: ``10.0.0.0/16``,
            unless ``ipam_pool_id`` is given.
        ipam_pool_id: The IPAM pool that the range is taken from, instead of ``cidr``. Left out: no pool.
        netmask_length: The length of the range's prefix, 16 to 24, known at synthesis because it cuts the subnets.
            Needed with ``ipam_pool_id`` or a token as ``cidr``. Left out: read from ``cidr``.
        ipv6: Whether subnets have IPv6 beside IPv4, from a range of AWS's; what asks for an address gets one. The
            private tier then leaves through an egress-only gateway, unless there is no public tier. Left out: IPv4.
        availability_zones: How many zones, 2 to 4, or their names. Left out: 3; the region must have as many.
        public_subnets: Whether there is a public tier with an internet gateway. Left out: there is. ``False`` makes a
            network that is reached and left through a transit gateway and endpoints alone.
        nat_gateways: 0, 1 or one a zone. Left out: one a zone, none without a public tier. 1 leaves the warning
            ``pavedroad:vpc-single-nat-gateway``: the loss of one zone cuts the others off.
        gateway_endpoints: Gateway endpoints. Left out: S3 and DynamoDB.
        interface_endpoints: Interface endpoints in the private subnets, with private DNS, open to HTTPS from the
            network. Left out: none, for each has an hourly price.
        flow_log_destination: ``"log-group"``: an own encrypted log group. ``"bucket"``: an own bucket. Or a given
            bucket, such as a log archive of another account by ``s3.Bucket.from_bucket_arn``. Left out: the log group.
        flow_log_interval: How long records are gathered, 1 or 10 minutes. Left out: 10.
        flow_log_fields: What a record holds. Left out: AWS's default format.
        log_retention: How long the flow logs' log group keeps records. Left out: a year.
        encryption_key: Encrypts the log group or own bucket. Left out: a new key with yearly rotation, kept when the
            stack is deleted; none is made for a given bucket.
        close_default_security_group: Remove the rules of the VPC's default security group, again each day. Left out:
            they are removed. ``False`` leaves the warning ``pavedroad:vpc-default-security-group-open``.
        network_acls: Stateless rules by tier. Left out: AWS's default list, which leaves the work to security groups.
        transit_gateway_id: A transit gateway to attach to, in subnets of its own. Left out: none.
        transit_gateway_destinations: Ranges that the private subnets reach through it. Left out: none; ``0.0.0.0/0``
            needs ``nat_gateways=0``.
        dns_firewall_rule_group_ids: DNS firewall rule groups for the network's queries, in order of evaluation. Left
            out: none.

    Attributes:
        vpc: The network for every construct that takes an ``ec2.IVpc``; subnets are selected by type as usual.
        resource: The ``AWS::EC2::VPC`` itself, with the id ``Resource``.
        public_subnets: The public tier, one a zone.
        private_subnets: The private tier.
        isolated_subnets: The isolated tier.
        transit_subnets: The subnets of the transit gateway attachment; empty without one.
        ipv6: The IPv6 range; ``None`` for IPv4 alone.
        nat_gateways: The NAT gateways, in the order of their zones.
        flow_log: The flow log.
        flow_log_group: Its log group; ``None`` where it goes to a bucket.
        flow_log_bucket: Its bucket; ``None`` where it goes to a log group.
        encryption_key: The key in use; ``None`` where a given bucket receives the records.
        default_security_group: What closes the default security group; ``None`` where it is left open.
        gateway_endpoints: Gateway endpoints by short name, such as ``s3``.
        interface_endpoints: Interface endpoints by short name, such as ``ecr.dkr``.
        network_acls: The network access control lists by tier.
        transit_gateway_attachment: The attachment; ``None`` without a transit gateway.

    Raises:
        InvalidArgumentsError: Arguments contradict each other or are out of range; all are named.

    Controls: EC2.2 (default security group), EC2.6 and nag VPC7 (flow logs), EC2.10 and EC2.55 to EC2.57 (endpoints),
        EC2.15 (no public addresses), CIS 5.5, NIST AC-4, AU-2, AU-12, SC-7.

    Example:
        >>> network = SecureVpc(
        ...     stack,
        ...     "Network",
        ...     cidr="10.20.0.0/16",
        ...     nat_gateways=1,
        ...     interface_endpoints=[ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER],
        ... )
        >>> network.add_alarms(topic)
        >>> ec2.SecurityGroup(stack, "Workload", vpc=network.vpc, allow_all_outbound=False)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cidr: str | None = None,
        ipam_pool_id: str | None = None,
        netmask_length: int | None = None,
        ipv6: bool = False,
        availability_zones: int | Sequence[str] = 3,
        public_subnets: bool = True,
        nat_gateways: int | None = None,
        gateway_endpoints: Sequence[ec2.GatewayVpcEndpointAwsService] | None = None,
        interface_endpoints: Sequence[ec2.InterfaceVpcEndpointAwsService] = (),
        flow_log_destination: Literal["log-group", "bucket"] | s3.IBucket = "log-group",
        flow_log_interval: ec2.FlowLogMaxAggregationInterval = ec2.FlowLogMaxAggregationInterval.TEN_MINUTES,
        flow_log_fields: Sequence[ec2.LogFormat] | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        encryption_key: kms.IKey | None = None,
        close_default_security_group: bool = True,
        network_acls: Sequence[TierNetworkAcl] = (),
        transit_gateway_id: str | None = None,
        transit_gateway_destinations: Sequence[str] = (),
        dns_firewall_rule_group_ids: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        zones = _zones(availability_zones)
        nat_count = nat_gateways if nat_gateways is not None else len(zones) if public_subnets else 0
        if cidr is None and ipam_pool_id is None:
            cidr = _DEFAULT_CIDR
        arguments = Arguments(self)
        length = check_range(arguments, cidr, ipam_pool_id, netmask_length)
        _check_zones(arguments, zones)
        _check_internet(arguments, len(zones), nat_count, transit_gateway_destinations, public_subnets=public_subnets)
        _check_transit(arguments, transit_gateway_id, transit_gateway_destinations)
        tiers = ["private", "isolated"] + ["public"] * public_subnets + ["transit"] * bool(transit_gateway_id)
        _check_network_acls(arguments, network_acls, tiers)
        if isinstance(flow_log_destination, str):
            arguments.one_of("flow_log_destination", flow_log_destination, ("log-group", "bucket"))
        arguments.check()
        assert length is not None

        self.resource = ec2.CfnVPC(
            self,
            "Resource",
            cidr_block=cidr,
            ipv4_ipam_pool_id=ipam_pool_id,
            ipv4_netmask_length=length if ipam_pool_id else None,
            enable_dns_hostnames=True,
            enable_dns_support=True,
        )
        Tags.of(self.resource).add("Name", self.node.path)
        # The range of a pool, and of a token, is known from the VPC only.
        literal = cidr is not None and not Token.is_unresolved(cidr)
        self._cidr = cidr if literal and cidr is not None else self.resource.attr_cidr_block
        self.ipv6 = Ipv6Range(self, "Ipv6", vpc=self.resource) if ipv6 else None
        subnets = Subnets(
            scope=self,
            vpc_id=self.resource.attr_vpc_id,
            zones=zones,
            addresses=SubnetAddresses(self._cidr, length, self.ipv6.cidr if self.ipv6 else None),
        )
        self.private_subnets = subnets.private()
        self.isolated_subnets = subnets.isolated()
        self.public_subnets = self._public(subnets) if public_subnets else []
        self.transit_subnets = subnets.transit() if transit_gateway_id else []
        self.nat_gateways = self._nat(nat_count)
        if self.ipv6:
            self.ipv6.precede([subnet for tier in self._by_tier().values() for subnet in tier])
        self.vpc = self._interface(zones)

        self.encryption_key = encryption_key
        self.flow_log_group: logs.LogGroup | None = None
        self.flow_log_bucket: s3.IBucket | None = None
        self.flow_log = self._record(
            flow_log_destination,
            log_retention,
            FlowLogs(scope=self, vpc=self.vpc, interval=flow_log_interval, fields=flow_log_fields),
        )
        self.default_security_group = self._default_security_group(close=close_default_security_group)
        self.gateway_endpoints = make_gateway_endpoints(
            self, self.vpc, gateway_endpoints, [*self.private_subnets, *self.isolated_subnets]
        )
        self.interface_endpoints = make_interface_endpoints(self, self.vpc, interface_endpoints, self.private_subnets)
        self.transit_gateway_attachment = self._attach(transit_gateway_id, transit_gateway_destinations)
        self.network_acls = add_network_acls(self, self.vpc, network_acls, self._by_tier())
        add_dns_firewall(self, self.resource.attr_vpc_id, dns_firewall_rule_group_ids)
        self._hold()
        stamp(self)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: SecureVpcAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Alarms on the NAT gateways: no port left, packets dropped; none without NAT gateways."""
        return nat_gateway_alarms(self, self.nat_gateways, topic, thresholds)

    def _public(self, subnets: Subnets) -> list[ec2.Subnet]:
        gateway = ec2.CfnInternetGateway(self, "InternetGateway")
        Tags.of(gateway).add("Name", self.node.path)
        attachment = ec2.CfnVPCGatewayAttachment(
            self,
            "InternetGatewayAttachment",
            vpc_id=self.resource.attr_vpc_id,
            internet_gateway_id=gateway.attr_internet_gateway_id,
        )
        public = subnets.public(gateway, attachment)
        if self.ipv6:
            self.ipv6.route_to_internet(public, gateway, attachment)
            self.ipv6.route_out(self.private_subnets)
        return public

    def _nat(self, count: int) -> list[ec2.CfnNatGateway]:
        gateways = []
        for subnet in self.public_subnets[:count]:
            assert isinstance(subnet, ec2.PublicSubnet)
            gateways.append(subnet.add_nat_gateway())
        for index, subnet in enumerate(self.private_subnets if gateways else []):
            subnet.add_default_nat_route(gateways[index % count].attr_nat_gateway_id)
        if count == 1:
            Annotations.of(self).add_warning_v2(
                "pavedroad:vpc-single-nat-gateway",
                "All zones leave through one NAT gateway: the loss of its zone cuts the others off from the internet.",
            )
        return gateways

    def _interface(self, zones: Sequence[str]) -> ec2.IVpc:
        """The VPC as other constructs take it; they wait for its routes as they would for those of an ``ec2.Vpc``."""
        vpc = ec2.Vpc.from_vpc_attributes(
            self,
            "Vpc",
            vpc_id=self.resource.attr_vpc_id,
            vpc_cidr_block=self._cidr,
            availability_zones=zones,
            public_subnet_ids=_ids(self.public_subnets),
            public_subnet_route_table_ids=_route_tables(self.public_subnets),
            public_subnet_ipv4_cidr_blocks=_cidrs(self.public_subnets),
            private_subnet_ids=_ids(self.private_subnets),
            private_subnet_route_table_ids=_route_tables(self.private_subnets),
            private_subnet_ipv4_cidr_blocks=_cidrs(self.private_subnets),
            isolated_subnet_ids=_ids(self.isolated_subnets),
            isolated_subnet_route_table_ids=_route_tables(self.isolated_subnets),
            isolated_subnet_ipv4_cidr_blocks=_cidrs(self.isolated_subnets),
        )
        made = [*self.public_subnets, *self.private_subnets, *self.isolated_subnets]
        known = [*vpc.public_subnets, *vpc.private_subnets, *vpc.isolated_subnets]
        for subnet, reference in zip(made, known, strict=True):
            for waiting in (vpc.internet_connectivity_established, reference.internet_connectivity_established):
                assert isinstance(waiting, DependencyGroup)
                waiting.add(subnet.internet_connectivity_established)
        return vpc

    def _record(
        self,
        destination: str | s3.IBucket,
        retention: logs.RetentionDays,
        flow_logs: FlowLogs,
    ) -> ec2.FlowLog:
        if not isinstance(destination, str):
            self.flow_log_bucket = destination
            return flow_logs.to_bucket(destination)
        self.encryption_key = self.encryption_key or rotated_key(
            self, "Key", description=f"Flow logs of {self.node.path}"
        )
        if destination == "bucket":
            self.flow_log_bucket = SecureBucket(self, "FlowLogBucket", encryption_key=self.encryption_key).bucket
            return flow_logs.to_bucket(self.flow_log_bucket)
        log, self.flow_log_group = flow_logs.to_log_group(self.encryption_key, retention)
        return log

    def _default_security_group(self, *, close: bool) -> ClosedDefaultSecurityGroup | None:
        if close:
            closed = ClosedDefaultSecurityGroup(self, "DefaultSecurityGroup", vpc=self.resource)
            acknowledge(
                self.resource,
                "NIST.800.53.R5-VPCDefaultSecurityGroupClosed",
                "CloudFormation has no property for it, so the check cannot see it: an SSM association beside the VPC "
                "removes every rule of the group, at deployment and again each day.",
            )
            return closed
        Annotations.of(self).add_warning_v2(
            "pavedroad:vpc-default-security-group-open",
            "The VPC's default security group admits its members to each other and out to everywhere (EC2.2).",
        )
        return None

    def _attach(self, transit_gateway_id: str | None, destinations: Sequence[str]) -> TransitGatewayAttachment | None:
        if transit_gateway_id is None:
            return None
        return TransitGatewayAttachment(
            self,
            "TransitGatewayAttachment",
            vpc_id=self.resource.attr_vpc_id,
            transit_gateway_id=transit_gateway_id,
            attached=self.transit_subnets,
            routed=self.private_subnets,
            destinations=destinations,
        )

    def _by_tier(self) -> dict[Tier, Sequence[ec2.Subnet]]:
        return {
            "public": self.public_subnets,
            "private": self.private_subnets,
            "isolated": self.isolated_subnets,
            "transit": self.transit_subnets,
        }

    def _hold(self) -> None:
        flow_log = self.flow_log.node.default_child
        assert isinstance(flow_log, ec2.CfnFlowLog)
        hold(
            self,
            "SecureVpc records all traffic; the TrafficType of its flow log is not ALL any more",
            lambda: flow_log.traffic_type == "ALL",
        )
        resources = [subnet.node.default_child for subnet in self.public_subnets]
        hold(
            self,
            "SecureVpc gives no public address on launch; a subnet's MapPublicIpOnLaunch was set",
            lambda: not any(isinstance(it, ec2.CfnSubnet) and it.map_public_ip_on_launch for it in resources),
        )


def _zones(availability_zones: int | Sequence[str]) -> list[str]:
    if isinstance(availability_zones, int):
        # The stack's own list has two zones only where its environment is unknown, and is looked up where it is known.
        return [Fn.select(index, Fn.get_azs()) for index in range(availability_zones)]
    return list(availability_zones)


def _ids(subnets: Sequence[ec2.Subnet]) -> list[str] | None:
    return [subnet.subnet_id for subnet in subnets] or None


def _route_tables(subnets: Sequence[ec2.Subnet]) -> list[str] | None:
    return [subnet.route_table.route_table_id for subnet in subnets] or None


def _cidrs(subnets: Sequence[ec2.Subnet]) -> list[str] | None:
    return [subnet.ipv4_cidr_block for subnet in subnets] or None


def _check_zones(arguments: Arguments, zones: Sequence[str]) -> None:
    if not 2 <= len(zones) <= ZONES:  # noqa: PLR2004
        arguments.refuse("availability_zones", len(zones), f"must be from 2 to {ZONES} zones")
    if len(set(zones)) < len(zones):
        arguments.refuse("availability_zones", zones, "must name each zone once")


def _check_internet(
    arguments: Arguments, zones: int, nat_gateways: int, destinations: Sequence[str], *, public_subnets: bool
) -> None:
    if nat_gateways not in (0, 1, zones):
        arguments.refuse("nat_gateways", nat_gateways, f"must be 0, 1 or {zones}, one a zone")
    if nat_gateways and not public_subnets:
        arguments.refuse("nat_gateways", nat_gateways, "must be 0 with public_subnets=False, where it has no place")
    if nat_gateways and "0.0.0.0/0" in destinations:
        arguments.refuse("nat_gateways", nat_gateways, "must be 0 where the transit gateway has the route 0.0.0.0/0")


def _check_transit(arguments: Arguments, transit_gateway_id: str | None, destinations: Sequence[str]) -> None:
    if destinations and transit_gateway_id is None:
        arguments.refuse("transit_gateway_destinations", list(destinations), "needs transit_gateway_id")


def _check_network_acls(arguments: Arguments, acls: Sequence[TierNetworkAcl], tiers: Sequence[str]) -> None:
    for acl in acls:
        if acl.tier not in tiers:
            arguments.refuse("network_acls", acl.tier, f"this network has the tiers {', '.join(tiers)}")
    if len({acl.tier for acl in acls}) < len(acls):
        arguments.refuse("network_acls", [acl.tier for acl in acls], "must have one list a tier")
