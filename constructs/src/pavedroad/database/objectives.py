"""Recovery objectives as the databases here take them: ``rpo`` and ``rto``, durations known at synth."""

from aws_cdk import Duration

from pavedroad.arguments import Arguments


def objective_seconds(arguments: Arguments, name: str, objective: Duration | None) -> float | None:
    """The objective in seconds; a token is refused, as what is built follows from it."""
    if objective is None:
        return None
    if objective.is_unresolved():
        arguments.refuse(name, "a token", "must be known at synth, as what is built follows from it")
        return None
    return objective.to_seconds(integral=False)


def check_backup_retention(arguments: Arguments, retention: Duration, shortest: int, longest: int) -> None:
    """Refuse a retention that is not from ``shortest`` to ``longest`` whole days; a token passes."""
    if retention.is_unresolved():
        return
    days = retention.to_days(integral=False)
    if days % 1 or not shortest <= days <= longest:
        arguments.refuse("backup_retention", f"{days:g} days", f"must be from {shortest} to {longest} whole days")


def in_words(seconds: float) -> str:
    """Seconds as an error tells them."""
    return f"{seconds:g} seconds"
