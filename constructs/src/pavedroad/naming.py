"""Names that must be known before what they name exists."""

import re

from aws_cdk import Aws, Fn, Stack
from constructs import Construct


def unique_name(scope: Construct, *, longest: int, otherwise: str) -> str:
    """A name of lower-case letters, digits and hyphens: the path in the stack, and a part of the stack's id.

    It differs in every stack that is launched from one template, and stays when the stack is updated.

    Args:
        scope: The construct that is named.
        longest: How much of the path is kept, from its end; 13 characters more come from the stack's id.
        otherwise: The name where the path leaves none.
    """
    path = scope.node.path.removeprefix(Stack.of(scope).node.path)
    name = re.sub(r"[^a-z0-9]+", "-", path.lower())[-longest:].strip("-").lstrip("0123456789-")
    unique = Fn.select(4, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))))
    return f"{name or otherwise}-{unique}"


def stack_identifier(scope: Construct) -> str:
    """The end of the stack's id, 36 characters: no other stack has it, one of the same name neither."""
    return Fn.select(2, Fn.split("/", Stack.of(scope).stack_id))
