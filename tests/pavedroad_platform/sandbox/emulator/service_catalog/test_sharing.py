"""Portfolios in other accounts: through the organization, or accepted."""

from typing import Any

import pytest

from pavedroad_platform.organization.names import Names

HUB, SPOKE, OUTSIDER = "200000000012", "200000000013", "200000000014"


def test_a_portfolio_shared_with_a_unit_is_imported_without_accepting(emulator: Any, catalogue: Any) -> None:
    spoke = emulator.client("servicecatalog", SPOKE)
    shown = spoke.list_accepted_portfolio_shares(PortfolioShareType="AWS_ORGANIZATIONS")["PortfolioDetails"]
    assert [portfolio["Id"] for portfolio in shown] == [catalogue.portfolio]
    assert spoke.list_accepted_portfolio_shares(PortfolioShareType="IMPORTED")["PortfolioDetails"] == []
    outsider = emulator.client("servicecatalog", OUTSIDER)
    assert outsider.list_accepted_portfolio_shares(PortfolioShareType="AWS_ORGANIZATIONS")["PortfolioDetails"] == []


def test_principals_are_resolved_by_name_in_the_spoke(emulator: Any, catalogue: Any) -> None:
    found = catalogue.user.search_products()["ProductViewSummaries"]
    assert [product["Name"] for product in found] == ["Bucket"]
    trust = emulator.trusting({"AWS": f"arn:aws:iam::{SPOKE}:root"})
    visitor = emulator.role("visitor", trust, emulator.allowing("servicecatalog:*"), account=SPOKE)
    session = emulator.client("servicecatalog", credentials=emulator.assume(visitor, by=SPOKE))
    assert session.search_products()["ProductViewSummaries"] == []
    with pytest.raises(session.exceptions.ResourceNotFoundException, match="not found"):
        session.describe_product(Id=catalogue.product)


def test_without_its_principals_a_share_shows_nothing_to_them(catalogue: Any) -> None:
    node = {"Type": "ORGANIZATIONAL_UNIT", "Value": catalogue.unit}
    change = catalogue.admin.update_portfolio_share
    answer = change(PortfolioId=catalogue.portfolio, OrganizationNode=node, SharePrincipals=False)
    try:
        assert answer["Status"] == "COMPLETED"
        assert catalogue.user.search_products()["ProductViewSummaries"] == []
    finally:
        change(PortfolioId=catalogue.portfolio, OrganizationNode=node, SharePrincipals=True)
    assert catalogue.user.search_products()["ProductViewSummaries"]


def test_the_state_of_a_share_is_told(catalogue: Any) -> None:
    node = {"Type": "ORGANIZATIONAL_UNIT", "Value": catalogue.unit}
    token = catalogue.admin.create_portfolio_share(PortfolioId=catalogue.portfolio, OrganizationNode=node)
    status = catalogue.admin.describe_portfolio_share_status(PortfolioShareToken=token["PortfolioShareToken"])
    assert status["Status"] == "COMPLETED"
    assert status["ShareDetails"]["SuccessfulShares"] == [SPOKE]
    shares = catalogue.admin.describe_portfolio_shares(PortfolioId=catalogue.portfolio, Type="ORGANIZATIONAL_UNIT")
    assert shares["PortfolioShareDetails"] == [
        {
            "PrincipalId": catalogue.unit,
            "Type": "ORGANIZATIONAL_UNIT",
            "Accepted": True,
            "ShareTagOptions": True,
            "SharePrincipals": True,
        }
    ]


def test_a_portfolio_shared_with_an_account_is_accepted(emulator: Any, catalogue: Any) -> None:
    outsider = emulator.client("servicecatalog", OUTSIDER)
    with pytest.raises(outsider.exceptions.ResourceNotFoundException):
        outsider.accept_portfolio_share(PortfolioId=catalogue.portfolio)
    catalogue.admin.create_portfolio_share(PortfolioId=catalogue.portfolio, AccountId=OUTSIDER)
    assert outsider.list_accepted_portfolio_shares()["PortfolioDetails"] == []
    outsider.accept_portfolio_share(PortfolioId=catalogue.portfolio)
    shown = outsider.list_accepted_portfolio_shares()["PortfolioDetails"]
    assert [portfolio["Id"] for portfolio in shown] == [catalogue.portfolio]
    catalogue.admin.delete_portfolio_share(PortfolioId=catalogue.portfolio, AccountId=OUTSIDER)
    assert outsider.list_accepted_portfolio_shares()["PortfolioDetails"] == []


