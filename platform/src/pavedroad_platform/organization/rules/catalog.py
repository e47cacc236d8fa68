"""Rules for the catalogue."""

import re
from collections.abc import Iterator
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from pavedroad_platform.catalog.products import KEYS
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.errors import Problem
from pavedroad_platform.organization import quotas
from pavedroad_platform.organization.models import DataClassification, Environment, Purpose
from pavedroad_platform.organization.names import PREFIX, Names
from pavedroad_platform.organization.rules.files import Files, unknown
from pavedroad_platform.organization.rules.organizational_units import targets, units_above
from pavedroad_platform.organization.suggestions import instead_of

_MANDATORY_CHOICES: Final[dict[str, type[StrEnum]]] = {
    "environment": Environment,
    "data-classification": DataClassification,
}


def products_exist(files: Files) -> Iterator[Problem]:
    """Only what the catalogue has can be offered."""
    for product in files.items("catalog", "products"):
        if product.key not in KEYS:
            yield product.problem(f"the catalogue has no product {product.key}", instead_of(product.key, KEYS))


def portfolios_have_offered_products(files: Files) -> Iterator[Problem]:
    """A portfolio's products are among those that are offered."""
    for portfolio in files.items("catalog", "portfolios"):
        yield from unknown("product", portfolio.words("products"), files.keys("catalog", "products"))


def products_are_in_a_portfolio(files: Files) -> Iterator[Problem]:
    """A product in no portfolio cannot be launched by anybody."""
    portfolios = files.items("catalog", "portfolios")
    placed = {node.value for portfolio in portfolios for node in portfolio.words("products")}
    for product in files.items("catalog", "products"):
        if portfolios and product.key not in placed:
            cause = f"the product {product.key} is in no portfolio, and nobody can launch it"
            yield product.problem(cause, "Add it to the products of a portfolio, or remove it here.")


def portfolios_are_shared_with_what_exists(files: Files) -> Iterator[Problem]:
    """A portfolio is shared with organizational units and accounts that exist."""
    units, accounts = targets(files), files.keys("accounts", "accounts")
    known = None if units is None or accounts is None else units | accounts
    for portfolio in files.items("catalog", "portfolios"):
        yield from unknown("organizational unit or account", portfolio.words("shared_with"), known)


def shares_name_one_thing(files: Files) -> Iterator[Problem]:
    """A key that an organizational unit and an account both have does not say which of them is meant."""
    for portfolio in files.items("catalog", "portfolios"):
        for target in portfolio.words("shared_with"):
            if target.value in _ambiguous(files):
                cause = f"{target.value} is an organizational unit and an account"
                yield target.problem(cause, "Give the organizational unit another key; the account keeps its own.")


def _ambiguous(files: Files) -> set[str]:
    """Keys that an organizational unit and an account both have."""
    return (targets(files) or set()) & (files.keys("accounts", "accounts") or set())


def shares_reach_accounts_that_launch(files: Files) -> Iterator[Problem]:
    """The management account gets nothing from StackSets, and the catalogue's account has every portfolio."""
    purposes = {account.key: account.word("purpose") for account in files.accounts}
    reasons = {
        Purpose.MANAGEMENT: "the management account, which launches nothing",
        Purpose.SHARED_SERVICES: "the account of the catalogue, which has every portfolio",
        Purpose.CATALOG_TEST: "the test account, which has a catalogue of its own",
    }
    for portfolio in files.items("catalog", "portfolios"):
        for target in portfolio.words("shared_with"):
            purpose = None if target.value in _ambiguous(files) else purposes.get(target.value)
            reason = reasons.get(Purpose(purpose.value)) if purpose and purpose.value in set(Purpose) else None
            if reason:
                yield target.problem(f"{target.value} is {reason}", "Remove it from this list.")


def shares_reach_an_account_once(files: Files) -> Iterator[Problem]:
    """An account that stands in an organizational unit of the list has the portfolio through it."""
    for portfolio in files.items("catalog", "portfolios"):
        shared = [target for target in portfolio.words("shared_with") if target.value not in _ambiguous(files)]
        keys = {target.value for target in shared}
        for target in shared:
            if reached := next((unit for unit in units_above(target.value, files) if unit in keys), None):
                cause = f"{target.value} is in {reached}, which this portfolio is shared with"
                yield target.problem(cause, f"Remove one of the two: {target.value} or {reached}.")


