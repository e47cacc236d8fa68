import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from pavedroad.compute.ecs.ecr_image import EcrImage
from pavedroad.compute.ecs.fargate_service import FargateService

HOST = "222222222222.dkr.ecr.eu-central-1.amazonaws.com"
DIGEST = "sha256:" + "0" * 64
Make = Callable[..., FargateService]


def pull_resource(template: Template) -> Any:
    (resource,) = [
        statement["Resource"]
        for policy in template.find_resources("AWS::IAM::ManagedPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "ecr:BatchGetImage" in statement["Action"]
    ]
    return resource


@pytest.mark.parametrize("reference", [":1.4.2", f"@{DIGEST}"])
def test_the_task_may_pull_from_the_repository_of_the_uri(
    stack: cdk.Stack, make_service: Make, reference: str, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    make_service(image=EcrImage(f"{HOST}/shop/orders{reference}"))
    template = Template.from_stack(stack)
    assert pull_resource(template) == {
        "Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":ecr:eu-central-1:222222222222:repository/shop/orders"]]
    }
    (task,) = template.find_resources("AWS::ECS::TaskDefinition").values()
    assert task["Properties"]["ContainerDefinitions"][0]["Image"] == f"{HOST}/shop/orders{reference}"
    assert pack_findings(stack) == []


@pytest.mark.parametrize(
    ("uri", "repository"),
    [(f"{HOST}/shop/orders:1.4.2", "shop/orders"), (f"{HOST}/orders@{DIGEST}", "orders")],
)
def test_a_parameter_is_taken_apart_when_the_stack_is_launched(
    stack: cdk.Stack, make_service: Make, uri: str, repository: str
) -> None:
    make_service(image=EcrImage(cdk.CfnParameter(stack, "ImageUri").value_as_string))
    resource = pull_resource(Template.from_stack(stack))
    assert evaluate(resource, {"ImageUri": uri, "AWS::Partition": "aws"}) == (
        f"arn:aws:ecr:eu-central-1:222222222222:repository/{repository}"
    )


@pytest.mark.parametrize("uri", ["nginx:latest", f"{HOST}/orders", "public.ecr.aws/nginx/nginx:stable"])
def test_what_is_no_private_uri_is_refused(uri: str) -> None:
    message = (
        f"uri={uri!r}: must be a private ECR URI with a tag or digest, such as "
        "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:1.4.2; "
        "for a public image use ecs.ContainerImage.from_registry"
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        EcrImage(uri)


def test_the_pattern_is_for_a_parameter() -> None:
    assert re.search(EcrImage.PATTERN, f"{HOST}/shop/orders:1.4.2")
    assert not re.search(EcrImage.PATTERN, f"x{HOST}/shop/orders:1.4.2")


def evaluate(value: Any, parameters: dict[str, str]) -> Any:
    """What CloudFormation makes of the few intrinsic functions in a URI's resource."""
    match value:
        case {"Ref": name}:
            return parameters[name]
        case {"Fn::Join": [separator, parts]}:
            return separator.join(evaluate(part, parameters) for part in parts)
        case {"Fn::Split": [separator, text]}:
            return evaluate(text, parameters).split(separator)
        case {"Fn::Select": [index, items]}:
            return evaluate(items, parameters)[int(index)]
        case _:
            return value
