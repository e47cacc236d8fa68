"""The product application: everything that one web application starts with."""

from collections.abc import Mapping
from typing import cast

from aws_cdk import CfnMapping, Stack, Token
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_rds as rds

from pavedroad.application.application import Application
from pavedroad.application.operation_settings import AlarmSettings
from pavedroad.application.settings import DatabaseSettings, ServiceSettings
from pavedroad.compute.ecs.application_container import ApplicationContainer
from pavedroad.compute.ecs.ecr_image import EcrImage
from pavedroad.observability.sns.subscriptions import AlarmSubscriptions
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER
from pavedroad_platform.catalog.network_parameters import (
    VPC_PARAMETER,
    chosen_vpc,
    subnets_in_vpc,
    subnets_parameter,
)
from pavedroad_platform.catalog.ownership import ownership_tags
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product

_PUBLIC = "PublicSubnetIds"
_PRIVATE = "PrivateSubnetIds"
_ISOLATED = "IsolatedSubnetIds"


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    team = AlarmSubscriptions(email_addresses=[parameters[ALARM_EMAIL_PARAMETER.name].value_as_string])
    application = Application(
        stack,
        "Web",
        tags=ownership_tags(parameters),
        vpc=chosen_vpc(
            stack, parameters, public_subnets=_PUBLIC, private_subnets=_PRIVATE, isolated_subnets=_ISOLATED
        ),
        service=ServiceSettings(
            image=EcrImage(parameters["Image"].value_as_string),
            certificate=acm.Certificate.from_certificate_arn(
                stack, "Certificate", parameters["CertificateArn"].value_as_string
            ),
        ),
        alarms=AlarmSettings(critical=team, warning=team),
    )
    return {}


PRODUCT = Product(
    key="application",
    title="Application",
    version="1.0.0",
    summary="x",
    parameters=(
        Parameter(
            name="Image",
            label="Image",
            group="c",
            help="The image in a private ECR repository, with its tag or digest. It must not run as root.",
            example="111111111111.dkr.ecr.eu-west-1.amazonaws.com/orders/order-service:1.0.0",
            pattern=EcrImage.PATTERN,
            constraint="An ECR URI such as 111111111111.dkr.ecr.eu-west-1.amazonaws.com/orders/order-service:1.0.0.",
        ),
        VPC_PARAMETER,
        subnets_parameter(_PUBLIC, label="Public subnets", help="."),
        subnets_parameter(_PRIVATE, label="Private subnets", help="."),
        subnets_parameter(_ISOLATED, label="Isolated subnets", help="."),
        Parameter(
            name="CertificateArn",
            label="Certificate",
            group="e",
            help="The ACM certificate of the name by which clients call, in the same region.",
            example="arn:aws:acm:eu-west-1:111111111111:certificate/01234567-89ab-cdef-0123-456789abcdef",
            pattern=r"arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[a-f0-9-]{36}",
            constraint="The ARN of an ACM certificate.",
        ),
        ALARM_EMAIL_PARAMETER,
    ),
    outputs=(),
    build=_build,
)
