"""Numbers that are known at launch only."""

from typing import cast

from pavedroad_platform.catalog.product import Parameters


def whole_number(parameters: Parameters, name: str) -> int:
    """The value of a numeric field where a construct wants a whole number.

    The CDK holds the place of every number with a float; what CloudFormation puts there is what the form was given.
    """
    return as_whole(parameters[name].value_as_number)


def as_whole(token: float) -> int:
    """The place of a number that is whole once it is known."""
    return cast("int", token)
