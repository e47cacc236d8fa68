import io

from rich.console import Console

from pavedroad_platform.sandbox.progress import Progress


def shown(*, terminal: bool) -> str:
    screen = io.StringIO()
    console = Console(file=screen, width=140, force_terminal=terminal, color_system=None)
    with Progress(console) as progress:
        step = progress.step("Deploy the landing zone", total=2)
        step.detail(
            "pavedroad-logging 1/13 AWS::KMS::Key CREATE_COMPLETE and much more that nobody can read in a second"
        )
        step.advance("pavedroad-logging")
        step.advance("pavedroad-gateway")
        step.done("2 stacks")
    return screen.getvalue()


def test_a_log_gets_a_line_for_each_event() -> None:
    lines = shown(terminal=False).splitlines()
    assert lines[:3] == ["Deploy the landing zone ...", "  pavedroad-logging", "  pavedroad-gateway"]
    assert lines[3].startswith("Deploy the landing zone: 2 stacks (")
    assert len(lines) == 4


def test_a_terminal_gets_a_bar_that_keeps_its_name_and_count() -> None:
    [last] = [line for line in shown(terminal=True).splitlines() if "2 stacks" in line][-1:]
    assert "Deploy the landing zone" in last
    assert "2/2" in last
