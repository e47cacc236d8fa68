"""A function with only its required arguments, and what it needs."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from pavedroad.compute.functions.lambda_service import LambdaService


@pytest.fixture
def bucket(stack: cdk.Stack) -> s3.IBucket:
    return s3.Bucket.from_bucket_name(stack, "Code", "code")


@pytest.fixture
def topic(stack: cdk.Stack) -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:on-call")


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
def make_service(stack: cdk.Stack, bucket: s3.IBucket) -> Callable[..., LambdaService]:
    def make(**arguments: Any) -> LambdaService:
        required = {
            "code": lambda_.Code.from_bucket_v2(bucket, "orders.zip", object_version="1"),
            "handler": "index.handler",
            "runtime": lambda_.Runtime.PYTHON_3_14,
        }
        return LambdaService(stack, "Orders", **required | arguments)

    return make
