from collections.abc import Callable

import aws_cdk as cdk
import pytest

from pavedroad.arguments import Arguments, InvalidArgumentsError
from pavedroad.database.windows import check_windows


@pytest.fixture
def check(stack: cdk.Stack) -> Callable[[str | None, str | None], None]:
    def windows(backup: str | None, maintenance: str | None) -> None:
        arguments = Arguments(stack)
        check_windows(arguments, backup=backup, maintenance=maintenance)
        arguments.check()

    return windows


@pytest.mark.parametrize(
    ("backup", "maintenance"),
    [
        (None, None),
        ("02:00-02:30", None),
        ("23:45-00:15", "sun:04:00-sun:05:00"),
        ("02:00-03:00", "sun:03:00-sun:04:00"),
        ("02:00-03:00", "sun:23:00-mon:02:00"),
    ],
)
def test_accepts_windows_that_rds_accepts(
    check: Callable[[str | None, str | None], None], backup: str | None, maintenance: str | None
) -> None:
    check(backup, maintenance)


@pytest.mark.parametrize(
    ("backup", "maintenance", "message"),
    [
        ("2:00-3:00", None, "recovery.backup_window='2:00-3:00': must be hh:mm-hh:mm, such as 02:00-03:00"),
        ("24:00-25:00", None, "recovery.backup_window='24:00-25:00': must be hh:mm-hh:mm"),
        ("02:00-02:15", None, "recovery.backup_window='02:00-02:15': must be 30 minutes or longer"),
        ("02:00-02:00", None, "recovery.backup_window='02:00-02:00': must be 30 minutes or longer"),
        (None, "Sunday 4am", "maintenance_window='Sunday 4am': must be ddd:hh:mm-ddd:hh:mm, such as sun:04:00-sun"),
        (None, "sun:23:50-mon:00:10", "maintenance_window='sun:23:50-mon:00:10': must be 30 minutes or longer"),
        ("02:00-03:00", "wed:02:30-wed:03:30", "must not overlap the backup window 02:00-03:00"),
        ("23:45-00:15", "mon:00:00-mon:01:00", "must not overlap the backup window 23:45-00:15"),
        ("02:00-03:00", "sun:23:00-mon:02:30", "must not overlap the backup window 02:00-03:00"),
    ],
)
def test_refuses_windows_that_rds_refuses(
    check: Callable[[str | None, str | None], None], backup: str | None, maintenance: str | None, message: str
) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        check(backup, maintenance)
    assert message in str(error.value)


def test_a_parameter_is_not_checked(stack: cdk.Stack, check: Callable[[str | None, str | None], None]) -> None:
    parameter = cdk.CfnParameter(stack, "Window").value_as_string
    check(parameter, "sun:04:00-sun:05:00")
