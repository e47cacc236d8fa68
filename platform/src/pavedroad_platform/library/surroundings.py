"""What stands around the example of a construct in an application: names that the example uses and does not make.

All of it is imported, so that the template of an example holds what the construct made and nothing else.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import aws_cdk as cdk

import pavedroad

_IDENTIFIER = "11111111-1111-1111-1111-111111111111"
_ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]

_MODULES = {
    "cdk": "aws_cdk",
    "acm": "aws_cdk.aws_certificatemanager",
    "cloudwatch": "aws_cdk.aws_cloudwatch",
    "codebuild": "aws_cdk.aws_codebuild",
    "dynamodb": "aws_cdk.aws_dynamodb",
    "ec2": "aws_cdk.aws_ec2",
    "ecr": "aws_cdk.aws_ecr",
    "ecs": "aws_cdk.aws_ecs",
    "efs": "aws_cdk.aws_efs",
    "eks": "aws_cdk.aws_eks_v2",
    "elbv2": "aws_cdk.aws_elasticloadbalancingv2",
    "events": "aws_cdk.aws_events",
    "iam": "aws_cdk.aws_iam",
    "kms": "aws_cdk.aws_kms",
    "lambda_": "aws_cdk.aws_lambda",
    "logs": "aws_cdk.aws_logs",
    "rds": "aws_cdk.aws_rds",
    "route53": "aws_cdk.aws_route53",
    "s3": "aws_cdk.aws_s3",
    "secretsmanager": "aws_cdk.aws_secretsmanager",
    "sns": "aws_cdk.aws_sns",
    "sqs": "aws_cdk.aws_sqs",
}


def provide(name: str, stack: cdk.Stack) -> Any:
    """What ``name`` means in an example that is run in ``stack``.

    Raises:
        LookupError: Nothing provides it.
    """
    if name in PROVIDED:
        return PROVIDED[name](stack)
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name in pavedroad.__all__:
        return getattr(pavedroad, name)
    if hasattr(cdk, name):
        return getattr(cdk, name)
    raise LookupError(f"the example uses {name!r}, which nothing provides: import it in the example")


def _arn(stack: cdk.Stack, service: str, resource: str, name: str | None = None, **parts: Any) -> str:
    return stack.format_arn(service=service, resource=resource, resource_name=name, **parts)


def _vpc(stack: cdk.Stack) -> Any:
    from aws_cdk import aws_ec2 as ec2

    tiers: dict[str, Any] = {
        f"{tier}_subnet_{what}": [f"{kind}-{number:08x}{zone:09x}" for zone in range(len(_ZONES))]
        for number, tier in enumerate(("public", "private", "isolated"))
        for what, kind in (("ids", "subnet"), ("route_table_ids", "rtb"))
    }
    vpc_id = f"vpc-{0:017x}"
    return ec2.Vpc.from_vpc_attributes(
        stack, "ExampleVpc", vpc_id=vpc_id, vpc_cidr_block="10.0.0.0/16", availability_zones=_ZONES, **tiers
    )


def _topic(stack: cdk.Stack) -> Any:
    from aws_cdk import aws_sns as sns

    return sns.Topic.from_topic_arn(stack, "ExampleTopic", cdk.CfnParameter(stack, "TopicArn").value_as_string)


def _key(stack: cdk.Stack) -> Any:
    from aws_cdk import aws_kms as kms

    arn = _arn(stack, "kms", "key", _IDENTIFIER)
    return kms.Key.from_key_arn(stack, "ExampleKey", arn)


def _bucket(stack: cdk.Stack) -> Any:
    from aws_cdk import aws_s3 as s3

    return s3.Bucket.from_bucket_name(stack, "ExampleBucket", "example-bucket")


def _role(stack: cdk.Stack, construct_id: str = "ExampleRole") -> Any:
    from aws_cdk import aws_iam as iam

    arn = _arn(stack, "iam", "role", "example", region="")
    return iam.Role.from_role_arn(stack, construct_id, arn, mutable=False)


def _certificate(stack: cdk.Stack) -> Any:
    from aws_cdk import aws_certificatemanager as acm

    arn = _arn(stack, "acm", "certificate", _IDENTIFIER)
    return acm.Certificate.from_certificate_arn(stack, "ExampleCertificate", arn)


def _security_group(stack: cdk.Stack) -> Any:
    from aws_cdk import aws_ec2 as ec2

    return ec2.SecurityGroup.from_security_group_id(stack, "ExampleSecurityGroup", f"sg-{0:017x}")


def _function(stack: cdk.Stack) -> Any:
    from aws_cdk import aws_lambda as lambda_

    arn = _arn(stack, "lambda", "function", "example", arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME)
    return lambda_.Function.from_function_attributes(
        stack, "ExampleFunction", function_arn=arn, role=_role(stack, "ExampleFunctionRole"), same_environment=True
    )


def _queue(stack: cdk.Stack) -> Any:
    from aws_cdk import aws_sqs as sqs

    return sqs.Queue.from_queue_arn(stack, "ExampleQueue", cdk.CfnParameter(stack, "QueueArn").value_as_string)


def _stream(stack: cdk.Stack) -> Any:
    from aws_cdk import aws_kinesis as kinesis

    return kinesis.Stream.from_stream_arn(stack, "ExampleStream", cdk.CfnParameter(stack, "StreamArn").value_as_string)


PROVIDED: dict[str, Callable[[cdk.Stack], Any]] = {
    "app": lambda stack: stack.node.root,
    "stack": lambda stack: stack,
    "self": lambda stack: stack,
    "network": lambda stack: pavedroad.SecureVpc(stack, "ExampleNetwork"),
    "vpc": _vpc,
    "topic": _topic,
    "key": _key,
    "bucket": _bucket,
    "role": _role,
    "certificate": _certificate,
    "security_group": _security_group,
    "function": _function,
    "queue": _queue,
    "stream": _stream,
}
"""How each name is made; they come before the names of the construct's own module."""
