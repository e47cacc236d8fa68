"""Names that must be known before the resource exists, because its log group or policy has them too."""

import re

from aws_cdk import Aws, Fn, Stack
from constructs import Construct


def unique_name(scope: Construct, *, longest: int, otherwise: str) -> str:
    """The construct's path in its stack, and a part of the stack's id that no other stack has.

    Args:
        scope: The construct that is named.
        longest: The most characters of the path, without the hyphen and the 12 characters that follow it.
        otherwise: Stands for a path without a letter.
    """
    path = scope.node.path.removeprefix(Stack.of(scope).node.path)
    name = re.sub(r"[^a-z0-9]+", "-", path.lower())[-longest:].strip("-").lstrip("0123456789-")
    unique = Fn.select(4, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))))
    return f"{name or otherwise}-{unique}"
