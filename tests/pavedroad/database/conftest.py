"""A network with an isolated tier, and a topic that is told."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns


@pytest.fixture
def vpc(app: cdk.App) -> ec2.Vpc:
    # In a stack of its own: the findings of a network are not the database's.
    tier = ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    return ec2.Vpc(cdk.Stack(app, "Network"), "Vpc", subnet_configuration=[tier])


@pytest.fixture
def topic(stack: cdk.Stack) -> sns.Topic:
    key = kms.Key(stack, "TopicKey", enable_key_rotation=True)
    return sns.Topic(stack, "Topic", master_key=key, enforce_ssl=True)
