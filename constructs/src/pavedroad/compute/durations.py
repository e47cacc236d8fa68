"""Durations as arguments."""

from aws_cdk import Duration

from pavedroad.arguments import Arguments


def check_seconds(arguments: Arguments, name: str, duration: Duration | None, low: int, high: int) -> None:
    """Refuse a duration outside ``low`` to ``high`` seconds; ``None`` and tokens pass."""
    if duration is not None and not duration.is_unresolved():
        arguments.between(f"{name} in seconds", duration.to_seconds(), low, high)
