"""What a business can bear to lose, read the same way by every construct that holds data."""

from dataclasses import dataclass

from aws_cdk import Duration

from pavedroad.arguments import Arguments

# The AWS controls of every database ask for 7 days; RDS and DocumentDB keep 35 at most.
_RETENTION_DAYS = (7, 35)
LONGEST_RETENTION = Duration.days(_RETENTION_DAYS[1])


@dataclass(frozen=True, kw_only=True)
class Objective:
    """One objective as it was given: how much may be lost (``rpo``) or how long it may take (``rto``).

    Attributes:
        name: The argument's name, as errors tell it.
        seconds: ``None`` where it was left out.
    """

    name: str
    seconds: float | None

    @classmethod
    def read(cls, arguments: Arguments, name: str, value: Duration | None) -> "Objective":
        """Read an objective; a token is refused, as what is built cannot depend on it.

        Example:
            >>> rto = Objective.read(arguments, "rto", Duration.minutes(5))
            >>> rto.refuse_below(arguments, 60, "cannot be met: a failover takes up to a minute; allow 1 minute")
            >>> standby = not rto.allows(4 * 60 * 60)
        """
        if value is None:
            return cls(name=name, seconds=None)
        if value.is_unresolved():
            arguments.refuse(name, "a token", "must be known at synth, as the database is built by it")
            return cls(name=name, seconds=None)
        return cls(name=name, seconds=value.to_seconds(integral=False))

    def allows(self, seconds: float) -> bool:
        """Whether it was given and may be as much as ``seconds``; an objective that was left out allows nothing."""
        return self.seconds is not None and self.seconds >= seconds

    def refuse_below(self, arguments: Arguments, seconds: float, reason: str) -> None:
        """Refuse an objective below ``seconds``; ``reason`` says why it cannot be met and what can."""
        if self.seconds is not None and self.seconds < seconds:
            arguments.refuse(self.name, in_words(self.seconds), reason)


def in_words(seconds: float) -> str:
    """Seconds as an error tells them."""
    return f"{seconds:g} seconds"


def check_backup_retention(
    arguments: Arguments, name: str, retention: Duration, *, control: str, days: tuple[int, int] = _RETENTION_DAYS
) -> None:
    """Refuse a retention of backups below what ``control`` asks for or above what AWS keeps; a token passes.

    Args:
        arguments: Collects what is wrong.
        name: The argument's name.
        retention: What was given.
        control: What asks for the lowest of ``days``.
        days: The fewest and the most days.
    """
    if retention.is_unresolved():
        return
    given, (shortest, longest) = retention.to_days(integral=False), days
    if given % 1 or not shortest <= given <= longest:
        arguments.refuse(name, f"{given:g} days", f"must be from {shortest} ({control}) to {longest} whole days")
