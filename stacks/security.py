"""The audit account: where findings about all accounts come together."""

from aws_cdk import aws_accessanalyzer as accessanalyzer
from constructs import Construct

from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Purpose
from stacks.account_stack import AccountStack


class SecurityStack(AccountStack):
    """IAM Access Analyzer for the whole organisation, and the roles of auditors.

    The audit account is the delegated administrator of Access Analyzer.

    Args:
        scope: The app.
        construct_id: The stack's name.
        organization: The configuration.

    Attributes:
        analyzer: Finds resources of any account that somebody outside the organisation can reach.

    Controls: IAM.28, NIST AC-3, CA-7.
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
