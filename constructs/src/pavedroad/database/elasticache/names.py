"""Names of what ElastiCache does not name by itself."""

import re

from aws_cdk import Aws, Fn, Stack
from constructs import Construct

# ElastiCache allows 40 characters: the last part of a stack's id takes 13 and the suffix of a user 4.
_LONGEST_NAME = 23


def unique_name(scope: Construct) -> str:
    """A name that no other stack has: the path in the stack, and a part of the stack's id."""
    path = scope.node.path.removeprefix(Stack.of(scope).node.path)
    name = re.sub(r"[^a-z0-9]+", "-", path.lower())[-_LONGEST_NAME:].strip("-").lstrip("0123456789-")
    unique = Fn.select(4, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))))
    return f"{name or 'cache'}-{unique}"
