import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

from pavedroad.network.selection import selected_subnets


def test_the_subnets_that_are_named_and_no_others(stack: cdk.Stack) -> None:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-1",
        availability_zones=["a", "b"],
        private_subnet_ids=["subnet-1", "subnet-2"],
        private_subnet_route_table_ids=["rtb-1", "rtb-2"],
        isolated_subnet_ids=["subnet-3", "subnet-4"],
        isolated_subnet_route_table_ids=["rtb-3", "rtb-4"],
    )
    isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, availability_zones=["b"])
    assert selected_subnets(vpc, isolated).subnet_ids == ["subnet-4"]
    assert selected_subnets(vpc, ec2.SubnetSelection()).subnet_ids == ["subnet-1", "subnet-2"]
