"""Shows how far long work is: moving bars on a terminal, a line for each event elsewhere (a log, a pipe, CI)."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress


class Progress:
    """The steps of a run; used as a context manager.

    Args:
        console: Where it is shown.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = RichProgress(
            SpinnerColumn(finished_text="[green]✔"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[detail]}"),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def step(self, what: str, *, total: int = 1) -> "Step":
        """Begin a step of ``total`` parts."""
        return Step(self._console, self._bars, what, total)


class Step:
    """One step; its parts may be reported from several threads.

    Attributes:
        seconds: How long it took, once it is complete; until then how long it has been going.
    """

    def __init__(self, console: Console, bars: RichProgress, what: str, total: int) -> None:
        self._console = console
        self._bars = bars
        self._what = what
        self._began = time.monotonic()
        self._task = bars.add_task(what, total=total, detail="")
        self._line(f"{what} ...")

    @property
    def seconds(self) -> float:
        """Seconds since the step began."""
        return time.monotonic() - self._began

    def detail(self, text: str) -> None:
        """Say what is being done at the moment, beside the bar; a log would drown in it."""
        self._bars.update(self._task, detail=_short(text))

    def set_total(self, total: int) -> None:
        """Correct the number of parts when it becomes known."""
        self._bars.update(self._task, total=total)

    def advance(self, part: str) -> None:
        """One more part is done."""
        self._bars.update(self._task, advance=1, detail=_short(part))
        self._line(f"  {part}")

    def done(self, outcome: str = "") -> None:
        """The whole step is complete."""
        task = self._bars.tasks[self._bars.task_ids.index(self._task)]
        self._bars.update(self._task, completed=task.total, detail=_short(outcome))
        self._line(f"{self._what}: {outcome or 'done'} ({self.seconds:.1f} s)")

    def _line(self, text: str) -> None:
        if not self._console.is_terminal:
            self._console.print(text, highlight=False, soft_wrap=True)


def _short(text: str, limit: int = 60) -> str:
    """The beginning of a text that would push the steps themselves out of the terminal."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
