from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.rds.database import Database
from pavedroad.database.rds.recovery import DatabaseRecovery

MakeDatabase = Callable[..., Database]


@pytest.mark.parametrize(
    ("rpo", "rto", "standby"),
    [
        (None, None, True),
        (Duration.hours(1), None, True),
        (None, Duration.hours(8), True),
        (Duration.seconds(0), Duration.minutes(2), True),
        (Duration.minutes(4), Duration.hours(8), True),
        (Duration.minutes(5), Duration.hours(3), True),
        (Duration.minutes(5), Duration.hours(4), False),
    ],
)
def test_a_standby_is_built_unless_backups_meet_both_objectives(
    stack: cdk.Stack, make: MakeDatabase, rpo: Duration | None, rto: Duration | None, standby: bool
) -> None:
    assert make(recovery=DatabaseRecovery(rpo=rpo, rto=rto)).multi_az is standby
    Template.from_stack(stack).has_resource_properties("AWS::RDS::DBInstance", {"MultiAZ": standby})
    warnings = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("database-single-az"))
    assert len(warnings) == (0 if standby else 1)


def test_what_was_asked_for_is_built_where_it_meets_the_objectives(make: MakeDatabase) -> None:
    assert make(recovery=DatabaseRecovery(multi_az=True, rpo=Duration.hours(1), rto=Duration.hours(8))).multi_az is True


def test_no_region_alone_meets_an_outage_below_a_failover(make: MakeDatabase) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(recovery=DatabaseRecovery(rto=Duration.seconds(30)))
    assert str(error.value) == (
        "Database 'Stack/Orders': recovery.rto='30 seconds': cannot be met in one region by an RDS instance: "
        "a Multi-AZ failover takes 60 to 120 seconds; allow 2 minutes, or take an Aurora cluster"
    )


def test_backups_alone_do_not_meet_short_objectives(make: MakeDatabase) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(recovery=DatabaseRecovery(multi_az=False, rpo=Duration.minutes(1), rto=Duration.minutes(30)))
    assert str(error.value) == (
        "Database 'Stack/Orders': "
        "recovery.rpo='60 seconds': cannot be met with multi_az=False: backups hold what was committed up to "
        "5 minutes ago; leave multi_az out, or allow 5 minutes; "
        "recovery.rto='1800 seconds': cannot be met with multi_az=False: restoring from a backup takes hours; "
        "leave multi_az out, or allow 4 hours"
    )


def test_objectives_must_be_known_at_synth(stack: cdk.Stack, make: MakeDatabase) -> None:
    minutes = cdk.CfnParameter(stack, "Minutes", type="Number").value_as_number
    with pytest.raises(
        InvalidArgumentsError, match=r"recovery\.rpo='a token': must be known at synth, as the database is built"
    ):
        make(recovery=DatabaseRecovery(rpo=Duration.minutes(minutes)))
