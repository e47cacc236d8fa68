import re

import pytest
from aws_cdk.assertions import Template

from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.errors import PlatformError
from stacks.catalog import CatalogStack

STACK = "pavedroad-catalog"


@pytest.fixture
def catalog(resources):
    """The resources of one Service Catalog type, by logical id."""
    return lambda name: resources(STACK, f"AWS::ServiceCatalog::{name}")


@pytest.fixture
def portfolio_ids(catalog):
    return {made["Properties"]["DisplayName"]: logical_id for logical_id, made in catalog("Portfolio").items()}


@pytest.fixture
def product_ids(catalog):
    return {made["Properties"]["Name"]: logical_id for logical_id, made in catalog("CloudFormationProduct").items()}


def test_every_product_is_published_from_its_frozen_templates(catalog, organization, assembly) -> None:
    made = {
        product["Properties"]["Name"]: product["Properties"] for product in catalog("CloudFormationProduct").values()
    }
    assert set(made) == set(organization.catalog.products)
    for key, product in made.items():
        releases = Releases(key)
        versions = product["ProvisioningArtifactParameters"]
        assert [version["Name"] for version in versions] == releases.offered
        for version in versions:
            (digest,) = re.findall(r"/([0-9a-f]{64})\.json", version["Info"]["LoadTemplateFromURL"]["Fn::Sub"])
            (published,) = assembly.glob(f"asset.{digest}.json")
            assert published.read_text() == releases.text(version["Name"])
        assert product["Owner"] == "Platform Engineering"
        assert product["SupportEmail"] == "platform@example.com"


def test_portfolios_offer_what_is_configured(catalog, organization, portfolio_ids, product_ids) -> None:
    offered = {
        (association["Properties"]["PortfolioId"]["Ref"], association["Properties"]["ProductId"]["Ref"])
        for association in catalog("PortfolioProductAssociation").values()
    }
    assert offered == {
        (portfolio_ids[portfolio.name], product_ids[key])
        for portfolio in organization.catalog.portfolios.values()
        for key in portfolio.products
    }


def test_products_are_launched_with_the_role_of_that_name_in_the_account(catalog, organization, product_ids) -> None:
    associations = {
        (made["Properties"]["PortfolioId"]["Ref"], made["Properties"]["ProductId"]["Ref"]): logical_id
        for logical_id, made in catalog("PortfolioProductAssociation").items()
    }
    constraints = catalog("LaunchRoleConstraint").values()
    assert len(constraints) == len(associations)
    for constraint in constraints:
        properties = constraint["Properties"]
        product, portfolio = properties["ProductId"]["Ref"], properties["PortfolioId"]["Ref"]
        (key,) = (key for key, logical_id in product_ids.items() if logical_id == product)
        assert properties["LocalRoleName"] == organization.names.launch_role(key)
        assert constraint["DependsOn"] == [associations[portfolio, product]]


def test_roles_are_admitted_by_name_in_every_account(catalog, organization, portfolio_ids) -> None:
    admitted = set()
    for made in catalog("PortfolioPrincipalAssociation").values():
        properties = made["Properties"]
        assert properties["PrincipalType"] == "IAM_PATTERN"
        arn = "".join(part if isinstance(part, str) else "aws" for part in properties["PrincipalARN"]["Fn::Join"][1])
        admitted.add((properties["PortfolioId"]["Ref"], arn))
    assert admitted == {
        (portfolio_ids[portfolio.name], f"arn:aws:iam:::role/{principal}")
        for portfolio in organization.catalog.portfolios.values()
        for principal in portfolio.principals
    }


def test_a_tag_option_is_made_once_and_shared_by_portfolios(catalog) -> None:
    options = {
        logical_id: (made["Properties"]["Key"], made["Properties"]["Value"])
        for logical_id, made in catalog("TagOption").items()
    }
    assert sorted(options.values()) == [("lifetime", "permanent"), ("lifetime", "temporary")]
    associated = [made["Properties"]["TagOptionId"]["Ref"] for made in catalog("TagOptionAssociation").values()]
    assert sorted(associated) == sorted([*options, *options])


