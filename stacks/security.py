"""The audit account: where findings about all accounts come together."""

from aws_cdk import aws_accessanalyzer as accessanalyzer
from aws_cdk import aws_config as config
from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Purpose
from stacks.account_stack import AccountStack
from stacks.adoption_access import AdoptionAccess

_ORGANIZATION_POLICY = "service-role/AWSConfigRoleForOrganizations"


class SecurityStack(AccountStack):
    """IAM Access Analyzer and the aggregator of AWS Config for the whole organisation, and the roles of auditors.

    The audit account is the delegated administrator of both.

    Args:
        scope: The app.
        construct_id: The stack's name.
        organization: The configuration.

    Attributes:
        analyzer: Finds resources of any account that somebody outside the organisation can reach.
        aggregator: Has what AWS Config recorded, of every account and region.

    Controls: IAM.28, NIST AC-3, CA-7, CM-8.
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization) -> None:
        super().__init__(
            scope,
            construct_id,
            organization=organization,
            account=organization.account_with_purpose(Purpose.AUDIT),
            description="Findings about all accounts: what can be reached from outside the organisation",
        )
        self.analyzer = accessanalyzer.CfnAnalyzer(
            self,
            "ExternalAccess",
            analyzer_name=organization.names.stack("external-access"),
            type="ORGANIZATION",
        )
        self.aggregator = self._aggregator(organization.names.configuration_aggregator)
        AdoptionAccess(
            self,
            "Adoption",
            organization=organization,
            statements=[
                iam.PolicyStatement(
                    actions=["config:SelectAggregateResourceConfig"],
                    resources=[self.aggregator.attr_configuration_aggregator_arn],
                )
            ],
        )

    def _aggregator(self, name: str) -> config.CfnConfigurationAggregator:
        """Source: https://docs.aws.amazon.com/config/latest/developerguide/set-up-aggregator-cli.html."""
        role = iam.Role(
            self,
            "AggregatorRole",
            assumed_by=iam.ServicePrincipal(
                "config.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": self.account}}
            ),
            description="The aggregator of AWS Config: sees which accounts the organisation has",
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(_ORGANIZATION_POLICY)],
        )
        acknowledge(
            role,
            f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{_ORGANIZATION_POLICY}]",
            "AWS maintains it for this purpose: it lists the accounts and delegated administrators, and no more.",
        )
        return config.CfnConfigurationAggregator(
            self,
            "Aggregator",
            configuration_aggregator_name=name,
            organization_aggregation_source=config.CfnConfigurationAggregator.OrganizationAggregationSourceProperty(
                role_arn=role.role_arn, all_aws_regions=True
            ),
        )
