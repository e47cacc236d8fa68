"""Shows budgets beside portfolios; CloudFormation has no type for the association."""

from pathlib import Path

from aws_cdk import CustomResource
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge
from pavedroad_platform import custom_resources
from pavedroad_platform.custom_resources.handler_function import LONGEST, HandlerFunction

_HANDLER = Path(custom_resources.__path__[0]) / "portfolio_budget_handler.py"


class PortfolioBudgets(Construct):
    """Associates budgets with portfolios: the console shows what was spent and forecast beside the portfolio.

    Args:
        scope: The parent construct, in the catalogue's account, where the budgets stand too.
        construct_id: The id, unique among the parent's children.
        encryption_key: Encrypts the function's log.

    Attributes:
        function: The function behind the custom resources.

    Source: https://docs.aws.amazon.com/servicecatalog/latest/dg/API_AssociateBudgetWithResource.html

    Example:
        >>> budgets = PortfolioBudgets(stack, "PortfolioBudgets", encryption_key=key)
        >>> budgets.associate(portfolio, "Budget", budget_name=budget.ref)
    """

    def __init__(self, scope: Construct, construct_id: str, *, encryption_key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.function = HandlerFunction(
            self,
            "Function",
            handler=_HANDLER,
            description="Associates budgets with the portfolios of the catalogue",
            encryption_key=encryption_key,
            statements=[
                iam.PolicyStatement(
                    actions=[
                        "servicecatalog:AssociateBudgetWithResource",
                        "servicecatalog:DisassociateBudgetFromResource",
                        "servicecatalog:ListBudgetsForResource",
                    ],
                    resources=["*"],
                )
            ],
        )
        for finding in ("AwsSolutions-IAM5[Resource::*]", "parliament::RESOURCE_STAR"):
            acknowledge(
                self.function.role, finding, "The actions of Service Catalog on budgets take no resource in IAM."
            )

    def associate(self, portfolio: servicecatalog.Portfolio, construct_id: str, *, budget_name: str) -> CustomResource:
        """Associate a budget with ``portfolio``, which has no other then.

        Args:
            portfolio: The portfolio.
            construct_id: The id of the association, unique among the portfolio's children.
            budget_name: The budget's name, in the portfolio's account.
        """
        resource = CustomResource(
            portfolio,
            construct_id,
            resource_type="Custom::PortfolioBudget",
            service_token=self.function.function.function_arn,
            service_timeout=LONGEST,
            properties={"PortfolioId": portfolio.portfolio_id, "BudgetName": budget_name},
        )
        # The function's permissions must stand when it is called, and until the association is gone.
        resource.node.add_dependency(self.function.role)
        return resource