def test_portfolios_are_shared_with_units_by_their_names(resources, portfolio_ids) -> None:
    shares = [share["Properties"] for share in resources(STACK, "Custom::PortfolioShare").values()]
    assert {share["PortfolioId"]["Ref"] for share in shares} == set(portfolio_ids.values())
    for share in shares:
        assert (share["OrganizationId"], share["RootId"], share["Path"]) == ("o-exampleorgid", "r-exam", ["Workloads"])


@pytest.fixture
def otherwise(app, organization):
    """The resources of one type in a catalogue whose first portfolio, or organisation, is configured otherwise."""

    def made(resource_type, portfolio, **changes):
        catalog = organization.catalog
        first = catalog.portfolios["foundations"].model_copy(update=portfolio)
        changes["catalog"] = catalog.model_copy(update={"portfolios": {"foundations": first}})
        stack = CatalogStack(app, STACK, organization=organization.model_copy(update=changes))
        return [it["Properties"] for it in Template.from_stack(stack).find_resources(resource_type).values()]

    return made


def test_a_portfolio_is_shared_with_a_single_account(otherwise) -> None:
    (share,) = otherwise("Custom::PortfolioShare", {"shared_with": ("orders-production",)})
    assert share["AccountId"] == "777777777777"
    assert "Path" not in share


def test_a_permission_set_is_admitted_by_the_role_that_identity_center_makes(otherwise) -> None:
    (admitted,) = otherwise(
        "AWS::ServiceCatalog::PortfolioPrincipalAssociation", {"principals": (), "permission_sets": ("Developer",)}
    )
    assert admitted["PrincipalType"] == "IAM_PATTERN"
    arn = "".join(part if isinstance(part, str) else "aws" for part in admitted["PrincipalARN"]["Fn::Join"][1])
    assert arn == "arn:aws:iam:::role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Developer_*"


def test_a_portfolios_budget_counts_its_launches_and_is_shown_beside_it(resources, organization, portfolio_ids) -> None:
    ((name, budget),) = resources(STACK, "AWS::Budgets::Budget").items()
    portfolio = portfolio_ids["Building blocks"]
    data = budget["Properties"]["Budget"]
    (counted,) = data["CostFilters"]["TagKeyValue"]
    assert counted["Fn::Join"][1] == [
        "aws:servicecatalog:portfolioArn$arn:",
        {"Ref": "AWS::Partition"},
        ":catalog:eu-west-1:555555555555:portfolio/",
        {"Ref": portfolio},
    ]
    assert data["BudgetLimit"] == {"Amount": 8000, "Unit": "USD"}
    assert data["BillingViewArn"] == organization.billing_view_arn
    subscribers = [it["Subscribers"] for it in budget["Properties"]["NotificationsWithSubscribers"]]
    assert subscribers == [[{"Address": "platform@example.com", "SubscriptionType": "EMAIL"}]] * 3
    ((association),) = resources(STACK, "Custom::PortfolioBudget").values()
    assert association["Properties"]["PortfolioId"] == {"Ref": portfolio}
    assert association["Properties"]["BudgetName"] == {"Ref": name}


def test_without_a_budget_there_is_no_function_for_it(otherwise) -> None:
    functions = otherwise("AWS::Lambda::Function", {}, budgets={})
    descriptions = [function.get("Description", "") for function in functions]
    assert "Shares the portfolios of the catalogue with organizational units and accounts" in descriptions
    assert not any("budget" in description.lower() for description in descriptions)


def test_a_nested_unit_is_found_from_the_root_down(landing_zone) -> None:
    catalog = landing_zone[STACK]
    assert isinstance(catalog, CatalogStack)
    assert catalog._path("workloads-production") == ["Workloads", "Production"]
    assert catalog._path("root") == []


def test_a_product_that_there_is_not_is_refused(app, organization) -> None:
    unknown = organization.catalog.model_copy(update={"products": {"buckets": None}, "portfolios": {}})
    with pytest.raises(PlatformError, match="There is no product 'buckets'"):
        CatalogStack(app, STACK, organization=organization.model_copy(update={"catalog": unknown}))
