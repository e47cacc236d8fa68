"""Runs the example in the docstring of every construct that the library exports."""

import ast
import doctest
from collections.abc import Callable
from importlib import import_module
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

import pavedroad


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:eu-west-1:111111111111:{resource}"


# What an example may use without making it, as it would stand around the example in an application.
PROVIDED: dict[str, Callable[[cdk.Stack], Any]] = {
    "app": lambda stack: stack.node.root,
    "stack": lambda stack: stack,
    "self": lambda stack: stack,
    "vpc": lambda stack: pavedroad.SecureVpc(stack, "ExampleVpc").vpc,
    "network": lambda stack: pavedroad.SecureVpc(stack, "ExampleNetwork"),
    "topic": lambda stack: sns.Topic.from_topic_arn(stack, "ExampleTopic", arn("sns", "alarms")),
    "key": lambda stack: kms.Key(stack, "ExampleKey", enable_key_rotation=True),
    "bucket": lambda stack: s3.Bucket(stack, "ExampleBucket"),
    "role": lambda stack: iam.Role(stack, "ExampleRole", assumed_by=iam.AccountRootPrincipal()),
    "certificate": lambda stack: acm.Certificate.from_certificate_arn(
        stack, "ExampleCertificate", arn("acm", "certificate/11111111-1111-1111-1111-111111111111")
    ),
    "security_group": lambda stack: ec2.SecurityGroup(
        stack, "ExampleSecurityGroup", vpc=pavedroad.SecureVpc(stack, "SecurityGroupVpc").vpc
    ),
    "function": lambda stack: lambda_.Function(
        stack,
        "ExampleFunction",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): return event"),
    ),
}
MODULES = {
    "cdk": "aws_cdk",
    "acm": "aws_cdk.aws_certificatemanager",
    "codebuild": "aws_cdk.aws_codebuild",
    "cloudwatch": "aws_cdk.aws_cloudwatch",
    "ec2": "aws_cdk.aws_ec2",
    "ecr": "aws_cdk.aws_ecr",
    "ecs": "aws_cdk.aws_ecs",
    "elbv2": "aws_cdk.aws_elasticloadbalancingv2",
    "iam": "aws_cdk.aws_iam",
    "kms": "aws_cdk.aws_kms",
    "logs": "aws_cdk.aws_logs",
    "rds": "aws_cdk.aws_rds",
    "s3": "aws_cdk.aws_s3",
    "sns": "aws_cdk.aws_sns",
}


def source_of(construct: type) -> str:
    examples = doctest.DocTestParser().get_examples(construct.__doc__ or "")
    assert examples, f"{construct.__name__} has no example (lines with >>>) in its docstring"
    return "".join(example.source for example in examples)


def provide(name: str, stack: cdk.Stack) -> Any:
    if name in PROVIDED:
        return PROVIDED[name](stack)
    if name in MODULES:
        return import_module(MODULES[name])
    home = pavedroad if name in pavedroad.__all__ else cdk
    assert hasattr(home, name), f"the example uses {name!r}, which nothing provides: import it in the example"
    return getattr(home, name)


def free_names(source: str) -> list[str]:
    """The names that the source uses and does not make itself, in the order of their use."""
    names = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)]
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    made |= {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    used = dict.fromkeys(node.id for node in names if isinstance(node.ctx, ast.Load))
    builtins = vars(import_module("builtins"))
    return [name for name in used if name not in made and name not in builtins]


def run(source: str, stack: cdk.Stack, home: str) -> dict[str, Any]:
    """Run an example with what it uses provided; its own module provides what stands beside the construct."""
    module = vars(import_module(home))
    namespace = {
        name: module[name] if name in module and name not in PROVIDED else provide(name, stack)
        for name in free_names(source)
    }
    exec(compile(source, f"<example of {home}>", "exec"), namespace)
    return namespace


@pytest.mark.parametrize("name", pavedroad.__all__)
def test_the_example_of_each_construct_synthesises(name: str, stack: cdk.Stack) -> None:
    construct = getattr(pavedroad, name)
    source = source_of(construct)
    assert f"{name}(" in source, f"the example of {name} does not make one"
    run(source, stack, construct.__module__)
    made = [node for node in stack.node.find_all() if isinstance(node, construct)]
    assert made, f"the example of {name} makes none in the stack"
    resources = Template.from_stack(stack).to_json()["Resources"].values()
    assert not [it["Type"] for it in resources if it["Type"].startswith("Custom::")], "products must not need functions"
    errors = Annotations.from_stack(stack).find_error("*", Match.any_value())
    assert [error.entry.data for error in errors] == []


def test_an_example_that_is_wrong_is_noticed(stack: cdk.Stack) -> None:
    class WithoutExample:
        """Has none."""

    with pytest.raises(AssertionError, match="WithoutExample has no example"):
        source_of(WithoutExample)
    with pytest.raises(AssertionError, match="the example uses 'nonsense', which nothing provides: import it"):
        run("nonsense(stack)", stack, "pavedroad.storage.secure_bucket")
    with pytest.raises(TypeError, match="unexpected keyword argument 'encrypted'"):
        run("SecureBucket(stack, 'Bucket', encrypted=True)", stack, "pavedroad.storage.secure_bucket")
