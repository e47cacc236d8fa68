"""A service with only its required arguments, and what it needs."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs

from pavedroad.compute.ecs.fargate_service import FargateService

CERTIFICATE_ARN = "arn:aws:acm:eu-west-1:111111111111:certificate/12345678-1234-1234-1234-123456789012"


@pytest.fixture
def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-1",
        availability_zones=["a", "b"],
        public_subnet_ids=["subnet-public-1", "subnet-public-2"],
        public_subnet_route_table_ids=["rtb-1", "rtb-1"],
        private_subnet_ids=["subnet-private-1", "subnet-private-2"],
        private_subnet_route_table_ids=["rtb-2", "rtb-3"],
    )


@pytest.fixture
def certificate(stack: cdk.Stack) -> acm.ICertificate:
    return acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE_ARN)


@pytest.fixture
def make_service(stack: cdk.Stack, vpc: ec2.IVpc, certificate: acm.ICertificate) -> Callable[..., FargateService]:
    def make(**arguments: Any) -> FargateService:
        required = {
            "vpc": vpc,
            "certificate": certificate,
            "image": ecs.ContainerImage.from_registry("public.ecr.aws/nginx/nginx-unprivileged:stable"),
        }
        return FargateService(stack, "Orders", **required | arguments)

    return make
