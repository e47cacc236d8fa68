"""Rules for budgets."""

from collections.abc import Iterator

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization.rules.files import Files, unknown


def budgets_have_one_subject(files: Files) -> Iterator[Problem]:
    """A budget is that of an account or of a team."""
    for budget in files.items("budgets", "budgets"):
        stated = [name for name in ("account", "team") if budget.child(name)]
        if isinstance(budget.value, dict) and len(stated) != 1:
            cause = f"a budget is that of an account or of a team, and this one has {'both' if stated else 'neither'}"
            yield budget.problem(cause, "Write either account: or team:, with a key.")


def subjects_of_budgets_exist(files: Files) -> Iterator[Problem]:
    """A budget's account or team is described."""
    budgets = files.items("budgets", "budgets")
    yield from unknown("account", [budget.word("account") for budget in budgets], files.keys("accounts", "accounts"))
    yield from unknown("team", [budget.word("team") for budget in budgets], files.keys("teams", "teams"))
