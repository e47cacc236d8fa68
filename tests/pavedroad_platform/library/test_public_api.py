from collections.abc import Callable
from pathlib import Path

import griffe
import pytest

from pavedroad_platform.library.public_api import (
    additions,
    breaking_changes,
    load,
    public_names,
    rewritten_factories,
)

STORE = """
from pavedroad.rules import Rule

class Store:
    def __init__(self, *, rule: Rule | None = None, days: int = 7) -> None:
        self.rule = rule

    def keep(self, name: str) -> None: ...

    def _forget(self) -> None: ...
"""
RULES = """
from dataclasses import dataclass

@dataclass(frozen=True, kw_only=True)
class Rule:
    strict: bool = True

class Unused: ...
"""

Library = Callable[..., griffe.Module]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    def write(version: str, store: str = STORE, rules: str = RULES) -> griffe.Module:
        package = tmp_path / version / "pavedroad"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("from pavedroad.store import Store as Store\n")
        (package / "store.py").write_text(store)
        (package / "rules.py").write_text(rules)
        return load(tmp_path / version)

    return write


def test_public_is_what_is_exported_and_what_its_signatures_name(library: Library) -> None:
    assert list(public_names(library("old"))) == ["pavedroad.rules.Rule", "pavedroad.store.Store"]


def test_nothing_is_told_of_what_stayed_and_of_what_is_private(library: Library) -> None:
    old = library("old")
    new = library("new", STORE.replace("_forget", "_drop"), RULES.replace("class Unused: ...", ""))
    assert breaking_changes(old, new) == []
    assert additions(old, new) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("days: int = 7", "weeks: int = 1", "pavedroad.store.Store: __init__(days): parameter was removed"),
        (
            "days: int = 7",
            "days: int = 8",
            "pavedroad.store.Store: __init__(days): parameter default was changed (7 -> 8)",
        ),
        ("days: int = 7", "days: int", "pavedroad.store.Store: __init__(days): parameter is now required"),
        ("def keep", "def hold", "pavedroad.store.Store: keep: public object was removed"),
        (
            "strict: bool = True",
            "strict: bool = False",
            "pavedroad.rules.Rule: __init__(strict): parameter default was changed (True -> False)",
        ),
        ("strict: bool", "loose: bool", "pavedroad.rules.Rule: __init__(strict): parameter was removed"),
        ("class Rule", "class Law", "pavedroad.rules.Rule was removed"),
    ],
)
def test_what_a_user_has_to_change_is_told(library: Library, before: str, after: str, told: str) -> None:
    store, rules = STORE.replace(before, after), RULES.replace(before, after)
    if before == "class Rule":
        store = STORE.replace("Rule", "Law")
    broken = breaking_changes(library("old"), library("new", store, rules))
    assert any(what.startswith(told) for what in broken), broken


def test_what_is_new_is_told(library: Library) -> None:
    new = library("new", STORE.replace("days: int = 7", "days: int = 7, name: str = ''").replace("_forget", "forget"))
    assert additions(library("old"), new) == [
        "pavedroad.store.Store.__init__(name)",
        "pavedroad.store.Store.forget",
    ]


def test_of_a_new_class_its_name_is_told_and_not_its_members(library: Library) -> None:
    store = STORE.replace("days: int = 7", "days: int = 7, law: Law | None = None").replace(
        "import Rule", "import Law, Rule"
    )
    rules = RULES + "\nclass Law:\n    def apply(self) -> None: ...\n"
    assert additions(library("old"), library("new", store, rules)) == [
        "pavedroad.rules.Law",
        "pavedroad.store.Store.__init__(law)",
    ]


def test_a_default_that_is_made_by_another_function_is_for_a_reader_to_judge(library: Library) -> None:
    made = RULES.replace("import dataclass", "import dataclass, field")
    rules = [made.replace("bool = True", f"bool = field(default_factory=lambda: {it})") for it in ("YES", "ALWAYS")]
    old, new = library("old", STORE, rules[0]), library("new", STORE, rules[1])
    assert breaking_changes(old, new) == []
    assert rewritten_factories(old, new) == [
        "pavedroad.rules.Rule: __init__(strict): parameter default was changed ((lambda: YES)() -> (lambda: ALWAYS)())"
    ]
