import aws_cdk as cdk
from aws_cdk.assertions import Annotations, Match

from pavedroad.database.weakenings import warn


def test_warns_of_what_is_weakened_and_of_nothing_else(stack: cdk.Stack) -> None:
    warn(stack, "thing", {"open": (True, "Everybody reads it."), "fast": (False, "It is slow.")})
    warnings = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    assert [each.entry.data for each in warnings] == ["Everybody reads it. [ack: pavedroad:thing-open]"]
