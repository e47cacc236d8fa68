import aws_cdk as cdk

from pavedroad.durations import days_of


def test_days_are_told_where_they_are_known(stack: cdk.Stack) -> None:
    parameter = cdk.CfnParameter(stack, "Days", type="Number").value_as_number
    assert days_of(cdk.Duration.hours(36)) == 1.5
    assert days_of(None) is None
    assert days_of(cdk.Duration.days(parameter)) is None
