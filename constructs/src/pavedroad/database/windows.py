"""The hours in which RDS may back up and change a database."""

import re

from aws_cdk import Token

from pavedroad.arguments import Arguments

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = r"([01]\d|2[0-3]):([0-5]\d)"
_DAY = f"({'|'.join(_DAYS)})"
_MINUTES_A_DAY = 24 * 60
_MINUTES_A_WEEK = 7 * _MINUTES_A_DAY
_SHORTEST = 30


def check_windows(arguments: Arguments, *, backup: str | None, maintenance: str | None) -> None:
    """Refuse windows that are malformed, shorter than 30 minutes or that overlap; times are UTC.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
    """
    daily = _window(arguments, "recovery.backup_window", backup, f"{_TIME}-{_TIME}", "hh:mm-hh:mm, such as 02:00-03:00")
    weekly = _window(
        arguments,
        "maintenance_window",
        maintenance,
        f"{_DAY}:{_TIME}-{_DAY}:{_TIME}",
        "ddd:hh:mm-ddd:hh:mm, such as sun:04:00-sun:05:00",
    )
    if daily and weekly and _overlap(daily, weekly):
        arguments.refuse("maintenance_window", maintenance, f"must not overlap the backup window {backup}")


def _window(arguments: Arguments, name: str, value: str | None, pattern: str, meaning: str) -> tuple[int, int] | None:
    """The start in minutes (of the day or the week) and the length, or nothing where it is unknown or wrong."""
    if value is None or Token.is_unresolved(value):
        return None
    arguments.matches(name, value, pattern, meaning)
    match = re.fullmatch(pattern, value)
    if match is None:
        return None
    begin, end = _minutes(value.split("-")[0]), _minutes(value.split("-")[1])
    length = (end - begin) % (_MINUTES_A_DAY if name == "recovery.backup_window" else _MINUTES_A_WEEK)
    if length < _SHORTEST:
        arguments.refuse(name, value, "must be 30 minutes or longer")
    return begin, length


def _minutes(moment: str) -> int:
    *day, hour, minute = moment.split(":")
    return (_DAYS.index(day[0]) if day else 0) * _MINUTES_A_DAY + int(hour) * 60 + int(minute)


def _overlap(daily: tuple[int, int], weekly: tuple[int, int]) -> bool:
    begin, length = weekly
    for day in range(7):
        start = daily[0] + day * _MINUTES_A_DAY
        if (start - begin) % _MINUTES_A_WEEK < length or (begin - start) % _MINUTES_A_WEEK < daily[1]:
            return True
    return False
