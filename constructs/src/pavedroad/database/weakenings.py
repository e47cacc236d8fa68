"""Warnings about defaults that somebody weakened."""

from collections.abc import Mapping

from aws_cdk import Annotations
from constructs import Construct


def warn(construct: Construct, thing: str, weakenings: Mapping[str, tuple[bool, str]]) -> None:
    """Leave the warning ``pavedroad:<thing>-<what>`` for every default that is weakened.

    Args:
        construct: What is weakened.
        thing: The first part of the warning's id.
        weakenings: By the second part of the id: whether it is weakened, and the consequence as a sentence.
    """
    for what, (is_weakened, consequence) in weakenings.items():
        if is_weakened:
            Annotations.of(construct).add_warning_v2(f"pavedroad:{thing}-{what}", consequence)
