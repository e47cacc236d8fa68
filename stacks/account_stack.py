"""What every stack of the landing zone has."""

from aws_cdk import Environment, Stack
from constructs import Construct

from pavedroad.version_stamp import STAMP_CONTEXT
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Account
from stacks.gateway_roles import GatewayRoles


class AccountStack(Stack):
    """The landing zone's stack of one account: in the home region, tagged, protected, with the roles from the gateway.

    Args:
        scope: The app.
        construct_id: The stack's name.
        organization: The configuration.
        account: The account that the stack is deployed to.
        description: What CloudFormation shows beside the stack.

    Attributes:
        gateway_roles: The roles that people take from the gateway.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, organization: Organization, account: Account, description: str
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            env=Environment(account=account.id, region=organization.home_region),
            description=description,
            termination_protection=True,
        )
        # Stamps tell which teams use the library in apps of their own; this is the platform's.
        self.node.set_context(STAMP_CONTEXT, value=False)
        organization.tags_for(account).apply(self)
        self.gateway_roles = GatewayRoles(self, "GatewayRoles", organization=organization, account=account)
