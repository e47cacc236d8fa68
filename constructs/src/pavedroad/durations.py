"""Durations whose value may not be known at synth."""

from aws_cdk import Duration


def days_of(duration: Duration | None) -> float | None:
    """The days, or ``None`` where there is no duration or a parameter has it."""
    return None if duration is None or duration.is_unresolved() else duration.to_days(integral=False)
