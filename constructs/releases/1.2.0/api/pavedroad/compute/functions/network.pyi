from dataclasses import dataclass
from aws_cdk import ArnFormat, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.network.selection import selected_subnets
_MAKE_ACTIONS = ['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:UnassignPrivateIpAddresses']
_DELETE_ACTION = 'ec2:DeleteNetworkInterface'
_LOOKUP_ACTIONS = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets']

@dataclass(frozen=True, kw_only=True)
class FunctionNetwork:
    vpc: ec2.IVpc
    vpc_subnets: ec2.SubnetSelection | None = None
    allow_all_outbound: bool = False

    def check(self, arguments: Arguments) -> None:
        ...

    def security_group(self, scope: Construct, construct_id: str) -> ec2.SecurityGroup:
        ...

def network_interface_statements(scope: Construct) -> list[iam.PolicyStatement]:
    ...

def interface_arns(scope: Construct) -> tuple[list[str], str]:
    ...
