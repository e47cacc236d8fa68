"""Shares portfolios with organizational units and accounts of the organisation.

CloudFormation's own type shares with single accounts only, each of which would have to accept the portfolio by hand and
would get none of its principals.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Aws, CustomResource
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge
from pavedroad_platform import custom_resources
from pavedroad_platform.custom_resources.handler_function import LONGEST, HandlerFunction

_HANDLER = Path(custom_resources.__path__[0]) / "portfolio_share_handler.py"


class PortfolioShares(Construct):
    """Shares portfolios with organizational units and accounts, their principals and tag options included.

    Service Catalog itself carries a share to every account of an organizational unit, also to those that join later.
    The account
    must be a delegated administrator of Service Catalog, which also lets it read the organizational units.

    Args:
        scope: The parent construct, in the catalogue's account.
        construct_id: The id, unique among the parent's children.
        encryption_key: Encrypts the function's log.
        organization_id: The organisation's id, such as ``o-exampleorgid``.
        root_id: The id of its root, such as ``r-exam``.

    Attributes:
        function: The function behind the custom resources.

    Source: https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreatePortfolioShare.html

    Example:
        >>> shares = PortfolioShares(
        ...     stack, "Shares", encryption_key=key, organization_id="o-exampleorgid", root_id="r-exam"
        ... )
        >>> shares.share(portfolio, "WithWorkloads", path=["Workloads"])
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        encryption_key: kms.IKey,
        organization_id: str,
        root_id: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self._organization_id = organization_id
        self._root_id = root_id
        self._units = [f"arn:{Aws.PARTITION}:organizations::*:{kind}/{organization_id}/*" for kind in ("ou", "root")]
        self.function = HandlerFunction(
            self,
            "Function",
            handler=_HANDLER,
            description="Shares the portfolios of the catalogue with organizational units and accounts",
            encryption_key=encryption_key,
            statements=self._statements(),
        )
        self._acknowledge()

    def share(self, portfolio: servicecatalog.Portfolio, construct_id: str, *, path: Sequence[str]) -> CustomResource:
        """Share ``portfolio`` with an organizational unit, its principals and tag options included.

        Args:
            portfolio: The portfolio.
            construct_id: The id of the share, unique among the portfolio's children.
            path: The names of the organizational units from the root down. Empty: the whole organisation.
        """
        node = {"OrganizationId": self._organization_id, "RootId": self._root_id, "Path": list(path)}
        return self._share(portfolio, construct_id, node)

    def share_with_account(
        self, portfolio: servicecatalog.Portfolio, construct_id: str, *, account_id: str
    ) -> CustomResource:
        """Share ``portfolio`` with an account of the organisation, its principals and tag options included.

        Args:
            portfolio: The portfolio.
            construct_id: The id of the share, unique among the portfolio's children.
            account_id: The account; it need not accept.
        """
        return self._share(portfolio, construct_id, {"AccountId": account_id})

    def _share(
        self, portfolio: servicecatalog.Portfolio, construct_id: str, node: Mapping[str, object]
    ) -> CustomResource:
        resource = CustomResource(
            portfolio,
            construct_id,
            resource_type="Custom::PortfolioShare",
            service_token=self.function.function.function_arn,
            service_timeout=LONGEST,
            properties={"PortfolioId": portfolio.portfolio_id, **node},
        )
        # The function's permissions must stand when it is called, and until the share is gone.
        resource.node.add_dependency(self.function.role)
        return resource

    def _statements(self) -> list[iam.PolicyStatement]:
        return [
            iam.PolicyStatement(
                actions=[
                    "servicecatalog:CreatePortfolioShare",
                    "servicecatalog:DeletePortfolioShare",
                    "servicecatalog:DescribePortfolioShareStatus",
                    "servicecatalog:UpdatePortfolioShare",
                    "organizations:DescribeOrganization",
                ],
                resources=["*"],
            ),
            iam.PolicyStatement(actions=["organizations:ListOrganizationalUnitsForParent"], resources=self._units),
        ]

    def _acknowledge(self) -> None:
        for finding in ("AwsSolutions-IAM5[Resource::*]", "parliament::RESOURCE_STAR", "checkov::CKV_AWS_109"):
            acknowledge(
                self.function.role,
                finding,
                "The actions of Service Catalog on portfolio shares and DescribeOrganization take no resource in IAM.",
            )
        for arn in self._units:
            acknowledge(
                self.function.role,
                f"AwsSolutions-IAM5[Resource::{arn.replace(Aws.PARTITION, '<AWS::Partition>')}]",
                "Lists the names of the organisation's units, whose ids are found in doing so; the list is read-only.",
            )
