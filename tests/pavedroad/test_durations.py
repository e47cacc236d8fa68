import aws_cdk as cdk
import pytest

from pavedroad.arguments import Arguments, InvalidArgumentsError
from pavedroad.durations import check_seconds, days_of


def test_a_duration_out_of_range_is_told_in_seconds(stack: cdk.Stack) -> None:
    arguments = Arguments(stack)
    check_seconds(arguments, "timeout", cdk.Duration.minutes(3), 1, 120)
    with pytest.raises(InvalidArgumentsError, match="timeout in seconds=180: must be from 1 to 120"):
        arguments.check()


def test_what_is_left_out_or_a_parameter_passes(stack: cdk.Stack) -> None:
    arguments = Arguments(stack)
    parameter = cdk.CfnParameter(stack, "Seconds", type="Number").value_as_number
    for duration in (None, cdk.Duration.seconds(parameter), cdk.Duration.seconds(120)):
        check_seconds(arguments, "timeout", duration, 1, 120)
    arguments.check()


def test_days_are_told_where_they_are_known(stack: cdk.Stack) -> None:
    parameter = cdk.CfnParameter(stack, "Days", type="Number").value_as_number
    assert days_of(cdk.Duration.hours(36)) == 1.5
    assert days_of(None) is None
    assert days_of(cdk.Duration.days(parameter)) is None
