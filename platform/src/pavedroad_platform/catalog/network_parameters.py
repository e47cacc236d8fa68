"""The fields of a form that place a product in a network, and what becomes of them."""

from collections.abc import Sequence

from aws_cdk import Annotations, Fn, ICfnRuleConditionExpression, Stack, Token
from aws_cdk import aws_ec2 as ec2

from pavedroad.security.acknowledgments import acknowledge
from pavedroad_platform.catalog.product import Parameter, Parameters, ProductOutput, Rule

_GROUP = "Network"

VPC_PARAMETER = Parameter(
    name="VpcId",
    label="Network",
    group=_GROUP,
    help="The network that it is launched into: the output VpcId of the product network.",
    type="AWS::EC2::VPC::Id",
    example="vpc-0123456789abcdef0",
    canary=ProductOutput(product="network", output="VpcId"),
)


def subnets_parameter(
    name: str,
    *,
    label: str,
    help: str,  # noqa: A002 - the console's word
    tier: str | None = None,
) -> Parameter:
    """A field for two subnets or more of different availability zones.

    Args:
        name: The parameter's logical id.
        label: What the console shows beside the field.
        help: What it is for.
        tier: The output of the product network that has such subnets. Left out: the one of the field's name.
    """
    return Parameter(
        name=name,
        label=label,
        group=_GROUP,
        help=help,
        type="List<AWS::EC2::Subnet::Id>",
        example="subnet-0123456789abcdef0,subnet-0123456789abcdef1",
        canary=ProductOutput(product="network", output=tier or name),
    )


def subnets_in_vpc(name: str) -> Rule:
    """The rule that all subnets of a field are in the network that was chosen."""

    def assertion(parameters: Parameters) -> ICfnRuleConditionExpression:
        networks = Token.as_list(Fn.value_of(name, "VpcId"))
        return Fn.condition_each_member_equals(networks, parameters[VPC_PARAMETER.name].value_as_string)

    return Rule(
        name=f"{name}InVpc",
        description=f"Choose in {name} only subnets of the network that is chosen in {VPC_PARAMETER.name}.",
        assertion=assertion,
    )


ZONE_PARAMETERS = tuple(
    Parameter(
        name=name,
        label=label,
        group=_GROUP,
        help=help_text,
        type="AWS::EC2::AvailabilityZone::Name",
        example=example,
    )
    for name, label, help_text, example in (
        ("FirstZone", "First zone", "Where the instance stands that takes writes: a zone of one subnet.", "eu-west-1a"),
        ("SecondZone", "Second zone", "Where another takes over when the first zone fails.", "eu-west-1b"),
    )
)
"""Two fields for two zones: a service that places instances chooses zones at random otherwise, even one zone twice."""


def zones_of_subnets(name: str) -> tuple[Rule, ...]:
    """The rules that the zones of ``ZONE_PARAMETERS`` are two, and that subnets of a field are in them."""
    first, second = (zone.name for zone in ZONE_PARAMETERS)

    def has_subnets(zone: str) -> Rule:
        def assertion(parameters: Parameters) -> ICfnRuleConditionExpression:
            subnets = Token.as_list(Fn.value_of(name, "AvailabilityZone"))
            return Fn.condition_contains(subnets, parameters[zone].value_as_string)

        return Rule(
            name=f"{zone}HasSubnets",
            description=f"Choose in {zone} the zone of a subnet that is chosen in {name}.",
            assertion=assertion,
        )

    return (
        has_subnets(first),
        has_subnets(second),
        Rule(
            name="TwoZones",
            description=f"Choose in {second} another zone than in {first}.",
            assertion=lambda parameters: Fn.condition_not(
                Fn.condition_equals(parameters[first].value_as_string, parameters[second].value_as_string)
            ),
        ),
    )


def chosen_vpc(
    stack: Stack,
    parameters: Parameters,
    *,
    public_subnets: str | None = None,
    private_subnets: str | None = None,
    isolated_subnets: str | None = None,
    zones: Sequence[Parameter] = (),
) -> ec2.IVpc:
    """The network that was chosen.

    A list that is known at launch only has no length that the CDK could count: the network has the first two subnets of
    each field, in two zones.

    Args:
        stack: The product's template.
        parameters: Its parameters.
        public_subnets: The field of the public tier. Left out: the product does not use that tier.
        private_subnets: The field of the private tier. Left out: the product does not use that tier.
        isolated_subnets: The field of the isolated tier. Left out: the product does not use that tier.
        zones: The fields of the zones that something is placed in, such as ``ZONE_PARAMETERS``. Left out: the first two
            of the region, which subnets need not be in: nothing may be placed by them.
    """

    def first_two(name: str | None) -> list[str] | None:
        return [Fn.select(index, parameters[name].value_as_list) for index in range(2)] if name else None

    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id=parameters[VPC_PARAMETER.name].value_as_string,
        availability_zones=[parameters[zone.name].value_as_string for zone in zones]
        or [Fn.select(index, Fn.get_azs()) for index in range(2)],
        public_subnet_ids=first_two(public_subnets),
        private_subnet_ids=first_two(private_subnets),
        isolated_subnet_ids=first_two(isolated_subnets),
    )
    for subnet in (*vpc.public_subnets, *vpc.private_subnets, *vpc.isolated_subnets):
        Annotations.of(subnet).acknowledge_warning(
            "@aws-cdk/aws-ec2:noSubnetRouteTableId", "Nothing in a product adds routes to the network it is in."
        )
    return vpc


CLIENTS_PARAMETER = Parameter(
    name="ClientAddressRange",
    label="Who may connect",
    group=_GROUP,
    help="The addresses that may open connections, such as those of the network.",
    example="10.64.0.0/18",
    pattern=r"(10|172|192)(\.[0-9]{1,3}){3}/(1[6-9]|2[0-9]|3[0-2])",
    constraint="A private range of /16 or smaller, such as 10.64.0.0/18.",
)


def admit_clients(connections: ec2.Connections, parameters: Parameters) -> None:
    """Let the addresses of the field connect to the default port."""
    clients = ec2.Peer.ipv4(parameters[CLIENTS_PARAMETER.name].value_as_string)
    connections.allow_default_port_from(clients, "The clients that the form names")
    for group in connections.security_groups:
        for finding in (
            "AwsSolutions-EC23",
            "NIST.800.53.R5-EC2RestrictedCommonPorts",
            "NIST.800.53.R5-EC2RestrictedSSH",
        ):
            acknowledge(
                group,
                finding,
                "The check cannot read the range, which is chosen at launch: the form takes private ranges of /16 or"
                " smaller, and one port is opened to them.",
            )
