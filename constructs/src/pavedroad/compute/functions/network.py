"""Where a function runs in a VPC, and what it may reach from there."""

from dataclasses import dataclass

from aws_cdk import ArnFormat, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.network.selection import selected_subnets

_MAKE_ACTIONS = ["ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:UnassignPrivateIpAddresses"]
_DELETE_ACTION = "ec2:DeleteNetworkInterface"
_LOOKUP_ACTIONS = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]


@dataclass(frozen=True, kw_only=True)
class FunctionNetwork:
    """Private subnets that a function is attached to, in two zones at least.

    Attributes:
        vpc: The VPC.
        vpc_subnets: The subnets. Left out: private ones with a route out, else isolated ones.
        allow_all_outbound: Let the function connect to anything; leaves the warning
            ``pavedroad:function-all-outbound``. Left out: port 443, and what ``connections`` opens.
    """

    vpc: ec2.IVpc
    vpc_subnets: ec2.SubnetSelection | None = None
    allow_all_outbound: bool = False

    def check(self, arguments: Arguments) -> None:
        """Refuse public subnets, where a function gets no address, and subnets of one zone alone (Lambda.5)."""
        subnets = selected_subnets(self.vpc, self.vpc_subnets or ec2.SubnetSelection())
        if subnets.has_public:
            arguments.refuse("network.vpc_subnets", "public", "a function has no public address: give private subnets")
        zones = sorted(set(subnets.availability_zones))
        if len(zones) == 1 and not Token.is_unresolved(subnets.subnet_ids):
            arguments.refuse("network.vpc_subnets", zones, "must be in two availability zones at least")

    def security_group(self, scope: Construct, construct_id: str) -> ec2.SecurityGroup:
        """The function's own security group: nothing in, HTTPS out."""
        group = ec2.SecurityGroup(
            scope,
            construct_id,
            vpc=self.vpc,
            description="Lambda function",
            allow_all_outbound=self.allow_all_outbound,
        )
        if not self.allow_all_outbound:
            group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "AWS and other HTTPS services")
        return group


def network_interface_statements(scope: Construct) -> list[iam.PolicyStatement]:
    """What Lambda needs to attach a function to a VPC; the function's own code is refused it.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    stack = Stack.of(scope)
    functions = stack.format_arn(
        service="lambda", resource="function", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
    made_of, every = interface_arns(scope)
    return [
        iam.PolicyStatement(actions=_LOOKUP_ACTIONS, resources=["*"]),
        iam.PolicyStatement(actions=_MAKE_ACTIONS, resources=made_of),
        iam.PolicyStatement(actions=[_DELETE_ACTION], resources=[made_of[0], every]),
        iam.PolicyStatement(
            sid="NotTheCode",
            effect=iam.Effect.DENY,
            actions=[*_MAKE_ACTIONS, _DELETE_ACTION, *_LOOKUP_ACTIONS],
            resources=["*"],
            conditions={"ArnLike": {"lambda:SourceFunctionArn": functions}},
        ),
    ]


def interface_arns(scope: Construct) -> tuple[list[str], str]:
    """Interfaces and what they are made of, and the form in which Lambda asks whether it may delete one."""

    def arn(resource: str) -> str:
        return Stack.of(scope).format_arn(service="ec2", resource=resource, resource_name="*")

    return [arn("network-interface"), arn("subnet"), arn("security-group")], arn("*")
