from pavedroad_platform.library.outline import outline

MODULE = '''
"""Stores."""

from dataclasses import dataclass

DAYS = 7


@dataclass(frozen=True)
class Rule:
    """How long."""

    days: int = DAYS


class Store:
    """Keeps things."""

    def __init__(self, *, rule: Rule = Rule()) -> None:
        """Make it."""
        self.rule = rule
        if rule.days:
            self.kept, self._secret = [], 1

    def keep(self, name: str) -> None:
        """Keep it."""
        self.kept.append(name)

    def _forget(self) -> None:
        self.kept = []


def _helper() -> None:
    pass
'''

OUTLINE = """from dataclasses import dataclass
DAYS = 7

@dataclass(frozen=True)
class Rule:
    days: int = DAYS

class Store:

    def __init__(self, *, rule: Rule=Rule()) -> None:
        self.kept = ...
        self.rule = ...

    def keep(self, name: str) -> None:
        ...
"""


def test_what_is_public_stays_with_its_defaults_and_how_it_works_does_not() -> None:
    assert outline(MODULE) == OUTLINE


def test_an_outline_is_python_and_its_own_outline() -> None:
    once = outline(MODULE)
    assert outline(once) == once
    compile(once, "outline", "exec")
