"""Shares portfolios with organizational units; CloudFormation's own type shares with single accounts only."""

from collections.abc import Sequence
from pathlib import Path

from aws_cdk import Aws, CustomResource, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_servicecatalog as servicecatalog
from constructs import Construct

from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.roles import ManagedPolicyRole

_HANDLER = Path(__file__).with_name("portfolio_share_handler.py")
_LONGEST = Duration.minutes(15)


class PortfolioShares(Construct):
    """Shares portfolios with organizational units, their principals and tag options included.

    Service Catalog itself carries a share to every account of an organizational unit, also to those that join later.
    The
    account must be a delegated administrator of Service Catalog, which also lets it read the organizational units.

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
        log_group = encrypted_log_group(self, "LogGroup", encryption_key=encryption_key)
        self._role = ManagedPolicyRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description="Shares the portfolios of the catalogue with organizational units.",
        )
        log_group.grant_write(self._role)
        self._allow()
        self.function = lambda_.Function(
            self,
            "Resource",
            description="Shares the portfolios of the catalogue with organizational units.",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_inline(_HANDLER.read_text()),
            memory_size=256,
            timeout=_LONGEST,
            role=self._role,
            log_group=log_group,
        )
        self._acknowledge()

    def share(self, portfolio: servicecatalog.Portfolio, construct_id: str, *, path: Sequence[str]) -> CustomResource:
        """Share ``portfolio`` with an organizational unit, its principals and tag options included.

        Args:
            portfolio: The portfolio.
            construct_id: The id of the share, unique among the portfolio's children.
            path: The names of the organizational units from the root down. Empty: the whole organisation.
        """
        resource = CustomResource(
            portfolio,
            construct_id,
            resource_type="Custom::PortfolioShare",
            service_token=self.function.function_arn,
            service_timeout=_LONGEST,
            properties={
                "PortfolioId": portfolio.portfolio_id,
                "OrganizationId": self._organization_id,
                "RootId": self._root_id,
                "Path": list(path),
            },
        )
        # The function's permissions must stand when it is called, and until the share is gone.
        resource.node.add_dependency(self._role)
        return resource

    def _allow(self) -> None:
        self._role.add_to_policy(
            iam.PolicyStatement(
                actions=[
                    "servicecatalog:CreatePortfolioShare",
                    "servicecatalog:DeletePortfolioShare",
                    "servicecatalog:DescribePortfolioShareStatus",
                    "servicecatalog:UpdatePortfolioShare",
                    "organizations:DescribeOrganization",
                ],
                resources=["*"],
            )
        )
        self._role.add_to_policy(
            iam.PolicyStatement(
                actions=["organizations:ListOrganizationalUnitsForParent"],
                resources=[
                    f"arn:{Aws.PARTITION}:organizations::*:{kind}/{self._organization_id}/*" for kind in ("ou", "root")
                ],
            )
        )

    def _acknowledge(self) -> None:
        policy = self._role.policy
        assert policy is not None, "the role has statements"
        kinds = [f"arn:<AWS::Partition>:organizations::*:{kind}/{self._organization_id}/*" for kind in ("ou", "root")]
        acknowledge(
            policy,
            "AwsSolutions-IAM5[Resource::*]",
            "The actions of Service Catalog on portfolio shares and DescribeOrganization take no resource in IAM.",
        )
        for resource in kinds:
            acknowledge(
                policy,
                f"AwsSolutions-IAM5[Resource::{resource}]",
                "Lists the names of the organisation's units, whose ids are found in doing so; the list is read-only.",
            )
        for finding, reason in (
            (
                "NIST.800.53.R5-LambdaConcurrency",
                "It runs when the stack changes only; a reservation would take concurrency from all else here.",
            ),
            (
                "NIST.800.53.R5-LambdaDLQ",
                "CloudFormation waits for its answer and fails the deployment without one; nothing is lost unseen.",
            ),
            (
                "NIST.800.53.R5-LambdaInsideVPC",
                "It calls the public endpoints of Service Catalog and Organizations and reaches nothing in a network.",
            ),
        ):
            acknowledge(self.function, finding, reason)