def portfolios_are_not_shared_with_the_test_account(files: Files) -> Iterator[Problem]:
    """The test account has a catalogue of its own; a product that came to it twice would have no single way to it."""
    within = {
        unit
        for account in files.accounts
        if (purpose := account.word("purpose")) and purpose.value == Purpose.CATALOG_TEST
        for unit in (account.key, *units_above(account.key, files))
    }
    for portfolio in files.items("catalog", "portfolios"):
        for unit in portfolio.words("shared_with"):
            if unit.value in within:
                cause = f"the test account is in {unit.value}, and it has a catalogue of its own"
                yield unit.problem(
                    cause, "Name units that it is not in, or move it to one of its own in accounts.yaml."
                )


def canary_parameters_exist(files: Files) -> Iterator[Problem]:
    """A value for a canary is one of a parameter that the product's newest release has."""
    for product in files.items("catalog", "products"):
        values = product.items("canary_parameters")
        newest = Releases(product.key).newest if values and product.key in KEYS else None
        form = Releases(product.key).template(newest).get("Parameters", {}) if newest else None
        for value in values:
            if form is not None and value.key not in form:
                cause = f"the product {product.key} has no parameter {value.key}"
                yield value.problem(cause, instead_of(value.key, form))


def portfolios_have_one_to_ten_principals(files: Files) -> Iterator[Problem]:
    """Without a principal nobody launches; Service Catalog associates ten names with a portfolio that is shared."""
    most = quotas.PRINCIPALS_PER_PORTFOLIO
    for portfolio in files.items("catalog", "portfolios"):
        count = sum(len(portfolio.items(name)) for name in ("principals", "permission_sets"))
        if count > most:
            place = "principals" if portfolio.items("principals") else "permission_sets"
            cause = f"{count} principals and permission sets stand here, and AWS allows {most} a portfolio"
            yield portfolio.at((place,)).problem(cause, "Write one pattern for several of them, such as Team*.")
        elif count == 0 and isinstance(portfolio.value, dict):
            cause = "nobody may launch from this portfolio"
            yield portfolio.problem(cause, "Add principals: with names of roles, or permission_sets:.")


def principals_are_role_names(files: Files) -> Iterator[Problem]:
    """A principal is the name of a role or a pattern for names, without an ARN around it."""
    for portfolio in files.items("catalog", "portfolios"):
        for principal in portfolio.words("principals"):
            if not re.fullmatch(r"[\w+=,.@*?-]{1,64}", principal.value):
                name = re.split(r"[/:]", principal.value)[-1]
                fix = (
                    f"Write {name}" if re.fullmatch(r"[\w+=,.@*?-]{1,64}", name) else "Write a name such as Developer*."
                )
                yield principal.problem(f"{principal.value} is no name of an IAM role and no pattern for one", fix)
            elif not principal.value.strip("*?"):
                yield principal.problem("this pattern lets everybody launch", "Write names, or patterns such as Team*.")


def principals_of_the_platform_exist(files: Files) -> Iterator[Problem]:
    """A name that begins as the platform's roles do is that of a role in ``access.yaml``."""
    roles = files.keys("access", "roles")
    names = sorted(Names("").role(role) for role in roles or ())
    for portfolio in files.items("catalog", "portfolios"):
        for principal in portfolio.words("principals"):
            is_ours = principal.value.startswith(PREFIX)
            if roles is not None and is_ours and not any(fnmatchcase(name, principal.value) for name in names):
                cause = f"no role in access.yaml has the name {principal.value}"
                yield principal.problem(cause, instead_of(principal.value, names))


def tag_options_agree_with_mandatory_tags(files: Files) -> Iterator[Problem]:
    """A tag option with the key of a mandatory tag offers values that the tag may have."""
    for portfolio in files.items("catalog", "portfolios"):
        for option in portfolio.items("tag_options"):
            choices = _MANDATORY_CHOICES.get(option.key)
            for value in option.value if choices and isinstance(option.value, list) else ():
                if choices and isinstance(value.value, str) and value.value not in set(choices):
                    cause = f"the mandatory tag {option.key} has no value {value.value}"
                    yield value.problem(cause, instead_of(value.value, list(choices)))
