"""An application in a network that is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk.assertions import Template

from pavedroad.application.application import Application
from pavedroad.application.operation_settings import AlarmSettings, BudgetSettings
from pavedroad.application.settings import PipelineSettings, ServiceSettings
from pavedroad.delivery.pipeline.sources import ConnectionSource
from pavedroad.governance.mandatory_tags import MandatoryTags
from pavedroad.observability.sns.subscriptions import AlarmSubscriptions
from pavedroad_platform.library.surroundings import provide

TAGS = MandatoryTags(
    application="orders",
    team="shop",
    environment="production",
    cost_centre="2000",
    data_classification="confidential",
)
NOTHING: dict[str, None] = dict.fromkeys(("database", "bucket", "alarms", "objective", "dashboard", "backups"))
"""The arguments that leave every part out which is made otherwise."""


@dataclass(frozen=True)
class Made:
    """An application with its stack's template."""

    application: Application
    resources: Mapping[str, Any]

    def of_type(self, resource_type: str) -> dict[str, Any]:
        """The properties of all resources of a type, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == resource_type
        }


def service_settings(stack: cdk.Stack) -> ServiceSettings:
    certificate: acm.ICertificate = provide("certificate", stack)
    return ServiceSettings(image=ecs.ContainerImage.from_registry("orders:1"), certificate=certificate)


def pipeline_settings(stack: cdk.Stack) -> PipelineSettings:
    arn = "arn:aws:codeconnections:eu-west-1:111111111111:connection/orders"
    return PipelineSettings(
        source=ConnectionSource(connection_arn=arn, repository="shop/orders"),
        repository=ecr.Repository.from_repository_name(stack, "Images", "shop/orders"),
    )


def whole(stack: cdk.Stack, **arguments: Any) -> Application:
    """An application with every part, and the given arguments in place of the defaults."""
    on_call = AlarmSubscriptions(email_addresses=["orders@example.com"])
    defaults: dict[str, Any] = {
        "tags": TAGS,
        "vpc": provide("vpc", stack),
        "service": service_settings(stack),
        "pipeline": pipeline_settings(stack),
        "budget": BudgetSettings(monthly_limit=800),
        "alarms": AlarmSettings(critical=on_call, warning=on_call),
    }
    return Application(stack, "Orders", **{**defaults, **arguments})


@pytest.fixture(scope="module")
def made(feature_flags: dict[str, Any]) -> Made:
    """An application with every part, made once; tests only read it."""
    app = cdk.App(context=feature_flags, builtin_cloud_formation_validation=False, analytics_reporting=False)
    stack = cdk.Stack(app, "Stack")
    application = whole(stack)
    return Made(application, Template.from_stack(stack).to_json()["Resources"])


@pytest.fixture
def bare(stack: cdk.Stack) -> Callable[..., Application]:
    """An application without parts, but those that are given."""

    def application(**arguments: Any) -> Application:
        return Application(stack, "Orders", **{"tags": TAGS, "vpc": provide("vpc", stack), **NOTHING, **arguments})

    return application
