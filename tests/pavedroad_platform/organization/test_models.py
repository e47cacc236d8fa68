import pytest
from pydantic import ValidationError

from pavedroad.governance.mandatory_tags import MandatoryTags
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Account, Model, Purpose


def keys(items: tuple[Account, ...]) -> list[str]:
    return [item.key for item in items]


def test_every_item_knows_its_key(organization: Organization) -> None:
    for items in (organization.accounts, organization.teams, organization.networks, organization.access.roles):
        assert [item.key for item in items.values()] == list(items)


@pytest.mark.parametrize(
    ("purpose", "account_id"),
    [
        ("management", "111111111111"),
        ("gateway", "222222222222"),
        ("log-archive", "333333333333"),
        ("audit", "444444444444"),
        ("shared-services", "555555555555"),
    ],
)
def test_one_account_for_each_purpose(organization: Organization, purpose: str, account_id: str) -> None:
    assert organization.account_with_purpose(purpose).id == account_id


def test_workload_accounts_are_many(organization: Organization) -> None:
    assert keys(organization.workload_accounts) == ["orders-development", "orders-production"]
    with pytest.raises(ValueError, match=r"use organization\.workload_accounts"):
        organization.account_with_purpose(Purpose.WORKLOAD)


def test_a_role_reaches_what_any_of_its_targets_names(organization: Organization) -> None:
    roles = organization.access.roles
    assert keys(organization.accounts_for(roles["developer"])) == ["orders-development", "orders-production"]
    assert keys(organization.accounts_for(roles["break-glass"])) == list(organization.accounts)
    assert "management" not in keys(organization.accounts_for(roles["platform-engineer"]))
    assert "log-archive" in keys(organization.accounts_for(roles["platform-engineer"]))


def test_the_roles_in_an_account(organization: Organization) -> None:
    in_production = organization.roles_in(organization.accounts["orders-production"])
    assert [role.key for role in in_production] == ["platform-engineer", "developer", "auditor", "break-glass"]
    in_management = organization.roles_in(organization.accounts["management"])
    assert [role.key for role in in_management] == ["auditor", "break-glass"]


def test_networks_and_budgets_of_an_account(organization: Organization) -> None:
    production, management = organization.accounts["orders-production"], organization.accounts["management"]
    assert [network.key for network in organization.networks_in(production)] == ["orders-production"]
    assert organization.networks_in(management) == ()
    assert [budget.key for budget in organization.budgets_in(production)] == ["orders-production"]
    assert [budget.key for budget in organization.budgets_in(management)] == ["orders"]


def test_a_budget_without_addresses_is_told_to_the_team(organization: Organization) -> None:
    budgets = organization.budgets
    assert organization.budget_emails(budgets["orders"]) == ("orders@example.com",)
    assert organization.budget_emails(budgets["orders-production"]) == ("orders@example.com",)
    own = budgets["orders"].model_copy(update={"emails": ("finance@example.com",)})
    assert organization.budget_emails(own) == ("finance@example.com",)


def test_a_workload_accounts_tags_are_its_teams(organization: Organization) -> None:
    assert organization.tags_for(organization.accounts["orders-development"]) == MandatoryTags(
        application="order-service",
        team="orders",
        environment="development",
        cost_centre="2000",
        data_classification="confidential",
    )


def test_any_other_accounts_tags_are_the_platforms(organization: Organization) -> None:
    assert organization.tags_for(organization.account_with_purpose("log-archive")) == MandatoryTags(
        application="paved-road",
        team="platform",
        environment="production",
        cost_centre="1000",
        data_classification="confidential",
    )


def shared_with(organization: Organization, *targets: str) -> Organization:
    """The organisation with one portfolio, which is shared with ``targets``."""
    catalog = organization.catalog
    portfolio = catalog.portfolios["foundations"].model_copy(update={"shared_with": targets})
    return organization.model_copy(
        update={"catalog": catalog.model_copy(update={"portfolios": {"foundations": portfolio}})}
    )


@pytest.mark.parametrize(
    ("targets", "units", "accounts"),
    [
        ((), (), ["shared-services"]),
        (("workloads",), ("workloads",), ["shared-services"]),
        (("workloads-development", "workloads"), ("workloads",), ["shared-services"]),
        (("workloads-development",), ("workloads-development",), ["shared-services"]),
        (
            ("workloads-development", "orders-production"),
            ("workloads-development",),
            ["shared-services", "orders-production"],
        ),
        (("orders-development",), (), ["shared-services", "orders-development"]),
        (("root",), ("root",), []),
    ],
)
def test_who_launches_is_who_a_portfolio_reaches_each_account_once(
    organization: Organization, targets: tuple[str, ...], units: tuple[str, ...], accounts: list[str]
) -> None:
    shared = shared_with(organization, *targets)
    assert shared.launching_units == units
    assert [account.key for account in shared.launching_accounts] == accounts


def test_a_portfolio_has_the_budget_that_names_it(organization: Organization) -> None:
    portfolios = organization.catalog.portfolios
    budget = organization.budget_of(portfolios["building-blocks"])
    assert budget is organization.budgets["building-blocks"]
    assert organization.budget_emails(budget) == ("platform@example.com",)
    assert organization.budget_of(portfolios["foundations"]) is None


def test_nothing_changes_after_loading(organization: Organization) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        organization.accounts["gateway"].id = "999999999999"


def test_every_setting_is_described() -> None:
    pending, undescribed = [Model], []
    while pending:
        model = pending.pop()
        pending += model.__subclasses__()
        undescribed += [
            f"{model.__name__}.{name}" for name, field in model.model_fields.items() if not field.description
        ]
    assert undescribed == []
