"""Durations as arguments; a parameter's value is not known at synth."""

from aws_cdk import Duration

from pavedroad.arguments import Arguments


def days_of(duration: Duration | None) -> float | None:
    """The days, or ``None`` where there is no duration or a parameter has it."""
    return None if duration is None or duration.is_unresolved() else duration.to_days(integral=False)


def check_seconds(arguments: Arguments, name: str, duration: Duration | None, low: int, high: int) -> None:
    """Refuse a duration outside ``low`` to ``high`` seconds; ``None`` and tokens pass."""
    if duration is not None and not duration.is_unresolved():
        arguments.between(f"{name} in seconds", duration.to_seconds(), low, high)
