"""Published versions of a function."""

from aws_cdk import Fn, Stack, Token
from aws_cdk import aws_lambda as lambda_


def published_version(function: lambda_.Function) -> lambda_.Version:
    """The version of the function as it is now, published again whenever its code or configuration changes.

    The CDK sees a change in the template. One in a parameter's value it does not see, so that the alias would stay at
    the former code: a version is described by the values of such parameters, and a changed description makes it anew.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html
    """
    version = function.current_version
    resource = function.node.default_child
    published = version.node.default_child
    assert isinstance(resource, lambda_.CfnFunction)
    assert isinstance(published, lambda_.CfnVersion)
    resolved = Stack.of(function).resolve
    code = resolved(resource.code)
    values = [code.get(name) for name in ("s3Key", "s3ObjectVersion", "imageUri")]
    architectures = resource.architectures or []
    values += [
        resolved(each)
        for each in (resource.handler, resource.runtime, *architectures, resource.memory_size, resource.timeout)
    ]
    parameters = [value for value in values if isinstance(value, dict)]
    if parameters:
        published.description = Fn.join(" ", [Token.as_string(value) for value in parameters])
    return version
