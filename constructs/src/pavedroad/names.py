"""Names that stay unique where a template is deployed more than once, or again while what it made is retained."""

from aws_cdk import Fn, Stack
from constructs import Construct


def stack_identifier(scope: Construct) -> str:
    """The end of the stack's id, 36 characters: no other stack has it, one of the same name neither."""
    return Fn.select(2, Fn.split("/", Stack.of(scope).stack_id))
