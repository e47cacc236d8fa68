"""Shows how far a rehearsal is: what runs at the moment on a terminal, a line for each action everywhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from pavedroad_platform.rehearsal.run import Ran, Show

_LINE_LENGTH = 100


@contextmanager
def shown(console: Console) -> Iterator[Show]:
    """What shows a rehearsal on ``console``."""
    with console.status("") as status:
        current = ""

        def began(stage: str, action: str) -> None:
            nonlocal current
            current = f"{stage}/{action}"
            status.update(escape(current))
            if not console.is_terminal:
                console.print(f"{current} ...", markup=False)

        def line(text: str) -> None:
            status.update(f"{escape(current)} [dim]{escape(text.strip()[:_LINE_LENGTH])}[/]")

        def ended(ran: Ran) -> None:
            mark = "[green]✔[/]" if ran.outcome.passed else "[red]✘[/]"
            console.print(f"{mark} {ran.stage}/{ran.action} ({ran.seconds:.1f} s): {escape(ran.outcome.note)}")
            if ran.outcome.said:
                console.print(ran.outcome.said, markup=False, soft_wrap=True)

        yield Show(began=began, line=line, ended=ended, said=lambda text: console.print(f"[yellow]{escape(text)}[/]"))
