"""Rules for budgets."""

from collections.abc import Iterator

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization.rules.files import Files, place_of, repeated, unknown


def budgets_have_one_subject(files: Files) -> Iterator[Problem]:
    """A budget is that of an account, of a team or of a portfolio."""
    for budget in files.items("budgets", "budgets"):
        stated = [name for name in ("account", "team", "portfolio") if budget.child(name)]
        if isinstance(budget.value, dict) and len(stated) != 1:
            cause = f"a budget is that of one thing, and this one is that of {' and '.join(stated) or 'none'}"
            yield budget.problem(cause, "Write one of account:, team: and portfolio:, with a key.")


def subjects_of_budgets_exist(files: Files) -> Iterator[Problem]:
    """A budget's account, team or portfolio is described."""
    budgets = files.items("budgets", "budgets")
    yield from unknown("account", [budget.word("account") for budget in budgets], files.keys("accounts", "accounts"))
    yield from unknown("team", [budget.word("team") for budget in budgets], files.keys("teams", "teams"))
    portfolios = files.keys("catalog", "portfolios")
    yield from unknown("portfolio", [budget.word("portfolio") for budget in budgets], portfolios)


def portfolios_have_one_budget(files: Files) -> Iterator[Problem]:
    """Service Catalog shows one budget beside a portfolio."""
    for again, first in repeated([budget.word("portfolio") for budget in files.items("budgets", "budgets")]):
        cause = f"the portfolio {again.value} has a budget at {place_of(first)} already"
        yield again.problem(cause, "Remove one of the two.")
