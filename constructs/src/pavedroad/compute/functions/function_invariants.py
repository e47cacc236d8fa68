"""What stays true of a function, whatever a mixin, an injector or an escape hatch does to it."""

from collections.abc import Iterator
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from pavedroad.compute.functions.runtimes import is_supported
from pavedroad.invariants import hold
from pavedroad.security.environment import looks_secret


def hold_function(construct: Construct, function: lambda_.Function) -> None:
    """Hold runtime, encryption, log, dead-letter queue, environment and privacy of a function of ``construct``."""
    resource = function.node.default_child
    assert isinstance(resource, lambda_.CfnFunction)
    resolve = Stack.of(function).resolve
    kind = type(construct).__name__

    def environment() -> dict[str, Any]:
        variables: dict[str, Any] = (resolve(resource.environment) or {}).get("variables") or {}
        return variables

    hold(
        construct,
        f"{kind} runs on a supported runtime; its Runtime was set to one that gets no security patches",
        lambda: is_supported(resource.runtime),
    )
    hold(
        construct,
        f"{kind} encrypts its environment with its key; its KmsKeyArn was removed",
        lambda: bool(resource.kms_key_arn),
    )
    hold(
        construct,
        f"{kind} logs into its encrypted log group; its LoggingConfig was removed or names no log group",
        lambda: bool((resolve(resource.logging_config) or {}).get("logGroup")),
    )
    hold(
        construct,
        f"{kind} keeps calls that fail; its DeadLetterConfig was removed",
        lambda: bool((resolve(resource.dead_letter_config) or {}).get("targetArn")),
    )
    hold(
        construct,
        f"{kind} has no clear-text secrets; a variable of its environment looks like one",
        lambda: not any(looks_secret(name, str(value)) for name, value in environment().items()),
    )
    hold(
        construct,
        f"{kind} is not public; a permission admits everybody, or a function URL asks for no authentication",
        lambda: not any(map(_is_public, _doors(construct))),
    )


def _doors(construct: Construct) -> Iterator[lambda_.CfnPermission | lambda_.CfnUrl]:
    for node in construct.node.find_all():
        if isinstance(node, lambda_.CfnPermission | lambda_.CfnUrl):
            yield node


def _is_public(door: lambda_.CfnPermission | lambda_.CfnUrl) -> bool:
    if isinstance(door, lambda_.CfnUrl):
        return door.auth_type != lambda_.FunctionUrlAuthType.AWS_IAM.value
    return door.principal == "*" and door.principal_org_id is None
