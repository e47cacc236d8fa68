"""The product network: a VPC in three tiers over three availability zones."""

from collections.abc import Mapping

from aws_cdk import CfnCondition, CfnResource, Fn, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs

from pavedroad.network.secure_vpc import SecureVpc
from pavedroad_platform.catalog.launch_conditions import make_only_if
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product, Rule

_ADDRESSES = "Addresses"
_WAY_OUT = "The way out"
_RECORDS = "Flow logs"

_RANGE = r"10\.([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])\.(0|64|128|192)\.0/18"

# What containers and Systems Manager need where there is no way to the internet.
_ENDPOINTS = (
    ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    ec2.InterfaceVpcEndpointAwsService.ECR,
    ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
    ec2.InterfaceVpcEndpointAwsService.KMS,
    ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    ec2.InterfaceVpcEndpointAwsService.SSM,
    ec2.InterfaceVpcEndpointAwsService.SSM_MESSAGES,
)


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    network = SecureVpc(
        stack,
        "Network",
        cidr=parameters["AddressRange"].value_as_string,
        netmask_length=18,
        availability_zones=3,
        interface_endpoints=_ENDPOINTS,
    )
    _make_nat_gateways_as_asked(stack, network, parameters)
    _make_endpoints_if_asked(stack, network, parameters)
    _record_as_asked(network, parameters)
    return {
        "VpcId": network.vpc.vpc_id,
        "PublicSubnetIds": _joined(network.public_subnets),
        "PrivateSubnetIds": _joined(network.private_subnets),
        "IsolatedSubnetIds": _joined(network.isolated_subnets),
    }


def _joined(subnets: list[ec2.Subnet]) -> str:
    return Fn.join(",", [subnet.subnet_id for subnet in subnets])


# What a construct decides in Python is decided here at launch: the resources themselves carry the condition.


def _make_nat_gateways_as_asked(stack: Stack, network: SecureVpc, parameters: Parameters) -> None:
    asked = parameters["NatGateways"]
    any_at_all = CfnCondition(stack, "HasNatGateways", expression=Fn.condition_not(Fn.condition_equals(asked, "NONE")))
    each_zone = CfnCondition(
        stack, "HasNatGatewayInEachZone", expression=Fn.condition_equals(asked, "ONE_IN_EACH_ZONE")
    )
    first = network.nat_gateways[0].attr_nat_gateway_id
    for index, gateway in enumerate(network.nat_gateways):
        public, private = network.public_subnets[index], network.private_subnets[index]
        condition = each_zone if index else any_at_all
        gateway.cfn_options.condition = condition
        _resource(public, "EIP").cfn_options.condition = condition
        route = _resource(private, "DefaultRoute")
        assert isinstance(route, ec2.CfnRoute)
        route.cfn_options.condition = any_at_all
        if index:
            route.nat_gateway_id = Fn.condition_if(each_zone.logical_id, gateway.attr_nat_gateway_id, first).to_string()


def _make_endpoints_if_asked(stack: Stack, network: SecureVpc, parameters: Parameters) -> None:
    asked = CfnCondition(
        stack, "HasInterfaceEndpoints", expression=Fn.condition_equals(parameters["InterfaceEndpoints"], "ON")
    )
    group = next(iter(network.interface_endpoints.values())).connections.security_groups[0]
    make_only_if(asked, *network.interface_endpoints.values(), group)


def _record_as_asked(network: SecureVpc, parameters: Parameters) -> None:
    assert network.flow_log_group
    log_group = network.flow_log_group.node.default_child
    assert isinstance(log_group, logs.CfnLogGroup)
    log_group.retention_in_days = parameters["FlowLogRetentionDays"].value_as_number
    flow_log = network.flow_log.node.default_child
    assert isinstance(flow_log, ec2.CfnFlowLog)
    flow_log.max_aggregation_interval = parameters["FlowLogIntervalSeconds"].value_as_number


def _resource(subnet: ec2.Subnet, construct_id: str) -> CfnResource:
    resource = subnet.node.find_child(construct_id)
    assert isinstance(resource, CfnResource)
    return resource


PRODUCT = Product(
    key="network",
    title="Network",
    version="1.0.0",
    summary=(
        "A network over three availability zones in three tiers: public for load balancers, private with a way out,"
        " isolated. Its traffic is recorded."
    ),
    parameters=(
        Parameter(
            name="AddressRange",
            label="Address range",
            group=_ADDRESSES,
            help="16,384 addresses that no other network has; 1,024 for each subnet. It cannot be changed later.",
            example="10.64.0.0/18",
            pattern=_RANGE,
            constraint="A range of the form 10.x.y.0/18, where y is 0, 64, 128 or 192.",
        ),
        Parameter(
            name="NatGateways",
            label="NAT gateways",
            group=_WAY_OUT,
            help=(
                "How the private tier reaches the internet. ONE costs less, but the loss of its zone cuts all off."
                " NONE: not at all, AWS services are reached through interface endpoints."
            ),
            default="ONE_IN_EACH_ZONE",
            allowed_values=("ONE_IN_EACH_ZONE", "ONE", "NONE"),
            constraint="One of ONE_IN_EACH_ZONE, ONE and NONE.",
        ),
        Parameter(
            name="InterfaceEndpoints",
            label="Interface endpoints",
            group=_WAY_OUT,
            help=(
                "Whether containers, secrets, keys, logs and Systems Manager are reached without the internet. S3 and"
                " DynamoDB always are. Each of the seven endpoints is paid by the hour and zone."
            ),
            default="OFF",
            allowed_values=("OFF", "ON"),
            constraint="Either OFF or ON.",
        ),
        Parameter(
            name="FlowLogRetentionDays",
            label="Days to keep flow logs",
            group=_RECORDS,
            help="For how many days it is known who talked to whom.",
            type="Number",
            default=365,
            allowed_values=("90", "180", "365", "731", "1827"),
            constraint="One of 90, 180, 365, 731 and 1827.",
        ),
        Parameter(
            name="FlowLogIntervalSeconds",
            label="Seconds between flow log records",
            group=_RECORDS,
            help="60 shows more than 600 and costs more.",
            type="Number",
            default=600,
            allowed_values=("60", "600"),
            constraint="Either 60 or 600.",
        ),
    ),
    rules=(
        Rule(
            name="SomeWayToServices",
            description="Without NAT gateways, set InterfaceEndpoints to ON: AWS services cannot be reached otherwise.",
            condition=lambda parameters: Fn.condition_equals(parameters["NatGateways"], "NONE"),
            assertion=lambda parameters: Fn.condition_equals(parameters["InterfaceEndpoints"], "ON"),
        ),
    ),
    outputs=(
        Output(name="VpcId", purpose="The network that other products are launched into."),
        Output(name="PublicSubnetIds", purpose="For load balancers that the internet reaches."),
        Output(name="PrivateSubnetIds", purpose="For services, which reach the internet but are not reached from it."),
        Output(name="IsolatedSubnetIds", purpose="For databases, which reach nothing outside."),
    ),
    build=_build,
)
