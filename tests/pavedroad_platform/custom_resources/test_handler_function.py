import ast
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Match, Template

from pavedroad_platform import custom_resources
from pavedroad_platform.custom_resources.handler_function import HandlerFunction, inline_code

HANDLERS = sorted(Path(custom_resources.__path__[0]).glob("*_handler.py"))


@pytest.fixture
def function(stack: cdk.Stack) -> HandlerFunction:
    return HandlerFunction(
        stack,
        "Function",
        handler=HANDLERS[0],
        description="Moves accounts",
        encryption_key=kms.Key(stack, "Key", enable_key_rotation=True),
        statements=[iam.PolicyStatement(actions=["organizations:DescribeOrganization"], resources=["arn:aws:it"])],
    )


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: handler.stem)
def test_the_inline_code_is_whole(handler: Path) -> None:
    tree = ast.parse(inline_code(handler))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any(name.startswith("pavedroad") for name in imported)
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {"answer", "handler"} <= functions


def test_it_logs_encrypted_and_may_do_what_it_is_given(stack, function, pack_findings) -> None:
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::Logs::LogGroup", {"KmsKeyId": Match.any_value()})
    template.has_resource_properties(
        "AWS::Lambda::Function",
        {"Handler": "index.handler", "Runtime": "python3.14", "Timeout": 900, "LoggingConfig": Match.any_value()},
    )
    statement = Match.object_like({"Action": "organizations:DescribeOrganization", "Resource": "arn:aws:it"})
    template.has_resource_properties(
        "AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": Match.array_with([statement])}}
    )
    assert pack_findings(stack) == []
