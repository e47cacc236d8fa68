import aws_cdk as cdk
import pytest
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Match, Template

from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog.portfolio_shares import PortfolioShares


@pytest.fixture
def template(stack: cdk.Stack) -> Template:
    shares = PortfolioShares(
        stack,
        "Shares",
        encryption_key=rotated_key(stack, "Key", description="Logs"),
        organization_id="o-exampleorgid",
        root_id="r-exam",
    )
    portfolio = servicecatalog.Portfolio(stack, "Portfolio", display_name="Blocks", provider_name="Platform")
    shares.share(portfolio, "Share", path=["Workloads", "Production"])
    shares.share_with_account(portfolio, "ShareWithAccount", account_id="666666666666")
    return Template.from_stack(stack)


def test_a_portfolio_is_shared_with_a_unit(template) -> None:
    template.has_resource(
        "Custom::PortfolioShare",
        {
            "Properties": {
                "ServiceToken": Match.any_value(),
                "ServiceTimeout": "900",
                "PortfolioId": {"Ref": Match.string_like_regexp("Portfolio")},
                "OrganizationId": "o-exampleorgid",
                "RootId": "r-exam",
                "Path": ["Workloads", "Production"],
            },
            # The function's rights outlive the share.
            "DependsOn": Match.array_with([Match.string_like_regexp("SharesFunctionRolePolicy")]),
        },
    )


def test_a_portfolio_is_shared_with_an_account(template) -> None:
    template.has_resource_properties(
        "Custom::PortfolioShare",
        {
            "PortfolioId": {"Ref": Match.string_like_regexp("Portfolio")},
            "AccountId": "666666666666",
            "Path": Match.absent(),
        },
    )


def test_the_function_may_share_and_find_units_and_nothing_else(template) -> None:
    (policy,) = template.find_resources("AWS::IAM::ManagedPolicy").values()
    actions = [
        action
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    ]
    assert sorted(actions) == [
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "organizations:DescribeOrganization",
        "organizations:ListOrganizationalUnitsForParent",
        "servicecatalog:CreatePortfolioShare",
        "servicecatalog:DeletePortfolioShare",
        "servicecatalog:DescribePortfolioShareStatus",
        "servicecatalog:UpdatePortfolioShare",
    ]


def test_the_functions_code_stands_in_the_template(template) -> None:
    (function,) = template.find_resources("AWS::Lambda::Function").values()
    code = function["Properties"]["Code"]["ZipFile"]
    compile(code, "index.py", "exec")
    assert "pavedroad_platform" not in code


def test_packs_find_nothing(stack, template, pack_findings) -> None:
    assert pack_findings(stack) == []