def test_an_unknown_unit_is_refused(catalogue: Any) -> None:
    with pytest.raises(catalogue.admin.exceptions.ResourceNotFoundException, match="ou-none-00000000"):
        catalogue.admin.create_portfolio_share(
            PortfolioId=catalogue.portfolio,
            OrganizationNode={"Type": "ORGANIZATIONAL_UNIT", "Value": "ou-none-00000000"},
        )


def test_an_account_outside_of_an_organization_cannot_share_with_one(emulator: Any) -> None:
    outsider = emulator.client("servicecatalog", OUTSIDER)
    portfolio = outsider.create_portfolio(DisplayName="Own", ProviderName="Own", IdempotencyToken="own")
    with pytest.raises(outsider.exceptions.OperationNotSupportedException, match="does not belong to an organization"):
        outsider.create_portfolio_share(
            PortfolioId=portfolio["PortfolioDetail"]["Id"],
            OrganizationNode={"Type": "ORGANIZATION", "Value": "o-0000000000"},
        )


def test_an_account_of_the_organization_need_not_accept_and_gets_the_principals(emulator: Any, catalogue: Any) -> None:
    unit = {"Type": "ORGANIZATIONAL_UNIT", "Value": catalogue.unit}
    account = {"Type": "ACCOUNT", "Value": SPOKE}
    share = {"PortfolioId": catalogue.portfolio, "SharePrincipals": True, "ShareTagOptions": True}
    catalogue.admin.delete_portfolio_share(PortfolioId=catalogue.portfolio, OrganizationNode=unit)
    try:
        assert catalogue.user.search_products()["ProductViewSummaries"] == []
        catalogue.admin.create_portfolio_share(**share, OrganizationNode=account)
        assert catalogue.user.search_products()["ProductViewSummaries"]
        shares = catalogue.admin.describe_portfolio_shares(
            PortfolioId=catalogue.portfolio, Type="ORGANIZATION_MEMBER_ACCOUNT"
        )["PortfolioShareDetails"]
        assert [(each["PrincipalId"], each["Accepted"]) for each in shares] == [(SPOKE, True)]
        catalogue.admin.delete_portfolio_share(PortfolioId=catalogue.portfolio, OrganizationNode=account)
    finally:
        catalogue.admin.create_portfolio_share(**share, OrganizationNode=unit)


@pytest.mark.parametrize(
    ("path", "name", "is_admitted"),
    [
        ("/aws-reserved/sso.amazonaws.com/eu-west-1/", "AWSReservedSSO_Builder_0123456789abcdef", True),
        ("/aws-reserved/sso.amazonaws.com/", "AWSReservedSSO_Builder_fedcba9876543210", True),
        ("/aws-reserved/sso.amazonaws.com/eu-west-1/", "AWSReservedSSO_Builders_0123456789abcdef", False),
        ("/", "AWSReservedSSO_Builder_1111111111111111", False),
    ],
)
def test_the_role_of_a_permission_set_launches(
    emulator: Any, catalogue: Any, path: str, name: str, is_admitted: bool
) -> None:
    pattern = f"arn:aws:iam:::role/{Names.permission_set_role('Builder')}"
    principal = {"PortfolioId": catalogue.portfolio, "PrincipalARN": pattern, "PrincipalType": "IAM_PATTERN"}
    catalogue.admin.associate_principal_with_portfolio(**principal)
    trust = emulator.trusting({"AWS": f"arn:aws:iam::{SPOKE}:root"})
    role = emulator.role(name, trust, emulator.allowing("servicecatalog:*"), account=SPOKE, Path=path)
    user = emulator.client("servicecatalog", credentials=emulator.assume(role, by=SPOKE))
    found = user.search_products()["ProductViewSummaries"]
    catalogue.admin.disassociate_principal_from_portfolio(**principal)
    assert bool(found) is is_admitted


def test_a_question_mark_stands_for_one_letter_or_none(emulator: Any, catalogue: Any) -> None:
    principal = {
        "PortfolioId": catalogue.portfolio,
        "PrincipalARN": "arn:aws:iam:::role/guest?",
        "PrincipalType": "IAM_PATTERN",
    }
    catalogue.admin.associate_principal_with_portfolio(**principal)
    trust = emulator.trusting({"AWS": f"arn:aws:iam::{SPOKE}:root"})
    found = {}
    for name in ("guest", "guest1", "guest12"):
        role = emulator.role(name, trust, emulator.allowing("servicecatalog:*"), account=SPOKE)
        user = emulator.client("servicecatalog", credentials=emulator.assume(role, by=SPOKE))
        found[name] = bool(user.search_products()["ProductViewSummaries"])
    catalogue.admin.disassociate_principal_from_portfolio(**principal)
    assert found == {"guest": True, "guest1": True, "guest12": False}
