import aws_cdk as cdk
import pytest
from aws_cdk import Duration

from pavedroad.arguments import Arguments, InvalidArgumentsError
from pavedroad.database.recovery import Objective, check_backup_retention


@pytest.fixture
def arguments(stack: cdk.Stack) -> Arguments:
    return Arguments(stack)


def test_an_objective_that_was_left_out_allows_and_refuses_nothing(arguments: Arguments) -> None:
    rto = Objective.read(arguments, "rto", None)
    rto.refuse_below(arguments, 60, "cannot be met")
    arguments.check()
    assert not rto.allows(0)


def test_an_objective_allows_what_is_not_longer_than_itself(arguments: Arguments) -> None:
    rto = Objective.read(arguments, "rto", Duration.minutes(5))
    assert (rto.allows(300), rto.allows(301)) == (True, False)


def test_an_objective_that_cannot_be_met_is_told_with_the_reason(arguments: Arguments) -> None:
    rpo = Objective.read(arguments, "rpo", Duration.millis(500))
    rpo.refuse_below(arguments, 1, "cannot be met: copies are a second behind")
    with pytest.raises(InvalidArgumentsError, match=r"rpo='0.5 seconds': cannot be met: copies are a second behind"):
        arguments.check()


def test_an_objective_must_be_known_at_synth(stack: cdk.Stack, arguments: Arguments) -> None:
    minutes = cdk.CfnParameter(stack, "Minutes", type="Number").value_as_number
    assert Objective.read(arguments, "rpo", Duration.minutes(minutes)).seconds is None
    with pytest.raises(InvalidArgumentsError, match="rpo='a token': must be known at synth"):
        arguments.check()


@pytest.mark.parametrize("retention", [Duration.days(7), Duration.days(35), Duration.hours(168)])
def test_backups_are_kept_for_7_to_35_whole_days(arguments: Arguments, retention: Duration) -> None:
    check_backup_retention(arguments, "backup_retention", retention, control="RDS.11")
    arguments.check()


@pytest.mark.parametrize(
    ("retention", "told"), [(Duration.days(6), "6"), (Duration.days(36), "36"), (Duration.hours(180), "7.5")]
)
def test_other_retentions_are_refused(arguments: Arguments, retention: Duration, told: str) -> None:
    check_backup_retention(arguments, "backup_retention", retention, control="RDS.11")
    message = rf"backup_retention='{told} days': must be from 7 \(RDS.11\) to 35 whole days"
    with pytest.raises(InvalidArgumentsError, match=message):
        arguments.check()


def test_a_retention_that_is_chosen_at_launch_passes(stack: cdk.Stack, arguments: Arguments) -> None:
    days = cdk.CfnParameter(stack, "Days", type="Number").value_as_number
    check_backup_retention(arguments, "backup_retention", Duration.days(days), control="RDS.11")
    arguments.check()
