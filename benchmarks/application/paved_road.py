"""A web service with database, bucket, pipeline, alarms, budget and backups, with `Application`."""

from aws_cdk import Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs

from pavedroad import Application
from pavedroad.application.operation_settings import AlarmSettings, BudgetSettings
from pavedroad.application.settings import PipelineSettings, ServiceSettings
from pavedroad.delivery.pipeline.sources import ConnectionSource
from pavedroad.governance.mandatory_tags import MandatoryTags
from pavedroad.observability.sns.subscriptions import AlarmSubscriptions

CONNECTION = "arn:aws:codeconnections:eu-west-1:111111111111:connection/orders"


def orders(stack: Stack, vpc: ec2.IVpc, certificate: acm.ICertificate, images: ecr.IRepository) -> None:
    """The application."""
    on_call = AlarmSubscriptions(email_addresses=["orders@example.com"])
    image = ecs.ContainerImage.from_ecr_repository(images, "1.4.2")
    source = ConnectionSource(connection_arn=CONNECTION, repository="shop/orders")
    Application(
        stack,
        "Orders",
        tags=MandatoryTags(
            application="orders",
            team="shop",
            environment="production",
            cost_centre="2000",
            data_classification="confidential",
        ),
        vpc=vpc,
        service=ServiceSettings(image=image, certificate=certificate),
        pipeline=PipelineSettings(source=source, repository=images),
        budget=BudgetSettings(monthly_limit=800),
        alarms=AlarmSettings(critical=on_call, warning=on_call),
    )
