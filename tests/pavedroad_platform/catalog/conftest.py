"""Every product, rendered once; and a small product of the tests' own."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product
from pavedroad_platform.catalog.rendering import render
from pavedroad_platform.catalog.template import ProductTemplate


@pytest.fixture(scope="session")
def texts() -> Mapping[str, str]:
    """The template of every product as it is released."""
    return {key: render(products.load(key)) for key in products.KEYS}


@pytest.fixture(scope="session")
def templates(texts: Mapping[str, str]) -> Mapping[str, dict[str, Any]]:
    return {key: json.loads(text) for key, text in texts.items()}


@pytest.fixture(scope="session")
def live_products(feature_flags: dict[str, Any]) -> cdk.Stack:
    """Every product as the app has it: beneath one stack."""
    app = cdk.App(context=feature_flags, builtin_cloud_formation_validation=False, analytics_reporting=False)
    stack = cdk.Stack(app, "Catalog")
    for key in products.KEYS:
        ProductTemplate(stack, key, product=products.load(key))
    app.synth()
    return stack


def build_topic(stack: cdk.Stack, parameters: Parameters) -> Mapping[str, str]:
    topic = sns.Topic(stack, "Topic", display_name=parameters["DisplayName"].value_as_string)
    iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    return {"TopicArn": topic.topic_arn}


TOPIC = Product(
    key="topic",
    title="Topic",
    version="1.0.0",
    summary="A topic.",
    parameters=(
        Parameter(
            name="DisplayName",
            label="Shown name",
            group="Topic",
            help="What messages come from.",
            default="Orders",
            pattern="[A-Z][a-z]+",
            constraint="A capital letter, then small ones.",
        ),
    ),
    outputs=(Output(name="TopicArn", purpose="Where messages are published."),),
    build=build_topic,
)


@pytest.fixture
def topic_product() -> Callable[..., Product]:
    """The product with some of its attributes replaced."""
    return lambda **attributes: replace(TOPIC, **attributes)
