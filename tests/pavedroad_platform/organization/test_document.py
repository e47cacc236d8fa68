"""Files that are no YAML, or YAML that means something else than it seems to."""

from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

# file, text, what stands there instead
CASES = {
    "account_id_loses_its_zero": [("accounts", '"444444444444"', "012345678901")],
    "number_begins_with_zero": [("logging", "days: 365", "days: 0365")],
    "switch_is_no": [("access", "break_glass: true", "break_glass: no")],
    "text_is_on": [("teams", "name: Orders", "name: On")],
    "key_stands_twice": [("accounts", "  audit:\n", "  gateway:\n")],
    "setting_stands_twice": [("accounts", "purpose: audit\n", "purpose: audit\n    email: a@example.com\n")],
    "tab": [("teams", "    name: Orders", "\tname: Orders")],
    "tab_after_spaces": [("teams", "    name: Orders", "  \tname: Orders")],
    "colon_is_missing": [("teams", "name: Orders", "name Orders")],
    "bracket_is_missing": [("catalog", "products: [network]", "products: [network")],
    "quote_is_missing": [("teams", '"2000"', '"2000')],
    "indentation_is_wrong": [("teams", "    name: Orders", "   name: Orders")],
    "two_documents": [("teams", "teams:", "a: 1\n---\nteams:")],
    "alias_in_its_anchor": [("budgets", None, "budgets: &b\n  orders: *b\n")],
    "key_is_a_list": [("budgets", None, "? [a, b]\n: 1\nbudgets: {}\n")],
    "control_character": [("budgets", None, "budgets: \x07\n")],
    "empty": [("budgets", None, "")],
    "comments_only": [("budgets", None, "# nothing\n")],
}


@pytest.mark.parametrize("mistake", CASES)
def test_tells_what_is_wrong_and_what_to_type_instead(
    mistake: str,
    edit: Callable[..., Path],
    problems_in: Callable[[Path], list[str]],
    snapshot: SnapshotAssertion,
) -> None:
    problems = problems_in(edit(CASES[mistake]))
    assert problems
    assert "\n".join(problems) == snapshot
