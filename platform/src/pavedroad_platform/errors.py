"""What goes wrong, told so that it can be mended: where, what, how. All problems at once."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        cause: What is wrong, in a sentence.
        fix: What to type or do instead.
        file: The file that it stands in; ``None`` where there is none.
        line: The line in it, counted from 1.
        path: The place inside the file or the app, such as ``accounts.orders.id``.
    """

    cause: str
    fix: str
    file: Path | None = None
    line: int | None = None
    path: str | None = None

    def __str__(self) -> str:
        """The problem as an editor and a person can read it: ``file:line: path: cause`` and the fix beneath."""
        place = f"{self.file}:{self.line}" if self.file and self.line else str(self.file or "")
        where = ": ".join(part for part in (place, self.path) if part)
        return f"{where + ': ' if where else ''}{self.cause}\n    {self.fix}"

    def as_json(self) -> dict[str, Any]:
        """The problem for machines."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}


class PlatformError(Exception):
    """A command cannot do what was asked; its problems say why and what to do. Shown without a traceback."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
