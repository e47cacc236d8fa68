"""The catalogue: products, the portfolios that offer them, and who may launch them where."""

from collections.abc import Mapping, Sequence

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_servicecatalog as servicecatalog
from constructs import Construct

from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.launch_roles import LaunchRoles
from pavedroad_platform.catalog.permissions_boundary import PermissionsBoundary
from pavedroad_platform.catalog.portfolio_budgets import PortfolioBudgets
from pavedroad_platform.catalog.portfolio_shares import PortfolioShares
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import ROOT, Account, Budget, Portfolio, Purpose
from stacks.account_stack import AccountStack
from stacks.adoption_report import AdoptionReport
from stacks.budgets import Budgets, monthly_budget
from stacks.upgrade_announcements import UpgradeAnnouncements


class CatalogStack(AccountStack):
    """Every product of ``catalog.yaml`` in each version that is offered, and its portfolios, shared with
    organizational units and accounts, with their budgets.

    Versions are published from their frozen templates. What a product would be released as now is no part of the app:
    ``pavedroad check`` renders and judges it, and holds the newest release to it.

    Args:
        scope: The app.
        construct_id: The stack's name.
        organization: The configuration.
        account: The account that the catalogue stands in. Left out: the shared services account.
        launched_by: Names of the roles that launch in this account alone. Left out: the portfolios are shared as
            ``catalog.yaml`` says, with the principals that it names.

    Attributes:
        products: The products by key.
        portfolios: The portfolios by key.

    Raises:
        PlatformError: A product is unknown, has no release, or belongs to an unknown team.

    Source: https://docs.aws.amazon.com/servicecatalog/latest/adminguide/catalogs_portfolios_sharing.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        organization: Organization,
        account: Account | None = None,
        launched_by: Sequence[str] = (),
    ) -> None:
        account = account or organization.account_with_purpose(Purpose.SHARED_SERVICES)
        super().__init__(
            scope,
            construct_id,
            organization=organization,
            account=account,
            description=f"The catalogue: products, portfolios and their {'proof' if launched_by else 'sharing'}",
        )
        self._organization = organization
        self._launched_by = launched_by
        if not launched_by:
            key = rotated_key(self, "Key", description="Encrypts the log of sharing portfolios")
            self._shares = PortfolioShares(
                self,
                "Shares",
                encryption_key=key,
                organization_id=organization.id,
                root_id=organization.root_id,
            )
            if any(budget.portfolio for budget in organization.budgets.values()):
                self._portfolio_budgets = PortfolioBudgets(self, "PortfolioBudgets", encryption_key=key)
        self._launch_roles = self._own_launch_roles() if launched_by else self._launch_roles_by_name()
        self._tag_options: dict[tuple[str, str], servicecatalog.TagOptions] = {}
        self.products = {key: self._product(key) for key in organization.catalog.products}
        self.portfolios = {
            key: self._portfolio(portfolio) for key, portfolio in organization.catalog.portfolios.items()
        }
        if not launched_by:
            AdoptionReport(self, "AdoptionReport", organization=organization)
            UpgradeAnnouncements(self, "UpgradeAnnouncements", organization=organization)
        Budgets(self, "Budgets", organization=organization, account=account)

    def _own_launch_roles(self) -> Mapping[str, iam.IRole]:
        """The roles of the versions as they are now: what is proved is not carried to other accounts yet."""
        boundary = PermissionsBoundary(self, "PermissionsBoundary", names=self._organization.names)
        return LaunchRoles(
            self,
            "LaunchRoles",
            products=self._organization.catalog.products,
            names=self._organization.names,
            permissions_boundary=boundary.policy,
        ).roles

    def _launch_roles_by_name(self) -> Mapping[str, iam.IRole]:
        """Each account that launches has its own, which the organization stack carries there."""
        return {
            key: iam.Role.from_role_name(self, f"LaunchRole-{key}", self._organization.names.launch_role(key))
            for key in self._organization.catalog.products
        }

    def _product(self, key: str) -> servicecatalog.CloudFormationProduct:
        product, releases = products.load(key), Releases(key)
        owner = self._organization.teams.get(product.owner)
        problems = []
        if owner is None:
            problems.append(
                Problem(
                    cause=f"The product {key} belongs to the team {product.owner!r}, which there is not.",
                    fix=f"Name one of {', '.join(self._organization.teams)} as its owner, or add it to teams.yaml.",
                )
            )
        if not releases.offered:
            problems.append(
                Problem(
                    cause=f"The product {key} has no version that may be launched.",
                    fix="Freeze one with 'pavedroad catalog freeze', or take the product out of catalog.yaml.",
                )
            )
        if problems or owner is None:
            raise PlatformError(*problems)
        return servicecatalog.CloudFormationProduct(
            self,
            f"Product-{key}",
            product_name=key,
            description=product.summary,
            owner=owner.name,
            support_email=owner.email,
            support_description=f"Documentation: {product.documentation}",
            product_versions=[
                servicecatalog.CloudFormationProductVersion(
                    product_version_name=version,
                    cloud_formation_template=servicecatalog.CloudFormationTemplate.from_asset(
                        str(releases.path(version))
                    ),
                )
                for version in releases.offered
            ],
        )

    def _portfolio(self, configured: Portfolio) -> servicecatalog.Portfolio:
        portfolio = servicecatalog.Portfolio(
            self,
            f"Portfolio-{configured.key}",
            display_name=configured.name,
            description=configured.description,
            provider_name=configured.provider,
        )
        for key in configured.products:
            portfolio.add_product(self.products[key])
            portfolio.set_local_launch_role(self.products[key], self._launch_roles[key])
        for tag, values in configured.tag_options.items():
            for value in values:
                portfolio.associate_tag_options(self._tag_option(tag, value))
        for principal in self._launched_by or configured.principals:
            self._admit(portfolio, principal)
        if not self._launched_by:
            self._offer(portfolio, configured)
        return portfolio

    def _offer(self, portfolio: servicecatalog.Portfolio, configured: Portfolio) -> None:
        """Share with whom it is configured for, and give it its budget."""
        for permission_set in configured.permission_sets:
            self._admit(portfolio, self._organization.names.permission_set_role(permission_set))
        for target in configured.shared_with:
            self._share(portfolio, target)
        if budget := self._organization.budget_of(configured):
            self._give_budget(portfolio, budget)

    def _share(self, portfolio: servicecatalog.Portfolio, target: str) -> None:
        """Share with the organizational unit or account of that key."""
        if account := self._organization.accounts.get(target):
            self._shares.share_with_account(portfolio, f"With-{target}", account_id=account.id)
        else:
            self._shares.share(portfolio, f"With-{target}", path=self._path(target))

    def _give_budget(self, portfolio: servicecatalog.Portfolio, budget: Budget) -> None:
        """Let a budget count what is launched from the portfolio: Service Catalog tags it, and all that is in it."""
        arn = f"arn:{Aws.PARTITION}:catalog:{self.region}:{self.account}:portfolio/{portfolio.portfolio_id}"
        made = monthly_budget(
            portfolio,
            budget,
            organization=self._organization,
            cost_filters={"TagKeyValue": [f"aws:servicecatalog:portfolioArn${arn}"]},
            billing_view_arn=self._organization.billing_view_arn,
        )
        self._portfolio_budgets.associate(portfolio, "Budget", budget_name=made.ref)

    def _tag_option(self, key: str, value: str) -> servicecatalog.TagOptions:
        """The tag option, made once: Service Catalog refuses a second one with the same key and value."""
        if (key, value) not in self._tag_options:
            self._tag_options[key, value] = servicecatalog.TagOptions(
                self, f"TagOption-{key}-{value}", allowed_values_for_tags={key: [value]}
            )
        return self._tag_options[key, value]

    def _admit(self, portfolio: servicecatalog.Portfolio, principal: str) -> None:
        """Let roles of this path and name launch, in this account and in all that the portfolio is shared with."""
        servicecatalog.CfnPortfolioPrincipalAssociation(
            portfolio,
            f"Principal-{principal}",
            portfolio_id=portfolio.portfolio_id,
            principal_arn=f"arn:{Aws.PARTITION}:iam:::role/{principal}",
            principal_type="IAM_PATTERN",
        )

    def _path(self, unit: str) -> list[str]:
        """The names of the organizational units from the root down to ``unit``."""
        if unit == ROOT:
            return []
        configured = self._organization.organizational_units[unit]
        return [*self._path(configured.parent), configured.name]
