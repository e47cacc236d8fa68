"""Which language runtimes a function may use."""

from aws_cdk import Annotations, Token
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.security.acknowledgments import acknowledge

NEWEST = ("dotnet10", "java25", "nodejs24.x", "provided.al2023", "python3.14", "ruby4.0")
"""The newest runtime of each language."""

SUPPORTED_UNTIL = {
    "java11": "2027-06-30",
    "java17": "2027-06-30",
    "java21": "2029-06-30",
    "java8.al2": "2027-06-30",
    "nodejs22.x": "2027-04-30",
    "python3.11": "2027-06-30",
    "python3.12": "2028-10-31",
    "python3.13": "2029-06-30",
    "ruby3.3": "2027-03-31",
    "ruby3.4": "2028-03-31",
}
"""Older runtimes that AWS still patches, and until when.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

SELECTABLE = tuple(sorted((*NEWEST, *SUPPORTED_UNTIL)))
"""Every runtime that AWS patches."""


def is_supported(runtime: str | None) -> bool:
    """Whether AWS patches the runtime; an image, which has none, is patched by who builds it.

    A parameter is taken: its allowed values decide, and ``SELECTABLE`` are those that they should be.
    """
    return runtime is None or Token.is_unresolved(runtime) or runtime in SELECTABLE


def is_image(code: lambda_.Code) -> bool:
    """Whether the code is a container image, which brings its own runtime and handler."""
    return isinstance(code, lambda_.EcrImageCode | lambda_.AssetImageCode)


def check_runtime(
    arguments: Arguments, code: lambda_.Code, runtime: lambda_.Runtime | None, handler: str | None
) -> None:
    """Refuse a runtime that is out of support, and a runtime and handler that do not go with the code."""
    if is_image(code):
        if runtime is not None:
            arguments.refuse("runtime", runtime.name, "the container image has its own; leave it out")
        if handler is not None:
            arguments.refuse("handler", handler, "the container image has its own; leave it out")
        return
    if runtime is None:
        arguments.refuse("runtime", None, "is required unless the code is a container image")
    elif not is_supported(runtime.name):
        arguments.refuse(
            "runtime",
            runtime.name,
            "is out of support or unknown, and gets no security patches; must be one of "
            f"{', '.join(NEWEST)}, or, with a warning, {', '.join(SUPPORTED_UNTIL)}",
        )
    if handler is None:
        arguments.refuse("handler", None, "is required unless the code is a container image, such as 'index.handler'")


def warn_of_older_runtime(scope: Construct, function: lambda_.Function, runtime: lambda_.Runtime | None) -> None:
    """Leave a warning where a newer runtime of the language exists."""
    if runtime is None or runtime.name not in SUPPORTED_UNTIL:
        return
    end = SUPPORTED_UNTIL[runtime.name]
    Annotations.of(scope).add_warning_v2(
        "pavedroad:function-older-runtime",
        f"{runtime.name} is not the newest runtime of its language; its support ends on {end}.",
    )
    acknowledge(
        function,
        "AwsSolutions-L1",
        f"AWS patches {runtime.name} until {end} (Lambda.2). Who chose it has seen the warning "
        "pavedroad:function-older-runtime.",
    )
